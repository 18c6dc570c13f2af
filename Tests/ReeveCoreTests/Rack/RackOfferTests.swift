import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Rack core: what it offers") struct RackOfferTests {
  var story = RackStory.rack([1, 2], .cores(4, memory: 8))

  @Test mutating func `it says how often each shape asked about fits now, and how many of it wait`() {
    let shapes = [Resources.cores(3), .cores(1, memory: 8), .cores(5), .zero]
    story.at(100, .masterOrdered(1, .ask(shapes)))
    #expect(story.report.offer?.fits.map(\.fits) == [2, 2, 0, 1_000_000])
    #expect(story.report.offer?.fits.map(\.shape) == [0, 1, 2, 3])
    let three = TaskTemplate.needing(.cores(3)).numbered(3)
    story.at(200, .masterOrdered(1, .launch(1, .of([1, 2, 3], as: 3, carrying: [three]))))
    #expect(story.report.offer?.fits.map(\.fits) == [0, 2, 0, 1_000_000])
    #expect(story.report.offer?.fits.map(\.waiting) == [1, 0, 0, 0])
    #expect(story.report.offer?.free == .cores(2, memory: 16))
    #expect(story.report.offer?.total == .cores(8, memory: 16))
  }

  @Test mutating func `alone it leaves at most every five milliseconds`() {
    story.at(100, .masterOrdered(1, .ask([.cores(1)])))
    #expect(story.report.offer != nil)
    story.at(102, .masterOrdered(1, .launch(1, .of([1], as: 1, carrying: [oneCore]))))
    #expect(story.report == RackReport())
    #expect(story.core.nextDeadline == Now.ms(105).boot)
    story.at(105)
    #expect(story.report.offer?.fits.map(\.fits) == [7])
  }

  @Test mutating func `it goes along with whatever else is said, if it has changed`() {
    story.at(300, .masterOrdered(1, .launch(1, .of([1], as: 1, carrying: [oneCore]))))
    story.at(301, .nodeReported(1, 1, NodeReport(starts: [AttemptID(1).start(on: 1)])))
    #expect(story.report.started.count == 1)
    #expect(story.report.offer == nil)
    story.at(302, .nodeReported(1, 1, NodeReport(ends: [AttemptID(1).end(on: 1)])))
    #expect(story.report.ends.count == 1)
    #expect(story.report.offer?.free == .cores(8, memory: 16))
  }

  @Test mutating func `what is the same again is not said again`() {
    story.at(100, .masterOrdered(1, .launch(1, .of([1], as: 1, carrying: [oneCore]))))
    story.at(300)
    story.at(400, .masterOrdered(1, .ask([])))
    #expect(story.effects == [])
    story.at(500, .nodeBeat(1, 1), .nodeBeat(2, 2))
    #expect(story.effects == [])
  }

  @Test mutating func `the largest nodes are those that no other exceeds or equals in everything`() {
    let totals: [Resources] = [
      .cores(4, memory: 8), .cores(8, memory: 2), .cores(8, memory: 1), .cores(2, memory: 16),
      .cores(2, memory: 2),
    ]
    let events = totals.indices.map { i -> RackEvent in
      .nodeConnected(SessionNumber(UInt64(10 + i)), .node(NodeNumber(UInt32(10 + i)), totals[i]))
    }
    story.turn(.ms(100), events)
    #expect(
      story.report.offer?.largest == [.cores(8, memory: 2), .cores(4, memory: 8), .cores(2, memory: 16)]
    )
  }

  @Test mutating func `figures of nodes are told at most every fifth of a second`() {
    story.at(200, .masterOrdered(1, .launch(1, .of([1], as: 1, carrying: [oneCore]))))
    #expect(
      story.report.nodes == [.node(1, .up, .cores(4, memory: 8), free: .cores(3, memory: 8), running: 1)]
    )
    story.at(250, .nodeReported(1, 1, NodeReport(ends: [AttemptID(1).end(on: 1)])))
    #expect(story.report.nodes == [])
    #expect(story.core.nextDeadline == Now.ms(400).boot)
    story.at(400)
    #expect(story.report.nodes == [.node(1, .up, .cores(4, memory: 8))])
  }

  @Test mutating func `a change of state is told at once, and only of that node`() {
    story.at(200, .masterOrdered(1, .launch(1, .of([1], as: 1, carrying: [oneCore]))))
    story.at(201, .masterOrdered(1, .launch(2, .of([2], as: 1))))
    story.at(202, .nodeDisconnected(2, 2))
    #expect(story.report.nodes == [.node(2, .suspect, .cores(4, memory: 8))])
    #expect(story.report.offer?.total == .cores(4, memory: 8))
  }
}
