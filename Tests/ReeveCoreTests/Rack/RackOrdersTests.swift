import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Rack core: kills, recalls and acknowledgements") struct RackOrdersTests {
  /// One node of two cores; attempts 1 and 2 are on it, 3 to 6 wait.
  var story = RackStory.rack([1], .cores(2))

  init() {
    story.at(1, .masterOrdered(1, .launch(1, .of([1, 2, 3, 4, 5, 6], as: 1, carrying: [oneCore]))))
  }

  @Test mutating func `a kill of what waits brings it back unstarted`() {
    story.at(2, .masterOrdered(1, .kill(4)))
    #expect(story.report.returned == [AttemptID(4).named])
    #expect(story.orders == [:])
    story.at(3, .nodeReported(1, 1, NodeReport(ends: [1, 2].map { AttemptID($0).end(on: 1) })))
    #expect(story.launched == [1: [3, 5, 6]])
  }

  @Test mutating func `a kill of what is on a node is passed on once`() {
    story.at(2, .masterOrdered(1, .kill(1)))
    #expect(story.orders == [1: .kill(1)])
    story.at(3, .masterOrdered(1, .kill(1)))
    #expect(story.orders == [:])
  }

  @Test mutating func `a kill of what is unknown or over does nothing`() {
    story.at(2, .nodeReported(1, 1, NodeReport(ends: [AttemptID(1).end(on: 1)])))
    story.at(3, .masterOrdered(1, .kill(1, 99)))
    #expect(story.effects == [])
  }

  @Test mutating func `a kill that may not have arrived is repeated on the node's next session`() {
    story.at(2, .masterOrdered(1, .kill(1)))
    story.at(3, .nodeDisconnected(1, 1))
    story.at(4, .masterOrdered(1, .kill(2)))
    #expect(story.orders == [:])
    story.at(
      5,
      .nodeConnected(2, .node(1, .cores(2), running: [1, 2].map { AttemptID($0).held(on: 1, .cores(1)) }))
    )
    #expect(story.orders == [1: .kill(1, 2)])
  }

  @Test mutating func `what was to be killed and never arrived comes back instead of starting`() {
    story.at(2, .masterOrdered(1, .kill(1)))
    story.at(3, .nodeConnected(2, .node(1, .cores(2))))
    #expect(story.report.returned == [AttemptID(1).named])
    #expect(story.launched == [1: [2, 3]])
  }

  @Test mutating func `what was to be killed and was refused comes back`() {
    story.at(2, .masterOrdered(1, .kill(1)))
    story.at(3, .nodeReported(1, 1, NodeReport(refused: [AttemptID(1).named])))
    #expect(story.report.returned == [AttemptID(1).named])
  }

  @Test mutating func `a recall gives back the last first, and as many as there are`() {
    story.at(2, .masterOrdered(1, .ask([.cores(1), .cores(2)])))
    story.at(3, .masterOrdered(1, .recall(2, of: 0)))
    #expect(story.report.returned == [AttemptID(6).named, AttemptID(5).named])
    story.at(4, .masterOrdered(1, .recall(9, of: 0)), .masterOrdered(1, .recall(9, of: 1)))
    #expect(story.report.returned == [AttemptID(4).named, AttemptID(3).named])
  }

  @Test mutating func `a recall may name a shape that is no longer asked about, and none unknown`() {
    story.at(2, .masterOrdered(1, .ask([.cores(1)])), .masterOrdered(1, .ask([])))
    story.at(3, .masterOrdered(1, .recall(1, of: 7)), .masterOrdered(1, .recall(1, of: 0)))
    #expect(story.report.returned == [AttemptID(6).named])
  }

  @Test mutating func `an acknowledgement goes to the node that holds the end, and the end is gone`() {
    story.at(2, .nodeReported(1, 1, NodeReport(ends: [AttemptID(1).end(on: 1)])))
    #expect(story.report.ends == [AttemptID(1).end(on: 1)])
    story.at(3, .masterOrdered(1, .acknowledge(1, 42)))
    #expect(story.orders == [1: .acknowledge(1)])
    story.at(4, .masterConnected(2, .rack(1, nodes: [1])))
    #expect(story.statement?.ends == [])
  }

  @Test mutating func `a message goes to the node of what runs, and to nothing else`() {
    story.at(2, .nodeReported(1, 1, NodeReport(starts: [AttemptID(1).start(on: 1)])))
    story.at(3, .masterOrdered(1, .tell([1, 2, 3, 99])))
    #expect(story.orders.mapValues(\.messages.all) == [1: [TaskMessage(to: 1, [1])]])
    story.at(4, .nodeDisconnected(1, 1), .masterOrdered(1, .tell([1])))
    #expect(story.orders == [:])
  }

  @Test mutating func `what still runs cannot be acknowledged`() {
    story.at(2, .masterOrdered(1, .acknowledge(1)))
    #expect(story.effects == [])
    story.at(3, .masterConnected(2, .rack(1, nodes: [1])))
    #expect(story.statement?.waiting.contains(AttemptID(1).named) == true)
  }
}
