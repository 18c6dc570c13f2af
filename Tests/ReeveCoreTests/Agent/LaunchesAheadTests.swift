import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Agent core: launches wait for room") struct LaunchesAheadTests {
  /// A node of four cores, all of them taken at 1, and two more launches that wait.
  var story = AgentStory.welcomed()

  init() {
    story.at(1, .rackOrdered(1, .launch(.of([1, 2, 3, 4, 5, 6], as: 1, carrying: [oneCore]))))
  }

  @Test mutating func `what does not fit starts in its order, as others end`() {
    #expect(story.spawned == [1, 2, 3, 4])
    story.at(2, .ended(AttemptID(3).end(on: 7)))
    #expect(story.spawned == [5])
    story.at(3, .ended(AttemptID(1).end(on: 7)), .ended(AttemptID(5).end(on: 7)))
    #expect(story.spawned == [6])
  }

  @Test mutating func `a small one does not pass a large one`() {
    let large = TaskTemplate.needing(.cores(2)).numbered(2)
    story.at(2, .ended(AttemptID(1).end(on: 7)), .ended(AttemptID(2).end(on: 7)))
    #expect(story.spawned == [5, 6])
    story.at(3, .rackOrdered(1, .launch(.of([10], as: 2, carrying: [large]))))
    story.at(4, .rackOrdered(1, .launch(.of([11], as: 1))), .ended(AttemptID(3).end(on: 7)))
    #expect(story.spawned == [])
    story.at(5, .ended(AttemptID(4).end(on: 7)))
    #expect(story.spawned == [10])
  }

  @Test mutating func `what has waited a tenth of a second goes back`() {
    #expect(story.core.nextDeadline == Now.ms(101).boot)
    story.at(101)
    #expect(story.effects == [.report(1, NodeReport(refused: [AttemptID(5).named, AttemptID(6).named]))])
    story.at(102, .ended(AttemptID(1).end(on: 7)))
    #expect(story.spawned == [])
    #expect(story.core.nextDeadline == nil)
  }

  @Test mutating func `room comes before time that is up`() {
    story.at(200, .ended(AttemptID(1).end(on: 7)))
    #expect(story.spawned == [5])
    #expect(story.reported.refused == [AttemptID(6).named])
  }

  @Test mutating func `one that is to be killed goes back, and is never spawned`() {
    story.at(2, .rackOrdered(1, .kill(5)), .ended(AttemptID(1).end(on: 7)))
    #expect(story.spawned == [6])
    #expect(story.reported.refused == [AttemptID(5).named])
    #expect(!story.effects.contains { if case .kill = $0 { true } else { false } })
  }

  @Test mutating func `one that is known is not queued twice`() {
    story.at(2, .rackOrdered(1, .launch(.of([5, 6, 1], as: 1))))
    story.at(
      3,
      .ended(AttemptID(2).end(on: 7)),
      .ended(AttemptID(3).end(on: 7)),
      .ended(AttemptID(4).end(on: 7))
    )
    #expect(story.spawned == [5, 6])
  }

  @Test mutating func `a statement lacks them, and they are forgotten with it`() {
    story.at(2, .rackConnected(2), .rackWelcomed(2, 1), .ended(AttemptID(1).end(on: 7)))
    #expect(story.spawned == [])
    story.at(3, .rackOrdered(2, .launch(.of([5], as: 1, carrying: [oneCore]))))
    #expect(story.spawned == [5])
  }

  @Test mutating func `while they wait, starts and ends gather for ten milliseconds`() {
    story.at(2, .started(1, .ms(2)))
    story.at(4, .ended(AttemptID(1).end(on: 7)))
    #expect(story.reported.isEmpty)
    #expect(story.core.nextDeadline == Now.ms(12).boot)
    story.at(12)
    #expect(story.reported.starts.map(\.attempt) == [1])
    #expect(story.reported.ends.map(\.attempt) == [1])
    story.at(13, .ended(AttemptID(2).end(on: 7)))
    #expect(story.reported.ends.map(\.attempt) == [2], "nothing waits any more")
  }

  @Test mutating func `the rack hears of ends when more have ended than wait`() {
    story.at(1, .rackOrdered(1, .launch(.of((7...12).map { AttemptID($0) }, as: 1))))
    for i in 1...4 as ClosedRange<UInt64> {
      story.at(2, .ended(AttemptID(i).end(on: 7)))
      #expect(story.reported.isEmpty)
    }
    story.at(2, .ended(AttemptID(5).end(on: 7)))
    #expect(story.reported.ends.map(\.attempt) == [1, 2, 3, 4, 5])
  }
}
