import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

private func cores(_ n: Int64) -> Resources { Resources(cpuMillis: n * 1_000) }

@Suite("Master core: who goes next, and to which rack") struct MasterAllocationTests {
  var master = MasterStory()
  let first = SessionNumber(1)
  let second = SessionNumber(2)

  mutating func submit(_ spec: JobSpec) { master.turn(.submitted(master.request(), spec)) }

  @Test mutating func `a large task at the head does not hide a small one that fits`() {
    master.connect()
    submit(.of(1, id: "large", cores: 8))
    submit(.of(2, id: "small"))
    master.offer(cores(2), largest: cores(8))
    #expect(master.launches.map(\.task) == [2, 3])
    master.offer(cores(8))
    #expect(master.launches.map(\.task) == [2, 3, 1])
  }

  @Test mutating func `shapes take turns in the order of submission`() {
    master.connect()
    submit(.of(1, id: "a"))
    submit(.of(1, id: "b", cores: 2))
    submit(.of(1, id: "c"))
    submit(.of(1, id: "d", cores: 2))
    master.offer(cores(100))
    #expect(master.launches.map(\.task) == [1, 2, 3, 4])
  }

  @Test mutating func `a job of one shape that fits is assigned in few records`() {
    master.connect()
    submit(.of(1))
    master.offer(cores(64))
    // The shape ran empty and comes back before anybody looked: it stands in the queue's order once.
    submit(.of(48, id: "k"))
    #expect(master.launches.count == 49)
    let records = master.facts.filter { if case .assigned = $0 { true } else { false } }
    #expect(records.count <= 8)
  }

  @Test mutating func `long command lines go to a rack in several messages, and each is counted by itself`() {
    master.connect()
    var spec = JobSpec.of(0)
    let word = String(repeating: "x", count: 100_000)
    for i in 0..<100 { spec.append(name: "t\(i)", template: 0, arguments: [word], after: []) }
    submit(spec)
    master.offer(cores(100))
    let sent = master.orders.compactMap { if case .order(_, let orders) = $0 { orders } else { nil } }
    #expect(sent.map(\.batch) == [1, 2, 3])
    #expect(sent.map(\.launches.count) == [42, 42, 16])
    #expect(sent.map(\.launches.newTemplates.count) == [1, 0, 0])
    #expect(master.launches.map(\.task) == Array(1...100))
    // The rack has counted in the first, and has room for the others and two more.
    submit(.of(10, id: "k"))
    master.report { report in
      report.countedIn = 1
      let fits = [RackOffer.ShapeFit(shape: ShapeNumber(0), fits: 60, waiting: 0)]
      report.offer = RackOffer(total: cores(102), free: cores(60), fits: fits, largest: [cores(102)])
    }
    #expect(master.launches.count == 102)
  }

  @Test mutating func `nobody is given more than was offered, before the next offer counts it in`() {
    master.connect()
    submit(.of(10))
    master.offer(cores(4))
    #expect(master.launches.count == 4)
    submit(.of(10, id: "k"))
    #expect(master.launches.count == 4)
  }

  @Test mutating func `load is evened out over racks`() {
    master.connect("a", on: first)
    master.connect("b", on: second)
    submit(.of(8, id: "probe", cores: 90))
    master.offer(cores(8), on: first, largest: cores(90))
    master.offer(cores(8), on: second, largest: cores(90))
    submit(.of(8))
    master.offer(cores(8), on: first, largest: cores(90))
    master.offer(cores(8), on: second, largest: cores(90))
    #expect(master.launches.count == 8)
  }

  @Test mutating func `what waits at one rack is asked back when another has room, and not too often`() {
    master.connect("a", on: first)
    master.connect("b", on: second)
    submit(.of(2))
    master.offer(cores(2), on: first)
    #expect(master.launches.map(\.session) == [first, first])
    master.offer(.zero, on: first, largest: cores(2), waiting: 2)
    #expect(master.recalls == [])
    master.offer(cores(1), on: second)
    #expect(master.recalls == [Recall(shape: ShapeNumber(0), count: 1)])
    master.turn()
    #expect(master.recalls == [])
    #expect(master.core.nextDeadline == Instant(microseconds: 1_100_000))
    master.time = 1_100
    master.turn()
    #expect(master.recalls.count == 1)
  }

  @Test mutating func `a recall that cannot be made is not waited for again and again`() {
    master.connect("a", on: first)
    master.connect("b", on: second)
    submit(.of(2))
    master.offer(cores(2), on: first)
    master.offer(.zero, on: first, largest: cores(2), waiting: 2)
    master.offer(cores(1), on: second)
    master.offer(.zero, on: second, largest: cores(2))
    master.time = 1_100
    master.turn()
    #expect(master.core.nextDeadline == nil)
  }

  @Test mutating func `a node without a rack of its own goes where the fewest are, and stays`() {
    master.connect("a", on: first)
    master.connect("b", on: second)
    let nodes = (1...4).map { master.place("n\($0)") }
    #expect(nodes == (1...4).map { NodeNumber($0) })
    #expect(nodes.map { master.core.durable.roster[$0].rack.rawValue } == [1, 2, 1, 2])
    #expect(master.place("n1") == NodeNumber(1))
    #expect(master.newFacts == [])
  }

  @Test mutating func `a node is told to try again while its rack has no scheduler`() {
    master.connect("a", on: first)
    master.turn(.nodeLocated(master.request(), node: "n1", rack: "b"))
    guard case .located(_, .failure(let refusal))? = master.told.first else {
      Issue.record("\(master.told)")
      return
    }
    #expect(refusal.code == .unavailable)
    master.turn(.rackDisconnected(first))
    master.turn(.nodeLocated(master.request(), node: "n1", rack: nil))
    #expect(master.newFacts == [])
  }

  @Test mutating func `a lost node is marked once, and a returned one again`() {
    master.connect()
    let node = master.place("n1")
    let lost = NodeStatus(number: node, name: "n1", state: .lost)
    let up = NodeStatus(number: node, name: "n1", state: .up)
    master.report { $0.nodes = [lost] }
    #expect(master.newFacts == [.nodeMarked(node, lost: true)])
    master.report { $0.nodes = [lost] }
    #expect(master.newFacts == [])
    #expect(master.core.durable.roster.expected(in: RackNumber(1)) == [])
    master.report { $0.nodes = [up] }
    #expect(master.newFacts == [.nodeMarked(node, lost: false)])
  }
}
