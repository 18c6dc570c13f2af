package import ReeveCore
package import ReeveModel

/// A master's core with racks that are played by the test: each call is a turn, and what it came to can be looked at.
package struct MasterStory {
  package private(set) var core: MasterCore
  /// All records so far.
  package private(set) var facts: [Fact] = []
  /// What the last turn told others, without records and orders.
  package private(set) var told: [MasterEffect] = []
  /// All launches so far, in their order.
  package private(set) var launches: [SentLaunch] = []
  /// Of the last turn.
  package private(set) var kills: [KillOrder] = []
  package private(set) var acknowledged: [AttemptID] = []
  package private(set) var recalls: [Recall] = []
  package private(set) var newFacts: [Fact] = []
  /// What the last turn ordered of racks.
  package private(set) var orders: [MasterEffect] = []
  /// In milliseconds since the machine came up.
  package var time: Int64 = 1_000
  package private(set) var asked: [SessionNumber: [NumberedShape]] = [:]
  private var batches: [SessionNumber: UInt64] = [:]
  private var requests: UInt64 = 0

  package struct SentLaunch: Equatable {
    package var session: SessionNumber
    package var task: Int
    package var attempt: AttemptID
  }

  package init(after journal: [Fact] = [], settings: MasterCore.Settings = .prompt) {
    core = MasterCore(settings: settings)
    for fact in journal { core.replay(fact) }
    facts = journal
    turn(.leading(Term(core.durable.term.rawValue + 1)))
  }

  private var now: Now {
    Now(
      boot: Instant(microseconds: time * 1_000),
      wall: WallTime(microseconds: 1_700_000_000_000_000 + time * 1_000)
    )
  }

  package mutating func turn(_ events: MasterEvent...) { turn(events) }

  package mutating func turn(_ events: [MasterEvent]) {
    var effects: [MasterEffect] = []
    for event in events { core.handle(event, at: now, into: &effects) }
    core.decide(at: now, into: &effects)
    told = []
    kills = []
    acknowledged = []
    recalls = []
    newFacts = []
    orders = []
    for effect in effects {
      switch effect {
      case .record(let fact): newFacts.append(fact)
      case .order(let session, let orders):
        self.orders.append(effect)
        note(orders, of: session)
      default: told.append(effect)
      }
    }
    facts += newFacts
  }

  private mutating func note(_ orders: RackOrders, of session: SessionNumber) {
    launches += orders.launches.launches.map {
      SentLaunch(session: session, task: Int($0.task.rawValue), attempt: $0.attempt)
    }
    if orders.batch > 0 { batches[session] = orders.batch }
    if let shapes = orders.shapes { asked[session] = shapes }
    kills += orders.kills
    acknowledged += orders.acknowledged
    recalls += orders.recalls
  }

  package mutating func request() -> RequestNumber {
    requests += 1
    return RequestNumber(requests)
  }

  // MARK: Racks

  /// A rack scheduler opens its session and states what it has.
  package mutating func connect(
    _ name: String = "r",
    on session: SessionNumber = SessionNumber(1),
    incarnation: UInt64 = 7,
    stating statement: RackReport = RackReport()
  ) {
    asked[session] = []
    batches[session] = 0
    turn(.rackConnected(session, RackHello(rack: name, address: name, incarnation: incarnation)))
    turn(.rackStated(session, statement))
  }

  /// Says what one node of the rack has free, and how many of each shape fit there; again, where that is asked about.
  package mutating func offer(
    _ free: Resources,
    on session: SessionNumber = SessionNumber(1),
    largest: Resources? = nil,
    waiting: Int = 0
  ) {
    for _ in 0..<2 {
      let known = asked[session] ?? []
      report(on: session) { report in
        report.offer = RackOffer(
          total: largest ?? free,
          free: free,
          fits: known.map {
            RackOffer.ShapeFit(shape: $0.number, fits: $0.shape.resources.count(in: free), waiting: waiting)
          },
          largest: [largest ?? free]
        )
      }
      if asked[session] == known { return }
    }
  }

  package mutating func report(
    on session: SessionNumber = SessionNumber(1),
    _ fill: (inout RackReport) -> Void
  ) {
    var report = RackReport()
    report.countedIn = batches[session] ?? 0
    fill(&report)
    turn(.rackReported(session, report))
  }

  /// A node finds its place; its number.
  package mutating func place(_ node: String, rack: String? = nil) -> NodeNumber {
    turn(.nodeLocated(request(), node: node, rack: rack))
    return core.durable.roster.node(named: node) ?? NodeNumber(0)
  }

  // MARK: Tasks

  /// The current one, or the last.
  package func attempt(_ task: Int) -> AttemptID {
    let number = TaskNumber(UInt64(task))
    if let known = core.durable.active[number] { return known.attempt }
    for case .assigned(_, let first, let tasks) in facts.reversed() {
      if let place = tasks.firstIndex(of: number) { return first.advanced(by: place) }
    }
    return .none
  }

  package func state(_ task: Int) -> TaskState {
    core.durable.state(of: TaskNumber(UInt64(task))) ?? .blocked
  }

  /// How often its node was lost.
  package func losses(_ task: Int) -> Int {
    Int(core.durable.setbacks[TaskNumber(UInt64(task))]?.losses ?? 0)
  }

  /// Why it ended as it did, by the records.
  package func reason(_ task: Int) -> FailureReason {
    let number = TaskNumber(UInt64(task))
    for fact in facts.reversed() {
      switch fact {
      case .ended(let ends): if let end = ends.first(where: { $0.task == number }) { return end.reason }
      case .calledOff(let runs, let reason, _):
        if runs.contains(where: { $0.first <= number && number < $0.end }) { return reason }
      default: break
      }
    }
    return .none
  }

  package mutating func order(_ order: UserOrder, _ what: String...) {
    let selectors = what.map { text in
      let parts = text.split(separator: "/", maxSplits: 1)
      return TaskSelector(job: String(parts[0]), task: parts.count > 1 ? String(parts[1]) : nil)
    }
    turn(.ordered(request(), order, selectors))
  }

  package mutating func submit(_ spec: JobSpec) { turn(.submitted(request(), spec)) }
  package func named(_ task: Int) -> TaskAttempt {
    TaskAttempt(attempt: attempt(task), task: TaskNumber(UInt64(task)))
  }

  package func lost(_ task: Int, on node: NodeNumber = NodeNumber(1)) -> LostAttempt {
    LostAttempt(named(task), on: node)
  }

  package func start(_ task: Int, on node: NodeNumber = NodeNumber(1)) -> TaskStart {
    TaskStart(
      attempt: attempt(task),
      task: TaskNumber(UInt64(task)),
      node: node,
      started: WallTime(microseconds: 5)
    )
  }

  package func end(
    _ task: Int,
    _ reason: FailureReason = .none,
    of attempt: AttemptID? = nil
  ) -> TaskEnd {
    TaskEnd(
      attempt: attempt ?? self.attempt(task),
      task: TaskNumber(UInt64(task)),
      node: NodeNumber(1),
      reason: reason,
      ended: WallTime(microseconds: 9)
    )
  }

  /// What replay of the records gives.
  package var replayed: DurableState {
    var core = MasterCore()
    for fact in facts { core.replay(fact) }
    return core.durable
  }
}

extension JobSpec {
  /// Tasks of one shape, named `t0` and so on; `edges[i]` are those that task `i` waits for.
  package static func of(
    _ count: Int,
    id: String = "j",
    cores: Int = 1,
    edges: [[UInt32]] = []
  ) -> JobSpec {
    var spec = JobSpec(id: JobID(id), name: id)
    spec.templates = [TaskTemplate(command: ["run"], resources: Resources(cpuMillis: Int64(cores) * 1_000))]
    for i in 0..<count {
      spec.append(
        name: "t\(i)",
        template: 0,
        arguments: ["\(i)"],
        after: i < edges.count ? edges[i] : []
      )
    }
    return spec
  }
}

extension MasterCore.Settings {
  /// Nothing gathers: a story sees at once what each event leads to.
  package static var prompt: MasterCore.Settings {
    var settings = MasterCore.Settings()
    settings.acknowledgeWithin = .zero
    return settings
  }
}
