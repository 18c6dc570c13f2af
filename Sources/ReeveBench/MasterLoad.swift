import ReeveCore
import ReeveModel

/// A master with 40 racks that start what they get at once and end it with their next report.
struct MasterLoad {
  private(set) var deciding = Stopwatch()
  private(set) var ended = 0
  private var unfinished = 0

  private static let racks = 40

  private var core = MasterCore()
  private var racks = (0..<Self.racks).map { FakeRack(number: $0) }
  private var effects: [MasterEffect] = []
  private var now: Int64 = 0
  private var submitted = 0
  /// What each turn decided, if somebody wants it.
  var facts: [Fact]?

  /// - Throws: where the racks stand still before all has ended.
  mutating func run(jobs: Int) throws {
    begin()
    submit(jobs: jobs, tasksPerJob: 100_000)
    try finish()
  }

  /// Jobs of so many tasks, a turn each.
  mutating func submit(jobs: Int, tasksPerJob: Int) {
    let specs = (0..<jobs).map { _ in
      submitted += 1
      var spec = JobSpec.trues(tasksPerJob)
      spec.id = JobID("job-\(submitted)")
      return spec
    }
    for spec in specs { turn(.submitted(RequestNumber(1), spec)) }
    unfinished += jobs * tasksPerJob
  }

  /// Runs all that has been submitted to its end.
  /// - Throws: where the racks stand still before that.
  mutating func finish() throws {
    while unfinished > 0 {
      let before = ended
      for i in racks.indices {
        turn(.rackReported(racks[i].session, racks[i].report(at: Now.turn(now).wall)))
      }
      unfinished -= ended - before
      if ended == before, racks.allSatisfy(\.isIdle) {
        throw Refusal(.unavailable, "The racks stand still after \(ended) tasks.")
      }
    }
  }

  /// The racks go: from then on nothing is assigned.
  mutating func disconnect() {
    for rack in racks { turn(.rackDisconnected(rack.session)) }
  }

  /// The racks come. Not counted.
  mutating func begin() {
    turn(.leading(Term(1)))
    for i in racks.indices {
      turn(.rackConnected(racks[i].session, racks[i].hello))
      turn(.nodeLocated(RequestNumber(UInt64(i)), node: "node-\(i)", rack: racks[i].hello.rack))
      turn(.rackStated(racks[i].session, racks[i].report(at: .none)))
    }
    deciding = Stopwatch()
    ended = 0
  }

  private mutating func turn(_ event: MasterEvent) {
    now += 1
    deciding.during {
      core.handle(event, at: .turn(now), into: &effects)
      core.decide(at: .turn(now), into: &effects)
    }
    for effect in effects {
      switch effect {
      case .order(let session, let orders): racks[Int(session.rawValue) - 1].obey(orders)
      case .record(let fact):
        if case .ended(let ends) = fact { ended += ends.count }
        facts?.append(fact)
      default: break
      }
    }
    effects.removeAll(keepingCapacity: true)
  }
}

/// Keeps honest books about what it was sent.
private struct FakeRack {
  let session: SessionNumber
  let hello: RackHello
  private let node: NodeNumber
  private let total = Resources(cpuMillis: 1_000_000, memory: 1 << 40, disk: 1 << 40)
  private var free: Resources
  private var need = TaskTemplate.defaultResources
  private var shapes: [NumberedShape] = []
  private var waiting: [TaskAttempt] = []
  private var running: [TaskAttempt] = []
  private var countedIn: UInt64 = 0

  init(number: Int) {
    session = SessionNumber(UInt64(number) + 1)
    hello = RackHello(rack: "rack-\(number)", address: "127.0.0.1:1", incarnation: UInt64(number) + 1)
    node = NodeNumber(UInt32(number) + 1)
    free = total
  }

  var isIdle: Bool { waiting.isEmpty && running.isEmpty }

  mutating func obey(_ orders: RackOrders) {
    shapes = orders.shapes ?? shapes
    countedIn = max(countedIn, orders.batch)
    waiting += orders.launches.launches.map { TaskAttempt(attempt: $0.attempt, task: $0.task) }
  }

  /// What ran has ended, and what finds room has started.
  mutating func report(at time: WallTime) -> RackReport {
    var report = RackReport()
    report.countedIn = countedIn
    report.ends = running.map {
      TaskEnd(attempt: $0.attempt, task: $0.task, node: node, started: time, ended: time)
    }
    free += need * running.count
    running = Array(waiting.prefix(need.count(in: free)))
    waiting.removeFirst(running.count)
    free -= need * running.count
    report.started = running.map {
      TaskStart(attempt: $0.attempt, task: $0.task, node: node, started: time)
    }
    report.offer = RackOffer(total: total, free: free, fits: fits, largest: [total])
    return report
  }

  private var fits: [RackOffer.ShapeFit] {
    shapes.map { shape in
      let resources = shape.shape.resources
      let count = resources == need ? waiting.count : 0
      return RackOffer.ShapeFit(shape: shape.number, fits: resources.count(in: free), waiting: count)
    }
  }
}
