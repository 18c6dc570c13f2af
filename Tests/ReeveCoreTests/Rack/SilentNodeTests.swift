import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Rack core: a node that goes silent") struct SilentNodeTests {
  /// Node 1 runs 1, and 2 is on its way to it; 3 waits. Both nodes were last heard at 2.
  var story = RackStory.rack([1], .cores(2))

  init() {
    story.at(1, .masterOrdered(1, .launch(1, .of([1, 2, 3], as: 1, carrying: [oneCore]))))
    story.at(2, .nodeReported(1, 1, NodeReport(starts: [AttemptID(1).start(on: 1)])))
  }

  @Test mutating func `it is suspect after three seconds, takes no launch, and is told of at once`() {
    story.at(1_000)
    story.at(3_001)
    #expect(story.effects == [])
    #expect(story.core.nextDeadline == Now.ms(3_002).boot)
    story.at(3_002)
    #expect(story.report.nodes == [.node(1, .suspect, .cores(2), free: .zero, running: 2)])
    #expect(story.report.offer?.total == .zero)
    story.at(3_100, .masterOrdered(1, .kill(3)))
    #expect(story.launched == [:])
  }

  @Test mutating func `any sign of life ends the suspicion`() {
    story.at(3_002)
    story.at(3_500, .nodeReported(1, 1, NodeReport(ends: [AttemptID(1).end(on: 1)])))
    #expect(story.report.nodes == [.node(1, .up, .cores(2), free: .zero, running: 2)])
    #expect(story.launched == [1: [3]])
    story.at(6_499, .nodeBeat(1, 1))
    story.at(9_498)
    #expect(story.core.nextDeadline == Now.ms(9_499).boot)
  }

  @Test mutating func `after ten seconds it is lost once, with what it ran and what may have reached it`() {
    story.wait(until: 10_002)
    #expect(story.report.lost.map(\.name) == [])
    story.at(10_002)
    #expect(story.report.lost.map(\.name) == [AttemptID(1).named, AttemptID(2).named])
    #expect(story.report.nodes == [.node(1, .lost, .cores(2), free: .zero)])
    #expect(story.report.returned == [AttemptID(3).named])
    #expect(story.effects.contains { if case .refuse(1, 1, _) = $0 { true } else { false } })
    #expect(story.core.nextDeadline == nil)
    story.at(60_000, .nodeBeat(1, 1))
    #expect(story.effects == [])
  }

  @Test mutating func `what has arrived is handled before what has timed out`() {
    story.wait(until: 10_002)
    story.at(10_002, .nodeBeat(1, 1))
    #expect(story.report.lost.map(\.name) == [])
    #expect(story.report.nodes == [.node(1, .up, .cores(2), free: .zero, running: 2)])
  }

  @Test mutating func `without a stream it is suspect at once, and lost ten seconds after it was heard`() {
    story.at(500, .nodeDisconnected(1, 1))
    #expect(story.report.nodes.map(\.state) == [.suspect])
    story.at(600, .nodeBeat(1, 1))
    #expect(story.effects == [])
    story.wait(until: 10_002)
    story.at(10_002)
    #expect(story.report.lost.map(\.name) == [AttemptID(1).named, AttemptID(2).named])
    #expect(!story.effects.contains { if case .refuse = $0 { true } else { false } })
  }

  @Test mutating func `a lost node that comes back starts anew, and the master judges what it runs`() {
    story.wait(until: 10_003)
    let running = [1, 2].map { AttemptID($0).held(on: 1, .cores(1)) }
    story.at(11_000, .nodeConnected(2, .node(1, .cores(2), running: running)))
    #expect(story.report.started == running.map(\.start))
    #expect(story.report.nodes == [.node(1, .up, .cores(2), free: .zero, running: 2)])
  }

  @Test mutating func `a rack that did not run itself accuses nobody`() {
    story.at(300)
    #expect(story.core.nextDeadline == Now.ms(2_300).boot)
    story.at(60_000)
    #expect(story.report.lost.map(\.name) == [])
    story.wait(until: 67_702)
    #expect(story.report.lost.map(\.name) == [])
    story.at(67_702)
    #expect(story.report.lost.map(\.name) == [AttemptID(1).named, AttemptID(2).named])
  }

  /// Without steps on the way to a far deadline it would not notice.
  @Test mutating func `nor does one that was stopped while it waited for a far deadline`() {
    story.at(300, .nodeDisconnected(1, 1))
    story.at(11_800)
    #expect(story.report.lost.map(\.name) == [])
  }

  @Test mutating func `a turn that is a little late is no excuse`() {
    story.at(300)
    story.wait(until: 10_002)
    story.at(11_900)
    #expect(story.report.lost.map(\.name) == [AttemptID(1).named, AttemptID(2).named])
  }

  @Test mutating func `the deadlines are settings`() {
    let hasty = RackSettings(
      nodeSuspectAfter: .milliseconds(10),
      nodeLostAfter: .milliseconds(20),
      gatherInterval: .zero,
      acknowledgeWithin: .zero
    )
    story = .rack([1], .cores(2), hasty)
    story.at(10)
    #expect(story.report.nodes.map(\.state) == [.suspect])
    story.at(20)
    #expect(story.report.nodes.map(\.state) == [.lost])
  }
}
