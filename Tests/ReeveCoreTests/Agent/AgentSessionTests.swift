import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Agent core: sessions and fences") struct AgentSessionTests {
  /// Of the first statement of the first agent.
  private static let first: UInt64 = 1 << 32 + 1
  var story = AgentStory.agent()
  let launch = NodeOrders.launch(.of([1], as: 1, carrying: [oneCore]))

  @Test mutating func `it states itself once there is a rack scheduler and a number, in either order`() {
    story.at(0, .rackConnected(1))
    #expect(story.effects == [])
    story.at(1, .placed(7))
    #expect(story.effects == [.state(1, .node(7, .cores(4), serial: Self.first))])
    story.at(2, .placed(7))
    #expect(story.effects == [])
    story.at(3, .rackConnected(2))
    #expect(story.effects == [.state(2, .node(7, .cores(4), serial: Self.first + 1))])
  }

  @Test mutating func `another number wants another statement`() {
    story.at(0, .placed(7), .rackConnected(1))
    story.at(1, .placed(8))
    #expect(story.effects.count == 1)
    guard case .disconnect(1, _)? = story.effects.first else { Issue.record("no disconnect"); return }
    story.at(2, .rackConnected(2))
    guard case .state(2, let said)? = story.effects.first else { Issue.record("no statement"); return }
    #expect(said.node == 8)
  }

  @Test mutating func `orders count from the welcome`() {
    story.at(0, .placed(7), .rackConnected(1), .rackOrdered(1, launch))
    #expect(story.spawned == [])
    story.at(1, .rackWelcomed(1, 1), .rackOrdered(1, launch))
    #expect(story.spawned == [1])
  }

  @Test mutating func `a generation below the highest obeyed is turned away and gives no orders`() {
    story.at(0, .placed(7), .rackConnected(1), .rackWelcomed(1, 5))
    #expect(story.core.obeyed == 5)
    story.at(1, .rackConnected(2), .rackWelcomed(2, 4), .rackOrdered(2, launch))
    #expect(story.effects.count == 2)
    guard case .disconnect(2, _)? = story.effects.last else { Issue.record("no disconnect"); return }
    story.at(2, .rackConnected(3), .rackWelcomed(3, 5), .rackOrdered(3, launch))
    #expect(story.effects.first == .state(3, .node(7, .cores(4), serial: Self.first + 2, obeyed: 5)))
    #expect(story.spawned == [1])
  }

  @Test mutating func `what was obeyed before a restart still counts`() {
    story = .agent(obeyed: 5)
    story.at(0, .placed(7), .rackConnected(1), .rackWelcomed(1, 4), .rackOrdered(1, launch))
    #expect(story.spawned == [])
    #expect(story.core.obeyed == 5)
  }

  @Test mutating func `only the newest session is listened to, and the newest is the last opened`() {
    story.at(0, .placed(7), .rackConnected(9), .rackWelcomed(9, 1), .rackConnected(2), .rackWelcomed(2, 1))
    story.at(1, .rackOrdered(9, launch), .rackWelcomed(9, 9), .rackDisconnected(9))
    #expect(story.effects == [])
    story.at(2, .rackOrdered(2, launch))
    #expect(story.spawned == [1])
    story.at(3, .rackDisconnected(2), .rackOrdered(2, .kill(1)))
    #expect(story.effects == [])
  }

  @Test mutating func `the statement has what runs, what was spawned, and each end nobody acknowledged`() {
    story = .welcomed(
      running: [RecoveredAttempt(start: AttemptID(50).start(on: 0), resources: .cores(1))],
      ends: [AttemptID(40).end(on: 0)]
    )
    story.at(5, .rackOrdered(1, .launch(.of([1, 2, 3], as: 1, carrying: [oneCore]))))
    story.at(6, .started(1, .ms(6)), .ended(AttemptID(2).end(on: 7)))
    story.at(7, .rackConnected(2))
    let running = [
      AttemptID(1).held(on: 7, .cores(1), since: .ms(6)), AttemptID(3).held(on: 7, .cores(1), since: .ms(5)),
      AttemptID(50).held(on: 7, .cores(1)),
    ]
    let ends = [AttemptID(2).end(on: 7), AttemptID(40).end(on: 7)]
    let statement = NodeStatement.node(
      7,
      .cores(4),
      running: running,
      ends: ends,
      serial: Self.first + 1,
      obeyed: 1
    )
    #expect(story.effects == [.state(2, statement)])
  }

  @Test mutating func `what happens without a session is in the next statement and in no report`() {
    story = .welcomed()
    story.at(1, .rackOrdered(1, .launch(.of([1], as: 1, carrying: [oneCore]))), .rackDisconnected(1))
    story.at(2, .started(1, .ms(2)))
    #expect(story.effects == [])
    story.at(3, .ended(AttemptID(1).end(on: 7)))
    #expect(story.effects == [])
    story.at(4, .rackConnected(2))
    let ends = [AttemptID(1).end(on: 7)]
    let statement = NodeStatement.node(7, .cores(4), ends: ends, serial: Self.first + 1, obeyed: 1)
    #expect(story.effects == [.state(2, statement)])
  }
}
