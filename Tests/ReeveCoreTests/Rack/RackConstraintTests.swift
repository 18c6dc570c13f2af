import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Rack core: constraints") struct RackConstraintTests {
  /// Nodes 1 and 2 in zones a and b, node 3 in none, each of 8 cores.
  var story = RackStory(RackCore(.prompt))

  init() {
    story.turn(
      .ms(0),
      [
        .masterConnected(1, .rack(1, nodes: [1, 2, 3])),
        .nodeConnected(1, .node(1, .cores(8), attributes: ["zone": "a", "gpu": "a100"])),
        .nodeConnected(2, .node(2, .cores(8), attributes: ["zone": "b"])),
        .nodeConnected(3, .node(3, .cores(8))),
      ]
    )
  }

  /// Launches tasks of four cores each.
  private mutating func launch(
    _ attempts: [AttemptID],
    _ constraints: AttributeConstraint...,
    batch: UInt64 = 1
  ) {
    var template = TaskTemplate.needing(.cores(4)).numbered(TemplateNumber(UInt32(batch)))
    template.template.constraints = constraints.normalised
    story.at(
      Int64(batch),
      .masterOrdered(1, .launch(batch, .of(attempts, as: template.number, carrying: [template])))
    )
  }

  @Test mutating func `a launch goes where they are met, and waits there for room`() {
    launch([1, 2, 3], "zone=b")
    #expect(story.launched == [2: [1, 2]])
    launch([4], "zone=a,c", "gpu=a100", batch: 2)
    #expect(story.launched == [1: [4]])
    story.at(3, .nodeReported(1, 1, NodeReport(ends: [AttemptID(4).end(on: 1)])))
    #expect(story.launched == [:])
    story.at(4, .nodeReported(2, 2, NodeReport(ends: [AttemptID(1).end(on: 2)])))
    #expect(story.launched == [2: [3]])
  }

  @Test mutating func `a node without the attribute meets a not, and nothing else`() {
    launch([1, 2, 3], "zone!=a,b")
    #expect(story.launched == [3: [1, 2]])
    launch([4], "gpu!=h100", "zone!=b", "node!=n-1", batch: 2)
    #expect(story.launched == [:])
    launch([5], "zone=c", batch: 3)
    #expect(story.report.returned == [AttemptID(5).named])
  }

  @Test mutating func `every node has its name and its rack's`() {
    launch([1, 2], "node=n-3,n-7", "rack=r")
    #expect(story.launched == [3: [1, 2]])
    launch([3], "rack=s", batch: 2)
    #expect(story.report.returned == [AttemptID(3).named])
  }

  @Test mutating func `what waits for some nodes hides nothing behind it that may go to others`() {
    launch([1, 2, 3], "zone=b")
    launch([4, 5], batch: 2)
    #expect(story.launched.values.reduce(0) { $0 + $1.count } == 2)
  }

  @Test mutating func `a node that comes back with other attributes is known by those at once`() {
    launch([1, 2, 3], "zone=a")
    #expect(story.launched == [1: [1, 2]])
    story.at(2, .nodeConnected(4, .node(2, .cores(8), attributes: ["zone": "a"], serial: 1)))
    #expect(story.launched == [2: [3]])
    #expect(story.report.nodes.map(\.attributes) == [.named(["zone": "a"])])
    // The third has not arrived when the node is another again: it goes elsewhere, or back.
    story.at(3, .nodeConnected(5, .node(2, .cores(8), serial: 2)))
    #expect(story.launched == [:])
    story.at(4, .nodeReported(1, 1, NodeReport(ends: [AttemptID(1).end(on: 1)])))
    #expect(story.launched == [1: [3]])
  }

  @Test mutating func `what runs goes on where its constraints are not met any more`() {
    launch([1], "zone=b")
    story.at(2, .nodeReported(2, 2, NodeReport(starts: [AttemptID(1).start(on: 2)])))
    let held = AttemptID(1).held(on: 2, .cores(4))
    story.at(3, .nodeConnected(4, .node(2, .cores(8), running: [held], serial: 1)))
    #expect(story.orders[2]?.kills ?? [] == [])
    #expect(story.core.violations() == [])
  }

  @Test mutating func `what waits comes back when no node is left that could take it`() {
    launch([1, 2, 3], "zone=b")
    story.at(2, .nodeConnected(4, .node(2, .cores(8), attributes: ["zone": "c"], serial: 1)))
    #expect(Set(story.report.returned) == Set([1, 2, 3].map { AttemptID($0).named }))
  }

  @Test mutating func `an offer says how many fit on the nodes that meet them, and whether any could`() {
    launch([1], "zone=b")
    let shapes = [
      Shape(.cores(4)), Shape(.cores(4), ["zone=b"]), Shape(.cores(4), ["zone!=b"]),
      Shape(.cores(4), ["zone=c"]), Shape(.cores(9), ["zone=b"]),
    ]
    story.at(100, .masterOrdered(1, .ask(about: shapes)))
    #expect(story.report.offer?.fits.map(\.fits) == [5, 1, 4, 0, 0])
    #expect(story.report.offer?.fits.map(\.mayFit) == [true, true, true, false, false])
  }

  @Test func `constraints that nothing has any more make room for others`() {
    var table = ConstraintTable()
    table.note(0, name: "n", attributes: .named(["zone": "a"]))
    let first = table.number(of: ["zone=a"])
    let second = table.number(of: ["zone=b"])
    #expect(table.number(of: ["zone=a"]) == first && table.number(of: []) == .none)
    table.keep(only: [second])
    #expect(table.number(of: ["zone!=a"]) == first)
    table.note(1, name: "m", attributes: .named(["zone": "b"]))
    #expect(table.isMet(first) == [false, true] && table.isMet(second) == [false, true])
    table.note(0, name: "n", attributes: [])
    #expect(table.isMet(first) == [true, true] && table.isMet(second, by: 0) == false)
  }
}
