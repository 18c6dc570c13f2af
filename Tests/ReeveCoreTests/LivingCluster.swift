import HeapModule
import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

/// A master and its racks, whose nodes run tasks for as long as each says, in virtual time: messages take none, and nothing
/// fails.
struct LivingCluster {
  private(set) var master = MasterCore()
  private var racks: [RackCore] = []
  private(set) var time: Int64 = 1_000_000
  private var ends = Heap<End>()
  private var inbox: [MasterEvent] = []
  private var requests: UInt64 = 0
  private(set) var frameworks: [Player] = []
  /// How long the tasks of a job run; of a framework they are of its id.
  private var runTimes: [String: [TimeSpan]] = [:]
  private var startedOf: [String: Int] = [:]

  /// A framework that is played.
  struct Player {
    var id: String
    var shape: Resources
    /// How many more it wants.
    var wanted: Int
    /// It takes offers, and never answers.
    var hoards: Bool
    /// When it first was offered something.
    var served: Int64?
  }

  private struct End: Comparable {
    var time: Int64
    var rack: Int
    var node: NodeNumber
    var name: TaskAttempt
    var reason = FailureReason.none
    static func < (a: End, b: End) -> Bool { (a.time, a.name.attempt) < (b.time, b.name.attempt) }
  }

  private var now: Now {
    Now(boot: Instant(microseconds: time), wall: WallTime(microseconds: 1_700_000_000_000_000 + time))
  }

  init(racks count: Int, nodes: Int, _ node: Resources) {
    inbox = [.leading(1)]
    settle()
    for rack in 0..<count {
      racks.append(RackCore())
      inbox.append(
        .rackConnected(
          session(rack),
          RackHello(rack: "r\(rack)", address: "r\(rack)", incarnation: UInt64(rack + 1))
        )
      )
      settle()
      for i in 0..<nodes {
        inbox.append(.nodeLocated(request(), node: "n\(rack)-\(i)", rack: "r\(rack)"))
        settle()
        let number = NodeNumber(UInt32(rack * nodes + i + 1))
        turn(rack, [.nodeConnected(SessionNumber(UInt64(number.rawValue)), .node(number, node))])
      }
      settle()
    }
  }

  private func session(_ rack: Int) -> SessionNumber { SessionNumber(UInt64(rack + 1)) }
  private func session(ofFramework i: Int) -> SessionNumber { SessionNumber(UInt64(1_000 + i)) }
  private mutating func request() -> RequestNumber {
    requests += 1
    return RequestNumber(requests)
  }

  // MARK: Who wants what

  mutating func join(
    _ id: String,
    _ role: String = Role.defaultName,
    wants count: Int,
    of shape: Resources,
    for runTimes: [TimeSpan] = [.seconds(1)],
    hoards: Bool = false
  ) {
    frameworks.append(Player(id: id, shape: shape, wanted: count, hoards: hoards))
    self.runTimes[id] = runTimes
    let session = session(ofFramework: frameworks.count - 1)
    inbox.append(
      .frameworkSubscribed(session, FrameworkInfo(id: JobID(id), role: role, failover: .seconds(60)))
    )
    let demand = ShapeDemand(key: 1, resources: shape, count: count)
    inbox.append(.frameworkSaid(session, request(), .demand([demand])))
    settle()
  }

  mutating func order(_ order: UserOrder) {
    inbox.append(.ordered(request(), order, []))
    settle()
  }

  mutating func submit(_ spec: JobSpec, for runTimes: [TimeSpan]) {
    self.runTimes[spec.id.text] = runTimes
    inbox.append(.submitted(request(), spec))
    settle()
  }

  /// What a framework, or the queue, has at work.
  func used(_ id: String) -> Resources {
    master.durable.frameworks[JobID(id)].map { master.durable.frameworks[$0].used } ?? .zero
  }

  // MARK: Time

  mutating func run(for span: TimeSpan) { run(for: span) { _ in false } }

  /// Goes on until then, or until something has come about.
  mutating func run(for span: TimeSpan, until isDone: (LivingCluster) -> Bool) {
    let last = time + span.microseconds
    while !isDone(self) {
      let deadlines = racks.map(\.nextDeadline) + [master.nextDeadline]
      let next = min(ends.min?.time ?? .max, deadlines.compactMap { $0?.microseconds }.min() ?? .max)
      guard next <= last else {
        time = last
        return
      }
      time = max(time, next)
      beat()
      while let end = ends.min, end.time <= time { finish(ends.removeMin()) }
      for rack in racks.indices { turn(rack, []) }
      settle()
    }
  }

  /// Everybody is heard all the time.
  private mutating func beat() {
    let nodes = master.durable.roster
    for rack in racks.indices {
      let all = nodes.expected(in: RackNumber(UInt32(rack + 1)))
      turn(rack, all.map { .nodeBeat(SessionNumber(UInt64($0.number.rawValue)), $0.number) })
    }
  }

  private mutating func finish(_ end: End) {
    var told = TaskEnd(
      attempt: end.name.attempt,
      task: end.name.task,
      node: end.node,
      reason: end.reason,
      ended: now.wall
    )
    told.started = now.wall
    turn(
      end.rack,
      [.nodeReported(SessionNumber(UInt64(end.node.rawValue)), end.node, NodeReport(ends: [told]))]
    )
  }

  private mutating func turn(_ rack: Int, _ events: [RackEvent]) {
    var effects: [RackEffect] = []
    for event in events { racks[rack].handle(event, at: now, into: &effects) }
    racks[rack].decide(at: now, into: &effects)
    for effect in effects {
      switch effect {
      case .state(_, let report): inbox.append(.rackStated(session(rack), report))
      case .report(_, let report): inbox.append(.rackReported(session(rack), report))
      case .order(_, let node, let orders): obey(orders, node, rack)
      case .welcome, .refuse: break
      }
    }
  }

  private mutating func obey(_ orders: NodeOrders, _ node: NodeNumber, _ rack: Int) {
    var starts: [TaskStart] = []
    for launch in orders.launches.launches {
      let name = TaskAttempt(attempt: launch.attempt, task: launch.task)
      starts.append(TaskStart(attempt: launch.attempt, task: launch.task, node: node, started: now.wall))
      guard let number = master.durable.jobs.number(of: launch.task) else { continue }
      let job = master.durable.jobs[number].spec.id.text
      let times = runTimes[job] ?? [.seconds(1)]
      let i = startedOf[job, default: 0]
      startedOf[job] = i + 1
      ends.insert(End(time: time + times[i % times.count].microseconds, rack: rack, node: node, name: name))
    }
    for kill in orders.kills {
      var kept: [End] = []
      while let end = ends.popMin() {
        if end.name.attempt == kill.attempt {
          kept.append(End(time: time, rack: rack, node: node, name: end.name, reason: kill.reason))
        } else {
          kept.append(end)
        }
      }
      ends = Heap(kept)
    }
    guard !starts.isEmpty else { return }
    turn(rack, [.nodeReported(SessionNumber(UInt64(node.rawValue)), node, NodeReport(starts: starts))])
  }

  /// Until nobody has anything to say.
  private mutating func settle() {
    repeat {
      var effects: [MasterEffect] = []
      for event in inbox { master.handle(event, at: now, into: &effects) }
      inbox = []
      master.decide(at: now, into: &effects)
      for effect in effects { carryOut(effect) }
    } while !inbox.isEmpty
    #expect(master.violations() == [])
  }

  private mutating func carryOut(_ effect: MasterEffect) {
    switch effect {
    case .assign(let session, let assignment):
      turn(Int(session.rawValue) - 1, [.masterConnected(session, assignment)])
    case .order(let session, let orders): turn(Int(session.rawValue) - 1, [.masterOrdered(session, orders)])
    case .offered(let session, let offers):
      let i = Int(session.rawValue) - 1_000
      frameworks[i].served = frameworks[i].served ?? time
      if !frameworks[i].hoards { for offer in offers { accept(offer, i) } }
    case .updated(let session, let updates):
      inbox.append(.frameworkSaid(session, request(), .acknowledge(updates.map(\.id))))
    default: break
    }
  }

  private mutating func accept(_ offer: FrameworkOffer, _ i: Int) {
    var spec = JobSpec(id: JobID(frameworks[i].id))
    spec.addition = "a\(offer.id.rawValue)"
    spec.templates = [TaskTemplate(command: ["run"], resources: offer.resources)]
    spec.append(name: "t\(offer.id.rawValue)", template: 0, arguments: [], after: [])
    spec.arrays = [
      TaskArray(entry: 0, runs: [TaskArray.IndexRun(first: 0, step: 1, count: UInt32(offer.count))])
    ]
    frameworks[i].wanted -= offer.count
    inbox.append(.frameworkSaid(session(ofFramework: i), request(), .accept([offer.id], spec, hasRoom: true)))
  }
}
