import ReeveCore
import ReeveModel
import ReeveTestSupport

typealias AgentStory = Story<AgentCore>

extension Story where Subject == AgentCore {
  /// Node 7 of 4 cores as it comes up at 0, with what it had before.
  static func agent(
    obeyed: Generation = .none,
    running: [RecoveredAttempt] = [],
    ends: [TaskEnd] = [],
    settings: AgentSettings = .ofStories
  ) -> AgentStory {
    AgentStory(
      AgentCore(
        name: "n-7",
        address: "n-7:1",
        incarnation: 1,
        total: .cores(4),
        obeyed: obeyed,
        running: running,
        ends: ends,
        settings: settings,
        at: .ms(0)
      )
    )
  }

  /// The same, connected on session 1 and welcomed under generation 1.
  static func welcomed(
    running: [RecoveredAttempt] = [],
    ends: [TaskEnd] = [],
    settings: AgentSettings = .ofStories
  ) -> AgentStory {
    var story = agent(running: running, ends: ends, settings: settings)
    story.at(0, .placed(7), .rackConnected(1), .rackWelcomed(1, 1))
    return story
  }

  var spawned: [AttemptID] {
    effects.reduce(into: []) { found, effect in
      if case .spawn(let spawns) = effect { found += spawns.map(\.attempt) }
    }
  }

  /// What the rack was told in the last turn; empty if nothing.
  var reported: NodeReport {
    effects.lazy.compactMap { if case .report(_, let report) = $0 { report } else { nil } }.first
      ?? NodeReport()
  }
}

extension AgentSettings {
  /// Round times, whatever the real ones are; and a start is told at once.
  static let ofStories = AgentSettings(
    startsWait: .zero,
    startsInterval: .zero,
    gatherInterval: .milliseconds(10),
    launchesWait: .milliseconds(100)
  )
}
