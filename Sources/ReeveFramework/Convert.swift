import ReeveModel
import ReeveWire

// Public words and the house's own.

extension Resources {
  init(_ model: ReeveModel.Resources) {
    self.init(cpus: Double(model.cpuMillis) / 1_000, memory: model.memory, disk: model.disk)
  }
}

extension Resources {
  /// How many slices of this size such tasks take at least.
  func slices(of tasks: [Resources]) -> Int {
    func ratio(_ amount: (Resources) -> Double) -> Double {
      let size = amount(self)
      return size > 0 ? tasks.reduce(0) { $0 + amount($1) } / size : 0
    }
    let most = max(ratio(\.cpus), ratio { Double($0.memory) }, ratio { Double($0.disk) })
    return Int(min(most.rounded(.up), 1e9))
  }
}

extension ReeveModel.Resources {
  /// Rounded up to thousandths of a core; what is out of range is left to the master to refuse.
  init(_ amounts: Resources) {
    let millis = (amounts.cpus * 1_000).rounded(.up)
    self.init(
      cpuMillis: millis.isFinite ? Int64(max(-1, min(millis, 1e15))) : -1,
      memory: amounts.memory,
      disk: amounts.disk
    )
  }
}

extension Duration {
  /// Whole ones; a span beyond all bounds is the longest there is.
  var microseconds: Int64 {
    let (seconds, attoseconds) = components
    let (micros, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    return overflow ? Int64.max : micros + attoseconds / 1_000_000_000_000
  }
}

extension Offer {
  init(_ model: FrameworkOffer) {
    self.init(
      id: model.id.rawValue,
      key: model.key,
      shape: Resources(model.resources),
      count: model.count,
      rack: model.rack,
      node: model.node,
      expires: .microseconds(model.expires.microseconds)
    )
  }
}

extension TaskUpdate {
  init(_ model: ReeveModel.TaskUpdate) {
    self.init(
      task: model.task,
      state: State(model.state),
      reason: model.reason.code,
      status: model.status,
      node: model.node
    )
  }
}

extension TaskUpdate.State {
  fileprivate init(_ model: TaskState?) {
    self =
      switch model {
      case nil: .unknown
      case .blocked, .queued: .queued
      case .assigned: .assigned
      case .running: .running
      case .succeeded: .succeeded
      case .failed: .failed
      case .cancelled, .skipped: .cancelled
      }
  }
}

extension FrameworkError {
  init(_ refusal: Refusal) {
    self.init(code: refusal.code.rawValue, field: refusal.field, message: refusal.message)
  }
}

extension Reeve_V1_Demand {
  init(_ demands: [Demand]) {
    self.init()
    shapes = demands.filter { $0.count > 0 }.map { demand in
      Reeve_V1_ShapeDemand(
        ShapeDemand(
          key: demand.key,
          resources: ReeveModel.Resources(demand.shape),
          constraints: demand.constraints.map {
            AttributeConstraint($0.attribute, in: $0.values, isNegated: $0.isNegated)
          },
          count: demand.count,
          racks: demand.racks,
          wait: TimeSpan(microseconds: demand.wait.microseconds),
          isPinned: demand.pinned
        )
      )
    }
  }
}

extension JobSpec {
  /// Tasks that are alike but for their command share a template.
  init(_ tasks: [FrameworkTask], of framework: String, addition: String) {
    self.init(id: JobID(framework))
    self.addition = addition
    var places: [TaskTemplate: Int] = [:]
    for task in tasks {
      let template = TaskTemplate(task)
      let place = places[template] ?? templates.count
      if places.updateValue(place, forKey: template) == nil { templates.append(template) }
      append(name: task.id, template: place, arguments: task.command, after: [])
    }
  }
}

extension TaskTemplate {
  fileprivate init(_ task: FrameworkTask) {
    self.init(
      environment: task.environment.sorted { $0.key < $1.key }.map {
        Variable(name: $0.key, value: $0.value)
      },
      resources: ReeveModel.Resources(task.resources),
      timeLimit: task.timeLimit.map { TimeSpan(microseconds: $0.microseconds) },
      retry: RetryRule(limit: UInt16(clamping: task.retries), delay: .seconds(1))
    )
  }
}
