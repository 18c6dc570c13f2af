import ReeveCore
import ReeveModel

/// The deciders alone, in this process: what they cost when nothing else does.
struct CoresScenario: Scenario {
  let name = "cores"
  let summary =
    "placements of a rack's core and life cycles of tasks in the master's, in this process: per second"

  @concurrent func run(_ setting: BenchSetting, report: @Sendable (Figure) -> Void) async throws {
    let racks = (0..<setting.repeats).map { _ in
      var load = RackLoad()
      load.run(cycles: 200)
      return load
    }
    let placements = Samples(racks.map { Double($0.tasks) / $0.placing.time.seconds })
    report(Figure("cores.rack_placements_per_second", placements.median, "1/s"))
    let cycles = Samples(racks.map { Double($0.tasks) / ($0.placing.time + $0.ending.time).seconds })
    report(Figure("cores.rack_cycles_per_second", cycles.median, "1/s"))
    var rates: [Double] = []
    for _ in 0..<setting.repeats {
      var load = MasterLoad()
      try load.run(jobs: 10)
      rates.append(Double(load.ended) / load.deciding.time.seconds)
    }
    report(Figure("cores.master_cycles_per_second", Samples(rates).median, "1/s"))
    report(Figure("cores.master_cycles_per_second_min", Samples(rates).least, "1/s"))
  }
}

/// Time that is counted only while something is done.
struct Stopwatch: Sendable {
  private(set) var time = Duration.zero

  mutating func during<R>(_ body: () -> R) -> R {
    let start = ContinuousClock.now
    defer { time += ContinuousClock.now - start }
    return body()
  }
}

extension Now {
  /// So many milliseconds after some beginning.
  static func turn(_ n: Int64) -> Now {
    Now(boot: Instant(microseconds: n * 1_000), wall: WallTime(microseconds: 1_000_000_000 + n * 1_000))
  }
}

/// A rack of 40 nodes that are filled, run what they got, and end it.
struct RackLoad {
  private(set) var placing = Stopwatch()
  private(set) var ending = Stopwatch()
  private(set) var tasks = 0

  private static let nodes: UInt32 = 40
  private static let cores: Int64 = 64
  private static let batch = 512
  private static let master = SessionNumber(1)

  private var core = RackCore()
  private var effects: [RackEffect] = []
  private var now: Int64 = 0
  private var lastBatch: UInt64 = 0
  private var lastTask: UInt64 = 0
  private let template = TaskTemplate(command: ["true"])

  init() {
    let generation = Generation(term: Term(1), number: 1)
    let roster = (1...Self.nodes).map { RosterNode(number: NodeNumber($0), name: "n-\($0)") }
    let assignment = RackAssignment(
      rack: RackNumber(1),
      name: "r",
      term: generation.term,
      generation: generation,
      roster: roster
    )
    core.handle(.masterConnected(Self.master, assignment), at: .turn(0), into: &effects)
    for node in roster {
      let statement = NodeStatement(
        node: node.number,
        name: node.name,
        incarnation: 1,
        address: "\(node.name):1",
        total: Resources(cpuMillis: Self.cores * 1_000, memory: 1 << 40, disk: 1 << 40)
      )
      core.handle(.nodeConnected(session(of: node.number), statement), at: .turn(0), into: &effects)
    }
    core.decide(at: .turn(0), into: &effects)
    effects = []
  }

  private func session(of node: NodeNumber) -> SessionNumber { SessionNumber(UInt64(node.rawValue) + 1) }

  mutating func run(cycles: Int) {
    for _ in 0..<cycles {
      var placed: [(NodeNumber, NodeOrders)] = []
      for _ in 0..<Int(Self.cores) * Int(Self.nodes) / Self.batch { placed += place(nextBatch()) }
      end(placed)
    }
  }

  private mutating func place(_ orders: RackOrders) -> [(NodeNumber, NodeOrders)] {
    now += 1
    placing.during {
      core.handle(.masterOrdered(Self.master, orders), at: .turn(now), into: &effects)
      core.decide(at: .turn(now), into: &effects)
    }
    defer { effects.removeAll(keepingCapacity: true) }
    return effects.compactMap { effect in
      if case .order(_, let node, let orders) = effect { (node, orders) } else { nil }
    }
  }

  private mutating func nextBatch() -> RackOrders {
    var orders = RackOrders()
    lastBatch += 1
    orders.batch = lastBatch
    let number = TemplateNumber(0)
    if lastBatch == 1 {
      orders.shapes = [NumberedShape(number: ShapeNumber(0), shape: template.shape)]
      orders.launches.carry(NumberedTemplate(number: number, job: JobID("job"), template: template))
    }
    for _ in 0..<Self.batch {
      lastTask += 1
      orders.launches.launches.append(
        LaunchBatch.Launch(
          attempt: AttemptID(term: Term(1), number: lastTask),
          task: TaskNumber(lastTask),
          template: number
        )
      )
      orders.launches.names.append("t-\(lastTask)")
      orders.launches.arguments.append([])
    }
    return orders
  }

  /// Everything starts, ends and is acknowledged.
  private mutating func end(_ placed: [(NodeNumber, NodeOrders)]) {
    now += 1
    var acknowledgement = RackOrders()
    let events = placed.flatMap { node, orders -> [RackEvent] in
      let launches = orders.launches.launches
      let wall = Now.turn(now).wall
      var report = NodeReport()
      report.starts = launches.map {
        TaskStart(attempt: $0.attempt, task: $0.task, node: node, started: wall)
      }
      report.ends = launches.map {
        TaskEnd(attempt: $0.attempt, task: $0.task, node: node, started: wall, ended: wall)
      }
      acknowledgement.acknowledged += launches.map(\.attempt)
      return [.nodeReported(session(of: node), node, report)]
    }
    tasks += acknowledgement.acknowledged.count
    let acknowledged = RackEvent.masterOrdered(Self.master, acknowledgement)
    ending.during {
      for event in events + [acknowledged] { core.handle(event, at: .turn(now), into: &effects) }
      core.decide(at: .turn(now), into: &effects)
    }
    effects.removeAll(keepingCapacity: true)
  }
}
