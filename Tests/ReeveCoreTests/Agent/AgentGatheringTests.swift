import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Agent core: starts wait for company") struct AgentGatheringTests {
  var story = AgentStory.agent(
    settings: AgentSettings(startsWait: .milliseconds(5), startsInterval: .milliseconds(50))
  )

  init() {
    story.at(0, .placed(7), .rackConnected(1), .rackWelcomed(1, 1))
    story.at(1, .rackOrdered(1, .launch(.of([1, 2], as: 1, carrying: [oneCore]))))
  }

  @Test mutating func `the start and the end of a short task travel together`() {
    story.at(2, .started(1, .ms(2)))
    #expect(story.effects == [])
    story.at(4, .ended(AttemptID(1).end(on: 7)))
    #expect(story.reported.starts.map(\.attempt) == [1])
    #expect(story.reported.ends.map(\.attempt) == [1])
    #expect(story.core.nextDeadline == nil)
  }

  @Test mutating func `the start of a long task is told after five milliseconds`() {
    story.at(2, .started(1, .ms(2)))
    story.at(4, .started(2, .ms(4)))
    #expect(story.core.nextDeadline == Now.ms(7).boot)
    story.at(7)
    #expect(story.reported.starts.map(\.attempt) == [1, 2])
  }

  @Test mutating func `the next start waits for a twentieth of a second, but not the next end`() {
    story.at(1, .rackOrdered(1, .launch(.of([3, 4], as: 1))))
    story.at(2, .started(1, .ms(2)))
    story.at(7)
    story.at(8, .started(2, .ms(8)))
    #expect(story.core.nextDeadline == Now.ms(57).boot)
    story.at(20, .started(3, .ms(20)))
    #expect(story.effects == [])
    story.at(30, .ended(AttemptID(1).end(on: 7)))
    #expect(story.reported.starts.map(\.attempt) == [2, 3])
    story.at(31, .started(4, .ms(31)))
    #expect(story.core.nextDeadline == Now.ms(80).boot)
    story.at(80)
    #expect(story.reported.starts.map(\.attempt) == [4])
  }
}
