import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Master: constraints") struct ConstraintTests {
  private var master = MasterStory()
  private let one = SessionNumber(1_001)

  /// Two nodes, in zones a and b.
  init() {
    master.connect()
    let nodes = ["n1", "n2"].map { master.place($0) }
    tell(nodes[0], "n1", zone: "a", .cores(4, memory: 64))
    tell(nodes[1], "n2", zone: "b", .cores(8, memory: 64))
  }

  private mutating func tell(
    _ node: NodeNumber,
    _ name: String,
    zone: String,
    _ total: Resources,
    state: NodeStatus.State = .up
  ) {
    master.report { report in
      report.nodes = [
        NodeStatus(
          number: node,
          name: name,
          state: state,
          total: total,
          free: total,
          attributes: .named(["zone": zone])
        )
      ]
    }
  }

  private func spec(_ constraints: AttributeConstraint..., id: String = "j", cores: Int = 1) -> JobSpec {
    var spec = JobSpec.of(1, id: id, cores: cores)
    spec.templates[0].constraints = constraints.normalised
    return spec
  }

  private mutating func refusal(_ spec: JobSpec) -> Refusal? {
    master.submit(spec)
    guard case .submitted(_, .failure(let refusal))? = master.told.first else { return nil }
    return refusal
  }

  private mutating func explain(_ job: String) -> Explanation? {
    master.turn(.asked(master.request(), .explain(TaskSelector(job: job, task: "t0"))))
    guard case .answered(_, .explained(let explanation)) = master.told.first else { return nil }
    return explanation
  }

  @Test mutating func `what no node meets is refused, with the values that there are`() {
    let none = refusal(spec("zone=c"))
    #expect(none?.code == .noMatchingNode && none?.field == "tasks[0].constraints")
    #expect(none?.message.hasPrefix("No node meets \"zone=c\"; there are \"a\", \"b\".") == true)
    #expect(none?.message.contains("--allow-pending") == true)
    #expect(refusal(spec("zone!=a,b"))?.code == .noMatchingNode)
    #expect(
      refusal(spec("gpu=a100"))?.message.contains("there are the attributes \"node\", \"rack\", \"zone\"")
        == true
    )
    #expect(
      refusal(spec("zone=a", "node=n2"))?.message.contains("all of them at once: \"node=n2\" and \"zone=a\"")
        == true
    )
    #expect(refusal(spec("zone=a", "node=n1", "rack=r", "gpu!=a100")) == nil)
  }

  @Test mutating func `what is too large for the nodes that meet them is refused as such`() {
    let tooLarge = refusal(spec("zone=a", cores: 5))
    #expect(
      tooLarge?.code == .exceedsLargestNode
        && tooLarge?.message.contains("node with \"zone=a\" has (most: 4)") == true
    )
    #expect(refusal(spec("zone=b", cores: 5)) == nil)
  }

  @Test
  mutating func `what a node is that was not heard yet is not known, so that it may be what is asked for`() {
    _ = master.place("n3")
    #expect(refusal(spec("zone=c")) == nil)
  }

  @Test mutating func `a node that is lost may come back as it was`() {
    tell(2, "n2", zone: "b", .cores(8, memory: 64), state: .lost)
    #expect(refusal(spec("zone=b")) == nil)
    let why = explain("j")
    #expect(why?.code == .constraints && why?.sentence.contains("not up") == true)
  }

  @Test mutating func `explain counts the nodes that meet them`() {
    var waiting = spec("zone=c")
    waiting.mayWaitForNodes = true
    #expect(refusal(waiting) == nil)
    var why = explain("j")
    #expect(why?.code == .constraints)
    #expect(why?.sentence.contains("\"zone=c\", and none of 2 nodes") == true)
    #expect(why?.racks.map(\.matching) == [0] && why?.racks.map(\.largeEnough) == [0])
    var large = spec("zone=a", id: "large", cores: 5)
    large.mayWaitForNodes = true
    master.submit(large)
    why = explain("large")
    #expect(why?.code == .tooLarge && why?.sentence.contains("none of 1 nodes with \"zone=a\"") == true)
    #expect(why?.racks.map(\.nodes) == [2] && why?.racks.map(\.matching) == [1])
  }

  @Test mutating func `tasks with other constraints are of another shape`() {
    for (id, zone) in [("j", "zone=a"), ("k", "zone=b")] as [(String, AttributeConstraint)] {
      master.submit(spec(zone, id: id))
    }
    master.offer(.cores(8, memory: 64))
    #expect(master.asked[1]?.map(\.shape.constraints) == [["zone=a"], ["zone=b"]])
    #expect(master.launches.map(\.task) == [1, 2])
  }

  @Test mutating func `nothing is sent ahead to a rack that has no such node`() {
    master.submit(spec("zone=b"))
    master.report { [asked = master.asked[1] ?? []] report in
      report.offer = RackOffer(
        total: .cores(12),
        free: .cores(12),
        fits: asked.map { .init(shape: $0.number, fits: 0, waiting: 0, mayFit: false) },
        largest: [.cores(8)]
      )
    }
    #expect(master.launches == [])
  }

  // MARK: Frameworks

  private mutating func demand(_ constraints: AttributeConstraint..., key: UInt32 = 1) {
    let demand = ShapeDemand(key: key, resources: .cores(1), constraints: constraints, count: 2)
    master.say(.demand([demand]), on: one)
  }

  @Test mutating func `tasks that are accepted for a demand get its constraints`() {
    master.subscribe("f", on: one)
    demand("zone=b")
    master.offer(.cores(8, memory: 64))
    let offers = master.offered(on: one)
    #expect(offers.map(\.count) == [2])
    var own = JobSpec.of(1, id: "f")
    own.addition = "own"
    own.templates[0].constraints = ["zone=b"]
    master.say(.accept(offers.map(\.id), own, hasRoom: true), on: one)
    #expect(master.refusal?.field == "tasks[0].constraints")
    master.accept(offers.map(\.id), 2, of: "f", on: one)
    #expect(master.launches.count == 2)
    #expect(master.core.durable.templates.last?.constraints == ["zone=b"])
    // The same again is known, though its offers are gone.
    master.accept([], 2, of: "f", on: one)
    #expect(master.reply == .success(2) && master.launches.count == 2)
    // What comes back is placed again as it was.
    master.report { [back = TaskAttempt(attempt: master.attempt(1), task: 1)] in $0.returned = [back] }
    master.offer(.cores(8, memory: 64))
    #expect(master.launches.map(\.task) == [1, 2, 1])
    let after = MasterStory(after: master.facts)
    #expect(after.core.durable.templates == master.core.durable.templates)
  }

  @Test mutating func `a demand that no node meets is refused`() {
    master.subscribe("f", on: one)
    demand("zone=c")
    #expect(master.refusal?.code == .noMatchingNode && master.refusal?.field == "shapes[0].constraints")
  }

  @Test mutating func `offers of different nodes are not accepted together`() {
    master.subscribe("f", on: one)
    let shapes = (["zone=a", "zone=b"] as [AttributeConstraint]).enumerated().map { i, zone in
      ShapeDemand(key: UInt32(i), resources: .cores(1), constraints: [zone], count: 1)
    }
    master.say(.demand(shapes), on: one)
    master.offer(.cores(8, memory: 64))
    let offers = master.offered(on: one)
    #expect(offers.count == 2)
    master.accept(offers.map(\.id), 2, of: "f", on: one)
    #expect(master.refusal?.field == "offers[1]")
  }
}
