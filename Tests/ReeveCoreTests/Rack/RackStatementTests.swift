import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Rack core: its statement") struct RackStatementTests {
  var story = RackStory(RackCore(.prompt))

  @Test mutating func `it waits until each node of the roster has connected`() {
    story.at(0, .masterConnected(1, .rack(1, nodes: [1, 2])))
    #expect(story.effects == [])
    story.at(1, .nodeConnected(1, .node(1, .cores(8))))
    #expect(story.statement == nil)
    story.at(2, .nodeConnected(2, .node(2, .cores(4))))
    var report = RackReport()
    report.nodes = [.node(1, .up, .cores(8)), .node(2, .up, .cores(4))]
    report.offer = RackOffer(total: .cores(12), free: .cores(12), largest: [.cores(8)])
    #expect(story.effects == [.welcome(2, 2, 1), .state(1, report)])
  }

  @Test
  mutating func `a node that never came is lost after the time-out, counted from when the rack learnt of it`()
  {
    story.at(500, .masterConnected(1, .rack(1, nodes: [1])))
    story.wait(until: 10_499)
    story.at(10_499)
    #expect(story.statement == nil)
    #expect(story.core.nextDeadline == Now.ms(10_500).boot)
    story.at(10_500)
    #expect(story.statement?.nodes == [NodeStatus(number: 1, name: "n-1", state: .lost)])
  }

  /// It has asked a master for its place meanwhile, and may be sent launches of which the rack's successor must know.
  @Test mutating func `a node that was lost from here and is expected again is waited for anew`() {
    story = .rack([1], .cores(2))
    story.wait(until: 10_001)
    story.at(10_001)
    story.at(20_000, .masterDisconnected(1))
    story.at(20_001, .masterConnected(2, .rack(1, nodes: [1])))
    #expect(story.statement == nil)
    story.at(20_002, .nodeConnected(2, .node(1, .cores(2))))
    #expect(story.statement?.nodes == [.node(1, .up, .cores(2))])
  }

  @Test mutating func `an empty roster is complete`() {
    story.at(0, .masterConnected(1, .rack(1, nodes: [])))
    #expect(story.statement != nil)
  }

  @Test mutating func `it has what waits, what is on its way, what runs and what ended, in that order`() {
    story = .rack([1, 2], .cores(2))
    story.at(1, .masterOrdered(1, .launch(1, .of([1, 2, 3, 4, 5, 6], as: 1, carrying: [oneCore]))))
    story.at(
      2,
      .nodeReported(1, 1, NodeReport(starts: [AttemptID(1).start(on: 1), AttemptID(2).start(on: 1)])),
      .nodeReported(1, 1, NodeReport(ends: [AttemptID(2).end(on: 1)]))
    )
    #expect(story.launched == [1: [5]])
    story.at(3, .masterDisconnected(1))
    story.at(4, .masterConnected(2, .rack(1, nodes: [1, 2])))
    #expect(story.statement?.waiting == [3, 4, 5, 6].map { AttemptID($0).named })
    #expect(story.statement?.started == [AttemptID(1).start(on: 1)])
    #expect(story.statement?.ends == [AttemptID(2).end(on: 1)])
    #expect(story.statement?.countedIn == 0)
    #expect(
      story.statement?.nodes == [
        .node(1, .up, .cores(2), free: .zero, running: 2), .node(2, .up, .cores(2), free: .zero, running: 2),
      ]
    )
  }

  @Test mutating func `what happens without a master is in the statement and in no report`() {
    story = .rack([1])
    story.at(1, .masterOrdered(1, .launch(1, .of([1], as: 1, carrying: [oneCore]))), .masterDisconnected(1))
    #expect(story.launched == [1: [1]])
    story.at(2, .nodeReported(1, 1, NodeReport(starts: [AttemptID(1).start(on: 1)])))
    #expect(story.effects == [])
    story.at(3, .masterConnected(2, .rack(1, nodes: [1])))
    #expect(story.statement?.started == [AttemptID(1).start(on: 1)])
    #expect(story.effects.count == 1)
  }

  @Test mutating func `a roster with a node more is waited for again`() {
    story = .rack([1])
    story.at(5, .masterConnected(2, .rack(1, nodes: [1, 2])))
    #expect(story.statement == nil)
    story.at(6, .nodeConnected(2, .node(2, .cores(8))))
    #expect(story.statement?.nodes.count == 2)
  }

  @Test mutating func `a node that left the roster while away is no longer spoken of`() {
    story = .rack([1, 2])
    story.at(1, .masterOrdered(1, .launch(1, .of([1], as: 1, carrying: [oneCore]))))
    story.at(2, .nodeDisconnected(1, 1), .masterDisconnected(1))
    story.at(3, .masterConnected(2, .rack(1, nodes: [2])))
    #expect(story.statement?.nodes == [.node(2, .up, .cores(8))])
    #expect(story.statement?.waiting == [])
    story.at(4, .nodeConnected(3, .node(1, .cores(8))))
    #expect(story.report.nodes == [.node(1, .up, .cores(8))])
  }

  @Test mutating func `a node that is struck off and expected again is waited for anew`() {
    story = .rack([1, 2])
    story.at(2, .nodeDisconnected(1, 1))
    story.at(3, .masterConnected(2, .rack(1, nodes: [2])))
    story.at(4, .masterConnected(3, .rack(1, nodes: [1, 2])))
    #expect(story.statement == nil)
    story.at(5, .nodeConnected(3, .node(1, .cores(8))))
    #expect(story.statement?.nodes == [.node(1, .up, .cores(8)), .node(2, .up, .cores(8))])
  }

  @Test mutating func `nodes are welcomed as soon as the generation is known`() {
    story.at(0, .nodeConnected(1, .node(7, .cores(8))))
    #expect(story.effects == [])
    story.at(1, .masterConnected(1, .rack(3, nodes: [7])))
    #expect(story.effects.first == .welcome(1, 7, 3))
    story.at(2, .masterConnected(2, .rack(3, nodes: [7])))
    #expect(story.effects.count == 1)
  }

  /// What a rack scheduler knew of its nodes while another had the rack is old, and what it lost may never have been away.
  @Test mutating func `under a new generation each node states itself anew first, also one that was lost`() {
    story = .rack([1, 2])
    story.at(1, .nodeDisconnected(1, 1), .masterDisconnected(1))
    story.at(11_000, .nodeBeat(2, 2))
    #expect(story.core.nextDeadline != nil)
    story.at(12_000, .masterConnected(2, .rack(2, nodes: [1, 2])))
    #expect(story.statement == nil)
    #expect(
      story.effects == [.refuse(2, 2, "another had the rack meanwhile: the node must state itself anew")]
    )
    story.at(12_001, .nodeConnected(3, .node(1, .cores(8))))
    #expect(story.statement == nil)
    story.at(12_002, .nodeConnected(4, .node(2, .cores(8))))
    #expect(story.statement?.nodes == [.node(1, .up, .cores(8)), .node(2, .up, .cores(8))])
  }

  @Test mutating func `under a new generation nothing is started that was given under an older`() {
    var story = RackStory.rack([1], .cores(1))
    story.at(1, .masterOrdered(1, .launch(1, .of([1, 2], as: 1, carrying: [oneCore]))))
    #expect(story.launched == [1: [1]])
    story.at(2, .masterDisconnected(1), .masterConnected(2, .rack(3, nodes: [1])))
    story.at(3, .nodeConnected(5, .node(1, .cores(1))))
    #expect(story.launched == [:])
    #expect(story.statement?.waiting == [])
    story.at(4, .masterOrdered(2, .launch(1, .of([1], as: 1, carrying: [oneCore]))))
    #expect(story.launched == [1: [1]])
  }

  @Test mutating func `only the newest session of the master is listened to`() {
    story = .rack([1])
    story.at(1, .masterConnected(2, .rack(1, nodes: [1])))
    story.at(2, .masterOrdered(1, .launch(1, .of([1], as: 1, carrying: [oneCore]))))
    #expect(story.effects == [])
    story.at(3, .masterDisconnected(1), .masterConnected(1, .rack(1, nodes: [1])))
    #expect(story.effects == [])
    story.at(4, .masterOrdered(2, .launch(1, .of([1], as: 1, carrying: [oneCore]))))
    #expect(story.launched == [1: [1]])
  }

  @Test mutating func `a new leader may count its sessions anew, and an old one is not heard any more`() {
    story = .rack([1])
    story.at(1, .masterConnected(9, .rack(1, nodes: [1])))
    let second = Generation(term: 2, number: 1)
    story.at(2, .masterConnected(1, .rack(second, nodes: [1])))
    story.at(2, .nodeConnected(2, .node(1, .cores(8))))
    #expect(story.effects.first == .welcome(2, 1, second))
    #expect(story.statement != nil)
    story.at(3, .masterConnected(10, .rack(2, nodes: [1])))
    #expect(story.effects == [])
  }
}
