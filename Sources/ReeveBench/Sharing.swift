import ReeveCore
import ReeveModel
import ReeveSimulation

/// The allocator alone, in this process: many frameworks that want more than there is, on many racks.
struct SharingScenario: Scenario {
  let name = "sharing"
  let summary =
    "200 frameworks of 10 roles on 40 racks in the master's core: time a decision, and how fair it comes out"

  @concurrent func run(_ setting: BenchSetting, report: @Sendable (Figure) -> Void) async throws {
    var decisions: [Double] = []
    var fairness: [Double] = []
    for _ in 0..<setting.repeats {
      var load = SharingLoad()
      load.run(rounds: 200)
      decisions += load.decisions
      fairness += load.jainIndices
    }
    let samples = Samples(decisions)
    report(Figure("sharing.decision_p50", samples.median * 1e6, "us"))
    report(Figure("sharing.decision_p99", samples.percentile(99) * 1e6, "us"))
    report(Figure("sharing.jain_index_min", Samples(fairness).least, ""))
    // In virtual time: the same on every machine.
    var hoarded = HoardedCluster(workers: 3, taskTimes: .exponential(mean: .seconds(5)))
    hoarded.run(for: .seconds(120))
    report(Figure("sharing.hoarded_utilization", hoarded.utilization(after: .seconds(20)), ""))
  }
}

/// Frameworks that answer every offer with tasks, and racks that end the oldest of them.
struct SharingLoad {
  /// Seconds of each turn that gave something out, by what it gave out.
  private(set) var decisions: [Double] = []

  private static let racks = 40
  private static let frameworks = 200
  private static let roles = 10
  private static let rack = Resources(cpuMillis: 25 * 64_000, memory: 25 << 38, disk: 1 << 50)

  private var core = MasterCore()
  private var effects: [MasterEffect] = []
  private var now: Int64 = 0
  private var requests: UInt64 = 0
  private var accepts = 0
  /// Of each rack, the shapes that it was asked about, its last batch, and what it runs, the oldest first.
  private var asked = [[NumberedShape]](repeating: [], count: Self.racks)
  private var batches = [UInt64](repeating: 0, count: Self.racks)
  private var running = [[TaskAttempt]](repeating: [], count: Self.racks)
  private var offers: [(SessionNumber, FrameworkOffer)] = []

  private static func rackSession(_ rack: Int) -> SessionNumber { SessionNumber(UInt64(rack) + 1) }
  private static func session(_ framework: Int) -> SessionNumber { SessionNumber(UInt64(framework) + 1_000) }

  /// All of a role have tasks of one shape.
  private static func shape(_ framework: Int) -> Resources {
    let role = Int64(framework % roles)
    return Resources(cpuMillis: 1_000 * (1 + role % 4), memory: (1 + role) << 30)
  }

  /// - Parameter rounds: in each of them a rack ends some tasks, and what that frees is given out.
  mutating func run(rounds: Int) {
    begin()
    for rack in 0..<Self.racks { fill(rack) }
    decisions = []
    for round in 0..<rounds { end(100, on: round % Self.racks) }
  }

  private mutating func begin() {
    turn(.leading(Term(1)))
    for rack in 0..<Self.racks {
      let hello = RackHello(rack: "rack-\(rack)", address: "rack-\(rack)", incarnation: 1)
      turn(.rackConnected(Self.rackSession(rack), hello))
      turn(.nodeLocated(request(), node: "node-\(rack)", rack: hello.rack))
      turn(.rackStated(Self.rackSession(rack), RackReport()))
    }
    for framework in 0..<Self.frameworks {
      let info = FrameworkInfo(id: JobID("f-\(framework)"), role: "role-\(framework % Self.roles)")
      turn(.frameworkSubscribed(Self.session(framework), info))
      let demand = ShapeDemand(key: 1, resources: Self.shape(framework), count: 1_000_000)
      turn(.frameworkSaid(Self.session(framework), request(), .demand([demand])))
    }
  }

  private mutating func fill(_ rack: Int) {
    for _ in 0..<3 {
      report(on: rack, ending: [])
      answer()
    }
  }

  private mutating func end(_ count: Int, on rack: Int) {
    let ended = running[rack].prefix(count)
    running[rack].removeFirst(ended.count)
    report(on: rack, ending: Array(ended))
    answer()
  }

  private mutating func report(on rack: Int, ending ended: [TaskAttempt]) {
    var report = RackReport()
    report.countedIn = batches[rack]
    report.ends = ended.map {
      TaskEnd(attempt: $0.attempt, task: $0.task, node: NodeNumber(UInt32(rack) + 1))
    }
    let held = core.durable.roster.racks[rack].assigned - resources(of: ended)
    let free = Self.rack - held
    let fits = asked[rack].map {
      RackOffer.ShapeFit(shape: $0.number, fits: $0.shape.resources.count(in: free), waiting: 0)
    }
    report.offer = RackOffer(total: Self.rack, free: free, fits: fits, largest: [Self.rack])
    let before = offers.count
    let time = turn(.rackReported(Self.rackSession(rack), report))
    let slices = offers[before...].reduce(0) { $0 + $1.1.count }
    if slices > 0 { decisions.append(time / Double(slices)) }
  }

  private func resources(of ended: [TaskAttempt]) -> Resources {
    ended.reduce(.zero) { sum, name in
      guard let active = core.durable.active[name.task] else { return sum }
      return sum + core.durable.templates[active.template.index].resources
    }
  }

  private mutating func answer() {
    while !offers.isEmpty {
      let open = offers
      offers = []
      for (session, offer) in open {
        accepts += 1
        let framework = Int(session.rawValue) - 1_000
        var spec = JobSpec(id: JobID("f-\(framework)"))
        spec.addition = "a\(accepts)"
        spec.templates = [TaskTemplate(command: ["true"], resources: offer.resources)]
        spec.append(name: "t\(accepts)", template: 0, arguments: [], after: [])
        spec.arrays = [TaskArray(entry: 0, runs: [.init(first: 0, count: UInt32(offer.count))])]
        turn(.frameworkSaid(session, request(), .accept([offer.id], spec, hasRoom: true)))
      }
    }
  }

  private mutating func request() -> RequestNumber {
    requests += 1
    return RequestNumber(requests)
  }

  /// - Returns: how many seconds it took.
  @discardableResult private mutating func turn(_ event: MasterEvent) -> Double {
    now += 1
    effects.removeAll(keepingCapacity: true)
    var watch = Stopwatch()
    watch.during {
      core.handle(event, at: .turn(now), into: &effects)
      core.decide(at: .turn(now), into: &effects)
    }
    for effect in effects {
      switch effect {
      case .order(let session, let orders):
        let rack = Int(session.rawValue) - 1
        if let shapes = orders.shapes { asked[rack] = shapes }
        if orders.batch > 0 { batches[rack] = orders.batch }
        running[rack] += orders.launches.launches.map { TaskAttempt(attempt: $0.attempt, task: $0.task) }
      case .offered(let session, let made): offers += made.map { (session, $0) }
      default: break
      }
    }
    return watch.time.seconds
  }

  /// Of each role, how evenly its frameworks share (Jain, Chiu and Hawe, 1984): 1 is perfectly.
  var jainIndices: [Double] {
    (0..<Self.roles).map { role in
      let frameworks = core.durable.frameworks
      let shares = frameworks.live.filter { frameworks[$0].info.role == "role-\(role)" }.map {
        frameworks[$0].used.dominantShare(of: Self.rack)
      }
      let (sum, squares) = (shares.reduce(0, +), shares.reduce(0) { $0 + $1 * $1 })
      return squares > 0 ? sum * sum / (Double(shares.count) * squares) : 1
    }
  }
}
