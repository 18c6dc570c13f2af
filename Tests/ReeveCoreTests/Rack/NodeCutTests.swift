import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Rack core: a node that was cut off and states itself anew") struct NodeCutTests {
  /// Two nodes of two cores; 1 runs on node 1, 2 is on its way there, 3 and 4 to node 2, 5 waits.
  var story = RackStory.rack([1, 2], .cores(2))

  init() {
    story.at(1, .masterOrdered(1, .launch(1, .of([1, 2, 3, 4, 5], as: 1, carrying: [oneCore]))))
    story.at(2, .nodeReported(1, 1, NodeReport(starts: [AttemptID(1).start(on: 1)])))
  }

  @Test mutating func `what was sent and is not in it waits again, before the rest, and is sent again`() {
    story.at(3, .nodeConnected(3, .node(1, .cores(2), running: [AttemptID(1).held(on: 1, .cores(1))])))
    #expect(story.launched == [1: [2]])
    #expect(story.orders[1]?.launches.newTemplates.count == 1)
    #expect(story.report.started == [])
  }

  @Test mutating func `what ran and is not in it is lost`() {
    story.at(3, .nodeConnected(3, .node(1, .cores(2))))
    #expect(story.report.lost.map(\.name) == [AttemptID(1).named])
    #expect(story.launched == [1: [2, 5]])
  }

  @Test mutating func `what was sent and is in it has started`() {
    let running = [1, 2].map { AttemptID($0).held(on: 1, .cores(1)) }
    story.at(3, .nodeConnected(3, .node(1, .cores(2), running: running)))
    #expect(story.report.started == [AttemptID(2).start(on: 1)])
    #expect(story.launched == [:])
  }

  @Test mutating func `what it ends meanwhile is an end, also for the second time`() {
    let ends = [AttemptID(1).end(on: 1), AttemptID(2).end(on: 1)]
    story.at(3, .nodeConnected(3, .node(1, .cores(2), ends: ends)))
    #expect(story.report.ends == ends)
    #expect(story.launched == [1: [5]])
    story.at(
      4,
      .nodeConnected(4, .node(1, .cores(2), running: [AttemptID(5).held(on: 1, .cores(1))], ends: ends))
    )
    #expect(story.report.ends == ends)
    #expect(story.report.started == [AttemptID(5).start(on: 1)])
  }

  @Test mutating func `what the rack did not know holds its room and is left to the master`() {
    let stranger = AttemptID(77).held(on: 1, .cores(2))
    story.at(3, .nodeConnected(3, .node(1, .cores(2), running: [stranger], incarnation: 2)))
    #expect(story.report.started == [stranger.start])
    #expect(story.report.lost.map(\.name) == [AttemptID(1).named, AttemptID(2).named])
    #expect(story.launched == [:])
    story.at(4, .masterOrdered(1, .kill(77)))
    #expect(story.orders == [1: .kill(77)])
    story.at(5, .nodeReported(3, 1, NodeReport(ends: [AttemptID(77).end(on: 1, .cancelled)])))
    #expect(story.report.ends == [AttemptID(77).end(on: 1, .cancelled)])
    #expect(story.launched == [1: [5]])
  }

  @Test mutating func `a statement that comes after a later one changes nothing`() {
    let held = [AttemptID(1).held(on: 1, .cores(1)), AttemptID(2).held(on: 1, .cores(1))]
    story.at(3, .nodeConnected(3, .node(1, .cores(2), running: held, serial: 5)))
    story.at(4, .nodeConnected(4, .node(1, .cores(2), serial: 4)))
    #expect(story.report.lost.isEmpty && story.report.returned.isEmpty && story.launched == [:])
    story.at(5, .nodeReported(3, 1, NodeReport(ends: [AttemptID(1).end(on: 1)])))
    #expect(story.report.ends == [AttemptID(1).end(on: 1)])
  }

  @Test mutating func `what was sent to an older incarnation may have run, and is lost`() {
    story.at(3, .nodeConnected(3, .node(1, .cores(2), incarnation: 2)))
    #expect(story.report.lost.map(\.name) == [AttemptID(1).named, AttemptID(2).named])
    #expect(story.launched == [1: [5]])
  }

  @Test
  mutating func `what was sent before another rack scheduler was over the node may have run, and is lost`() {
    var statement = NodeStatement.node(1, .cores(2))
    statement.obeyed = Generation(term: 1, number: 2)
    story.at(3, .nodeConnected(3, statement))
    #expect(story.report.lost.map(\.name) == [AttemptID(1).named, AttemptID(2).named])
  }

  @Test mutating func `its older stream is ended, for the node may still listen to that one`() {
    story.at(3, .nodeConnected(3, .node(1, .cores(2))))
    #expect(story.effects.contains(.refuse(1, 1, "the node has opened a newer session")))
  }

  @Test mutating func `an end of what the rack did not know is reported and kept`() {
    story.at(
      3,
      .nodeReported(1, 1, NodeReport(ends: [AttemptID(88).end(on: 1)])),
      .masterDisconnected(1),
      .masterConnected(2, .rack(1, nodes: [1, 2]))
    )
    #expect(story.statement?.ends == [AttemptID(88).end(on: 1)])
  }

  @Test mutating func `what waits and turns out to run is taken out of the backlog`() {
    story.at(3, .nodeConnected(3, .node(3, .cores(2), running: [AttemptID(5).held(on: 3, .cores(1))])))
    #expect(story.report.started == [AttemptID(5).start(on: 3)])
    story.at(4, .nodeReported(1, 1, NodeReport(ends: [AttemptID(1).end(on: 1)])))
    #expect(story.launched == [:])
  }

  @Test mutating func `what waits and turns out to be over is taken out of the backlog`() {
    story.at(3, .nodeConnected(3, .node(3, .zero, ends: [AttemptID(5).end(on: 3)])))
    #expect(story.report.ends == [AttemptID(5).end(on: 3)])
    story.at(4, .masterOrdered(1, .acknowledge(5)))
    #expect(story.orders == [3: .acknowledge(5)])
  }

  @Test
  mutating func `a second copy of an attempt is ended, holds its room until then, and never speaks for it`() {
    story.at(3, .nodeConnected(3, .node(3, .cores(2), running: [AttemptID(1).held(on: 3, .cores(1))])))
    #expect(story.report.started == [])
    #expect(story.orders[3]?.kills == [KillOrder(attempt: 1, reason: .cancelled)])
    #expect(story.launched == [3: [5]])
    story.at(4, .nodeReported(3, 3, NodeReport(ends: [AttemptID(1).end(on: 3, .cancelled)])))
    #expect(story.report.ends == [])
    #expect(story.orders == [3: .acknowledge(1)])
    story.at(5, .nodeReported(1, 1, NodeReport(ends: [AttemptID(1).end(on: 1)])))
    #expect(story.report.ends == [AttemptID(1).end(on: 1)])
  }

  @Test mutating func `the end of a second copy is moot`() {
    story.at(3, .nodeConnected(3, .node(3, .cores(2), ends: [AttemptID(1).end(on: 3)])))
    #expect(story.report.ends == [])
    #expect(story.orders[3]?.acknowledged == [1])
  }

  @Test mutating func `a node that came back larger is filled`() {
    let running = [1, 2].map { AttemptID($0).held(on: 1, .cores(1)) }
    story.at(3, .nodeConnected(3, .node(1, .cores(3), running: running)))
    #expect(story.launched == [1: [5]])
    #expect(story.report.nodes == [.node(1, .up, .cores(3), free: .zero, running: 3)])
  }

  @Test mutating func `only the newest session of a node is listened to`() {
    story.at(3, .nodeConnected(3, .node(1, .cores(2), running: [AttemptID(1).held(on: 1, .cores(1))])))
    story.at(
      4,
      .nodeReported(1, 1, NodeReport(ends: [AttemptID(1).end(on: 1)])),
      .nodeDisconnected(1, 1),
      .nodeConnected(1, .node(1, .cores(2)))
    )
    #expect(story.effects == [.refuse(1, 1, "the node has said more since")])
    story.at(5, .nodeReported(3, 1, NodeReport(ends: [AttemptID(1).end(on: 1)])))
    #expect(story.report.ends == [AttemptID(1).end(on: 1)])
  }
}
