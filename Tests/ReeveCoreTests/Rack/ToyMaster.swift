import ReeveCore
import ReeveModel
import ReeveTestSupport

/// The least master that keeps the protocol: it wants each task to end once, and gives it a new attempt only when the old
/// one is over by the rack's word.
struct ToyMaster {
  /// The current attempt of each task that has not ended.
  private(set) var current: [TaskNumber: AttemptID] = [:]
  private(set) var ended: [TaskNumber: TaskEnd] = [:]
  private(set) var lastStatement: RackReport?
  private(set) var lost = 0
  private(set) var returned = 0
  private var assigned: UInt64 = 0
  private var batch: UInt64 = 0
  private let tasks: Int
  private var orders = RackOrders()

  init(tasks: Int) { self.tasks = tasks }

  var isDone: Bool { ended.count == tasks }

  /// Templates of one, two and three cores; the last has a time limit.
  static let templates = (1...3).map { n in
    TaskTemplate.needing(.cores(n), timeLimit: n == 3 ? .seconds(20) : nil).numbered(
      TemplateNumber(UInt32(n))
    )
  }

  /// What is to be sent after a statement: everything that it lacks under a new name, and kills of what is over.
  mutating func heard(statement: RackReport) -> RackOrders {
    orders = RackOrders()
    lastStatement = statement
    batch = 0
    for template in Self.templates { orders.launches.carry(template) }
    orders.shapes = RackOrders.ask([.cores(1), .cores(2), .cores(3)]).shapes
    let there = Set(statement.waiting.map(\.attempt) + statement.started.map(\.attempt))
    take(statement)
    for task in (1...UInt64(tasks)).map({ TaskNumber($0) }) where ended[task] == nil {
      if let attempt = current[task], there.contains(attempt) { continue }
      assign(task)
    }
    for name in statement.waiting where current[name.task] != name.attempt { kill(name.attempt) }
    return takeOrders()
  }

  mutating func heard(report: RackReport) -> RackOrders {
    orders = RackOrders()
    take(report)
    return takeOrders()
  }

  func recall() -> RackOrders { .recall(3, of: 1) }

  private mutating func take(_ report: RackReport) {
    for start in report.started where current[start.task] != start.attempt { kill(start.attempt) }
    for end in report.ends {
      orders.acknowledged.append(end.attempt)
      guard current[end.task] == end.attempt else { continue }
      current[end.task] = nil
      if end.reason == .cancelled { assign(end.task) } else { ended[end.task] = end }
    }
    for name in report.returned where current[name.task] == name.attempt {
      returned += 1
      assign(name.task)
    }
    for name in report.lost.map(\.name) where current[name.task] == name.attempt {
      lost += 1
      assign(name.task)
    }
  }

  private mutating func kill(_ attempt: AttemptID) {
    orders.kills.append(KillOrder(attempt: attempt, reason: .cancelled))
  }

  private mutating func assign(_ task: TaskNumber) {
    assigned += 1
    let attempt = AttemptID(assigned)
    current[task] = attempt
    orders.launches.launches.append(
      LaunchBatch.Launch(
        attempt: attempt,
        task: task,
        template: TemplateNumber(UInt32(task.rawValue % 3 + 1))
      )
    )
    orders.launches.names.append("\(task)")
    orders.launches.arguments.append([])
  }

  private mutating func takeOrders() -> RackOrders {
    if !orders.launches.isEmpty {
      batch += 1
      orders.batch = batch
    }
    return orders
  }
}
