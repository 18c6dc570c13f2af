import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Master core: what becomes of a task whose node is lost") struct NodeLossTests {
  var master = MasterStory()

  /// One task with this choice runs on node 1 of the only rack.
  private mutating func run(_ choice: NodeLossChoice, started: Bool = true) {
    master.connect()
    _ = master.place("n1")
    var spec = JobSpec.of(1)
    spec.templates[0].onNodeLoss = choice
    master.turn(.submitted(master.request(), spec))
    say(.up)
    master.offer(Resources(cpuMillis: 1_000))
    if started { master.report { [start = master.start(1)] in $0.started = [start] } }
  }

  private mutating func say(_ state: NodeStatus.State, _ fill: (inout RackReport) -> Void = { _ in }) {
    master.report {
      $0.nodes = [NodeStatus(number: NodeNumber(1), name: "n1", state: state)]
      fill(&$0)
    }
  }

  private mutating func loseNode() {
    say(.lost) { [lost = master.lost(1)] in $0.lost = [lost] }
  }

  private mutating func view() -> TaskView? {
    master.turn(
      .asked(
        master.request(),
        .tasks(Query.TaskFilter(what: TaskSelector(job: master.core.durable.jobs.jobs[0].spec.id)))
      )
    )
    guard case .answered(_, .tasks(let views, _)) = master.told.last else { return nil }
    return views.first
  }

  /// Its rack may place what waits there on it before the master hears that it is back, and be gone before it says so.
  @Test mutating func `a lost node that asks for its place is expected again, by whoever has the rack next`()
  {
    run(.wait)
    loseNode()
    let next = { (story: inout MasterStory) -> [RosterNode]? in
      story.turn(.rackConnected(SessionNumber(9), RackHello(rack: "r", address: "r", incarnation: 9)))
      guard case .assign(_, let assignment)? = story.told.last else { return nil }
      return assignment.roster
    }
    var without = master
    #expect(next(&without) == [])
    #expect(master.place("n1") == NodeNumber(1))
    #expect(master.newFacts == [.nodePlaced(RosterNode(number: NodeNumber(1), name: "n1"), 1)])
    #expect(master.place("n1") == NodeNumber(1) && master.newFacts == [])
    #expect(next(&master) == [RosterNode(number: NodeNumber(1), name: "n1")])
    // That one does not find it either: what it may have been sent meanwhile may be on it.
    master.turn(.rackStated(SessionNumber(9), RackReport()))
    master.report(on: SessionNumber(9)) {
      $0.nodes = [NodeStatus(number: NodeNumber(1), name: "n1", state: .lost)]
    }
    #expect(master.newFacts == [.nodeMarked(NodeNumber(1), lost: true)])
    #expect(next(&master) == [])
  }

  @Test mutating func `by default it is queued again`() {
    run(.requeue)
    loseNode()
    #expect(master.state(1) == .queued)
  }

  @Test mutating func `it fails, if so chosen`() {
    run(.fail)
    loseNode()
    #expect(master.state(1) == .failed && master.reason(1) == .nodeLost)
  }

  @Test(arguments: [true, false]) mutating func `it waits, and goes on when the node is back with it`(
    started: Bool
  ) {
    run(.wait, started: started)
    let attempt = master.attempt(1)
    loseNode()
    #expect(master.state(1) == (started ? .running : .assigned))
    #expect(view()?.awaitsNode == true)
    master.offer(Resources(cpuMillis: 4_000))
    #expect(master.launches.count == 1)
    say(.up) { [start = master.start(1)] in $0.started = [start] }
    #expect(master.state(1) == .running && master.attempt(1) == attempt)
    #expect(view()?.awaitsNode == false)
    master.report { [end = master.end(1)] in $0.ends = [end] }
    #expect(master.state(1) == .succeeded)
    #expect(master.core.durable == master.replayed)
  }

  @Test mutating func `it waits, and is queued again when the node is back without it`() {
    run(.wait)
    loseNode()
    say(.up)
    #expect(master.state(1) == .queued)
    #expect(master.losses(1) == 1)
  }

  @Test mutating func `it waits, and ended meanwhile`() {
    run(.wait)
    loseNode()
    say(.up) { [end = master.end(1)] in $0.ends = [end] }
    #expect(master.state(1) == .succeeded)
  }

  /// Its start was never told, nor that its node was lost: the rack's statement lacks it, and any node may have it.
  @Test(arguments: [true, false]) mutating func `it may have started unseen on a node that is lost`(
    isForgotten: Bool
  ) {
    run(.wait, started: false)
    var statement = RackReport()
    statement.nodes = [NodeStatus(number: NodeNumber(1), name: "n1", state: .lost)]
    master.connect(on: SessionNumber(2), stating: statement)
    #expect(master.state(1) == .assigned && view()?.awaitsNode == true)
    #expect(master.core.durable == master.replayed)
    if isForgotten {
      master.turn(.forgetRequested(master.request(), node: "n1"))
    } else {
      master.report(on: SessionNumber(2)) {
        $0.nodes = [NodeStatus(number: NodeNumber(1), name: "n1", state: .up)]
      }
    }
    #expect(master.state(1) == .queued)
    #expect(master.core.durable == master.replayed)
  }

  @Test mutating func `it cannot be on a node that was lost before`() {
    master.connect()
    for node in ["n1", "n2"] { _ = master.place(node) }
    master.report { $0.nodes = [NodeStatus(number: NodeNumber(2), name: "n2", state: .lost)] }
    var spec = JobSpec.of(1)
    spec.templates[0].onNodeLoss = .wait
    master.turn(.submitted(master.request(), spec))
    say(.up)
    master.offer(Resources(cpuMillis: 1_000))
    var statement = RackReport()
    statement.nodes = [NodeStatus(number: NodeNumber(2), name: "n2", state: .lost)]
    master.connect(on: SessionNumber(2), stating: statement)
    #expect(master.state(1) == .queued)
  }

  @Test mutating func `a node that is back without it at once is not waited for`() {
    run(.wait)
    say(.up) { [lost = master.lost(1)] in $0.lost = [lost] }
    #expect(master.state(1) == .queued)
  }

  @Test mutating func `it waits through a new statement of its rack, and a new leader`() {
    run(.wait)
    loseNode()
    var statement = RackReport()
    statement.nodes = [NodeStatus(number: NodeNumber(1), name: "n1", state: .lost)]
    master.connect(on: SessionNumber(2), incarnation: 8, stating: statement)
    #expect(master.state(1) == .running)
    master = MasterStory(after: master.facts)
    master.connect(on: SessionNumber(1), incarnation: 9, stating: statement)
    #expect(master.state(1) == .running)
    say(.up)
    #expect(master.state(1) == .queued)
  }

  @Test mutating func `a cancel that came while it waited is carried out when the node is back`() {
    run(.wait)
    loseNode()
    master.turn(
      .ordered(master.request(), .cancel, [TaskSelector(job: master.core.durable.jobs.jobs[0].spec.id)])
    )
    #expect(master.state(1) == .running)
    say(.up) { [start = master.start(1)] in $0.started = [start] }
    #expect(master.kills.map(\.attempt) == [master.attempt(1)])
  }

  @Test mutating func `a forgotten node is waited for by nobody, and its name comes back as another`() {
    run(.wait)
    master.turn(.forgetRequested(master.request(), node: "n1"))
    #expect(master.told.last.map { "\($0)" }?.contains("is not lost") == true)
    #expect(master.newFacts == [])
    loseNode()
    master.turn(.forgetRequested(master.request(), node: "n1"))
    #expect(master.told.contains { if case .forgotten(_, .success(1)) = $0 { true } else { false } })
    #expect(master.state(1) == .queued)
    #expect(master.place("n1") == NodeNumber(2))
    master.turn(.asked(master.request(), .nodes))
    guard case .answered(_, .nodes(let nodes)) = master.told.last else { return #expect(Bool(false)) }
    #expect(nodes.map(\.status.number) == [NodeNumber(2)])
    master.turn(.forgetRequested(master.request(), node: "nobody"))
    #expect(
      master.told.contains {
        if case .forgotten(_, .failure(let why)) = $0 { why.code == .notFound } else { false }
      }
    )
    #expect(master.core.durable == master.replayed)
  }
}
