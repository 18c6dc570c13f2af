import ReeveCore
package import ReeveModel

/// A cluster in the master's own core and in virtual time, that frameworks with more to do than there is room for share with one
/// that takes every offer and answers none.
package struct HoardedCluster {
  /// The part of the cluster that tasks have, ten times a second.
  private var samples: [Double] = []
  /// How many offers were made to the one that answers none.
  package private(set) var hoarded = 0

  private static let racks = 4
  private static let rack = Resources(cpuMillis: 100_000, memory: 400 << 30, disk: 1 << 40)
  private static let slot = Resources(cpuMillis: 1_000, memory: 4 << 30)
  private static let hoarder = SessionNumber(1_000)
  private static let step: Int64 = 10_000

  private var core = MasterCore()
  private var dice: SeededRandom
  private let taskTimes: RunTimes
  private var now: Int64 = 0
  private var requests: UInt64 = 0
  private var accepts = 0
  private var ids: [SessionNumber: JobID] = [:]
  private var asked = [[NumberedShape]](repeating: [], count: Self.racks)
  private var batches = [UInt64](repeating: 0, count: Self.racks)
  private var running = [[Running]](repeating: [], count: Self.racks)
  private var open: [(SessionNumber, FrameworkOffer)] = []

  private struct Running {
    var name: TaskAttempt
    var ends: Int64
  }

  /// - Parameters:
  ///   - workers: how many frameworks have work, each in a role of its own.
  ///   - taskTimes: how long their tasks take.
  ///   - seed: of the tasks' times.
  package init(workers: Int, taskTimes: RunTimes, seed: UInt64 = 1) {
    self.taskTimes = taskTimes
    dice = SeededRandom(seed)
    turn(.leading(Term(1)))
    for rack in 0..<Self.racks {
      let hello = RackHello(rack: "rack-\(rack)", address: "rack-\(rack)", incarnation: 1)
      turn(.rackConnected(Self.session(rack), hello))
      turn(.nodeLocated(request(), node: "node-\(rack)", rack: hello.rack))
      turn(.rackStated(Self.session(rack), RackReport()))
    }
    for place in 0...workers {
      let session = SessionNumber(Self.hoarder.rawValue + UInt64(place))
      let id = JobID(session == Self.hoarder ? "hoarder" : "worker-\(place)")
      ids[session] = id
      turn(.frameworkSubscribed(session, FrameworkInfo(id: id, role: id.text)))
      let demand = ShapeDemand(key: 1, resources: Self.slot, count: 1_000_000)
      turn(.frameworkSaid(session, request(), .demand([demand])))
    }
  }

  private static func session(_ rack: Int) -> SessionNumber { SessionNumber(UInt64(rack) + 1) }

  /// Lets so much time pass.
  package mutating func run(for span: TimeSpan) {
    let end = now + span.microseconds
    while now < end {
      now += Self.step
      for rack in 0..<Self.racks { report(on: rack) }
      if now % 100_000 == 0 { samples.append(used) }
    }
  }

  /// The part of the cluster that tasks had over time, after so long: it begins empty.
  package func utilization(after span: TimeSpan) -> Double {
    let counted = samples.dropFirst(Int(span.microseconds / 100_000))
    return counted.reduce(0, +) / Double(max(1, counted.count))
  }

  private var used: Double {
    let assigned = core.durable.roster.racks.reduce(Resources.zero) { $0 + $1.assigned }
    return assigned.dominantShare(of: Self.rack * Self.racks)
  }

  private mutating func report(on rack: Int) {
    let over = running[rack].filter { $0.ends <= now }.map(\.name)
    running[rack].removeAll { $0.ends <= now }
    var report = RackReport()
    report.countedIn = batches[rack]
    report.ends = over.map {
      TaskEnd(attempt: $0.attempt, task: $0.task, node: NodeNumber(UInt32(rack) + 1))
    }
    let free = Self.rack - core.durable.roster.racks[rack].assigned + Self.slot * over.count
    let fits = asked[rack].map {
      RackOffer.ShapeFit(shape: $0.number, fits: $0.shape.resources.count(in: free), waiting: 0)
    }
    report.offer = RackOffer(total: Self.rack, free: free, fits: fits, largest: [Self.rack])
    turn(.rackReported(Self.session(rack), report))
    while let (session, offer) = open.popLast() { accept(offer, on: session) }
  }

  private mutating func accept(_ offer: FrameworkOffer, on session: SessionNumber) {
    guard let id = ids[session] else { return }
    accepts += 1
    var spec = JobSpec(id: id)
    spec.addition = "a\(accepts)"
    spec.templates = [TaskTemplate(command: ["true"], resources: offer.resources)]
    spec.append(name: "t\(accepts)", template: 0, arguments: [], after: [])
    spec.arrays = [TaskArray(entry: 0, runs: [.init(first: 0, count: UInt32(offer.count))])]
    turn(.frameworkSaid(session, request(), .accept([offer.id], spec, hasRoom: true)))
  }

  private mutating func request() -> RequestNumber {
    requests += 1
    return RequestNumber(requests)
  }

  private mutating func turn(_ event: MasterEvent) {
    let time = Now(boot: Instant(microseconds: now), wall: WallTime(microseconds: now))
    var effects: [MasterEffect] = []
    core.handle(event, at: time, into: &effects)
    core.decide(at: time, into: &effects)
    for effect in effects {
      switch effect {
      case .order(let session, let orders):
        let rack = Int(session.rawValue) - 1
        if let shapes = orders.shapes { asked[rack] = shapes }
        if orders.batch > 0 { batches[rack] = orders.batch }
        running[rack] += orders.launches.launches.map {
          Running(
            name: TaskAttempt(attempt: $0.attempt, task: $0.task),
            ends: now + taskTimes.draw(&dice).microseconds
          )
        }
      case .offered(Self.hoarder, let offers): hoarded += offers.count
      case .offered(let session, let offers): open += offers.map { (session, $0) }
      default: break
      }
    }
  }
}
