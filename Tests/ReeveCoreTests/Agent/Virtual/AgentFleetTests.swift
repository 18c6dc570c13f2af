import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

extension AgentFleet: SelfChecking {}

@Suite("Agent fleet") struct AgentFleetTests {
  /// Three nodes of four cores, the first two welcomed on session 1 of their own.
  var story = Story(
    AgentFleet(
      (0..<3).map { i in
        AgentCore(
          name: "n-\(i)",
          address: "a:1",
          incarnation: UInt64(i + 1),
          total: .cores(4),
          settings: .ofStories,
          at: .ms(0)
        )
      }
    )
  )

  init() {
    for place in [0, 1] {
      story.at(
        0,
        .init(place, .placed(NodeNumber(UInt32(place + 1)))),
        .init(place, .rackConnected(1)),
        .init(place, .rackWelcomed(1, 1))
      )
    }
  }

  private func launch(_ attempts: AttemptID...) -> AgentEvent {
    .rackOrdered(1, .launch(.of(attempts, as: 1, carrying: [oneCore])))
  }

  @Test mutating func `each is told only of what happens to it, and answers for itself`() {
    story.at(1, .init(0, launch(1, 2)), .init(1, launch(3)), .init(2, launch(4)))
    let spawned = story.effects.compactMap { effect -> [Int: [AttemptID]]? in
      if case .spawn(let spawns) = effect.effect { [effect.place: spawns.map(\.attempt)] } else { nil }
    }
    #expect(spawned == [[0: [1, 2]], [1: [3]]])
    story.at(2, .init(1, .ended(AttemptID(3).end(on: 2))), .init(0, .ended(AttemptID(1).end(on: 1))))
    #expect(story.effects.map(\.place) == [1, 0])
  }

  @Test mutating func `only those whose time has come are asked`() {
    let limited = TaskTemplate.needing(.cores(1), timeLimit: .milliseconds(50)).numbered(2)
    for (place, ms) in [(0, 1), (1, 3)] as [(Int, Int64)] {
      story.at(ms, .init(place, .rackOrdered(1, .launch(.of([9], as: 2, carrying: [limited])))))
      story.at(ms, .init(place, .started(9, .ms(ms))))
    }
    #expect(story.core.nextDeadline == Now.ms(51).boot)
    story.at(51)
    #expect(story.effects.map(\.place) == [0])
    story.at(53)
    #expect(story.effects.map(\.place) == [1])
  }

  @Test mutating func `each obeys its own rack's generation`() {
    story.at(1, .init(0, .rackConnected(2)), .init(0, .rackWelcomed(2, 5)))
    #expect(story.effects.contains(.init(0, .obey(5))))
    story.at(2, .init(1, .rackConnected(2)), .init(1, .rackWelcomed(2, 3)))
    #expect(story.effects.contains(.init(1, .obey(3))))
    story.at(3, .init(0, .rackConnected(3)), .init(0, .rackWelcomed(3, 4)))
    #expect(story.effects.contains { if case .disconnect = $0.effect { $0.place == 0 } else { false } })
  }
}
