import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Agent core: launches, kills and ends") struct AgentTasksTests {
  var story = AgentStory.welcomed()

  @Test mutating func `a turn's launches are spawned together, with all that each needs`() {
    story.at(
      1,
      .rackOrdered(1, .launch(.of([1], as: 1, carrying: [oneCore]))),
      .rackOrdered(1, .launch(.of([2], as: 1)))
    )
    let spawns = [1, 2].map { n in
      AgentEffect.Spawn(
        attempt: AttemptID(n),
        task: TaskNumber(n),
        job: "job",
        name: "task-\(n)",
        template: oneCore.template,
        arguments: ["--n", "\(n)"]
      )
    }
    #expect(story.effects == [.spawn(spawns)])
  }

  @Test mutating func `a launch that is known, runs or has ended is not spawned twice`() {
    story.at(1, .rackOrdered(1, .launch(.of([1, 1], as: 1, carrying: [oneCore]))))
    #expect(story.spawned == [1])
    story.at(2, .started(1, .ms(2)), .rackOrdered(1, .launch(.of([1], as: 1))))
    #expect(story.spawned == [])
    story.at(3, .ended(AttemptID(1).end(on: 7)), .rackOrdered(1, .launch(.of([1], as: 1))))
    #expect(story.spawned == [])
  }

  @Test mutating func `a launch that is larger than the node, or has no template, is refused at once`() {
    let giant = TaskTemplate.needing(.cores(5)).numbered(2)
    story.at(1, .rackOrdered(1, .launch(.of([1], as: 2, carrying: [giant]))))
    #expect(story.effects == [.report(1, NodeReport(refused: [AttemptID(1).named]))])
    story.at(2, .rackOrdered(1, .launch(.of([2], as: 9))))
    #expect(story.effects == [.report(1, NodeReport(refused: [AttemptID(2).named]))])
  }

  @Test mutating func `a template belongs to the session that carried it, and may be carried anew`() {
    story.at(1, .rackOrdered(1, .launch(.of([1], as: 1, carrying: [oneCore]))))
    story.at(
      2,
      .rackOrdered(1, .launch(.of([2], as: 1, carrying: [TaskTemplate.needing(.cores(3)).numbered(1)])))
    )
    #expect(story.spawned == [2])
    story.at(3, .rackConnected(2), .rackWelcomed(2, 1), .rackOrdered(2, .launch(.of([3], as: 1))))
    #expect(story.spawned == [])
    #expect(story.effects.last == .report(2, NodeReport(refused: [AttemptID(3).named])))
  }

  @Test mutating func `starts and ends are reported, one report a turn`() {
    story.at(1, .rackOrdered(1, .launch(.of([1, 2], as: 1, carrying: [oneCore]))))
    story.at(
      2,
      .started(1, .ms(2)),
      .started(2, .ms(2)),
      .started(1, .ms(3)),
      .ended(AttemptID(1).end(on: 7))
    )
    let starts = [1, 2].map { AttemptID($0).start(on: 7, at: .ms(2)) }
    #expect(story.effects == [.report(1, NodeReport(starts: starts, ends: [AttemptID(1).end(on: 7)]))])
  }

  @Test
  mutating func `a kill goes out once, with the template's grace, and after the spawn of the same turn`() {
    let patient = TaskTemplate.needing(.cores(1), grace: .seconds(30)).numbered(1)
    story.at(1, .rackOrdered(1, .launch(.of([1], as: 1, carrying: [patient]))), .rackOrdered(1, .kill(1, 99)))
    #expect(story.spawned == [1])
    #expect(story.effects.last == .kill(1, .cancelled, grace: .seconds(30)))
    story.at(2, .rackOrdered(1, .kill(1, reason: .timedOut)))
    #expect(story.effects == [])
  }

  @Test mutating func `a kill of what has ended does nothing`() {
    story.at(1, .rackOrdered(1, .launch(.of([1], as: 1, carrying: [oneCore]))))
    story.at(2, .rackOrdered(1, .kill(1)), .ended(AttemptID(1).end(on: 7)))
    #expect(story.effects == [.report(1, NodeReport(ends: [AttemptID(1).end(on: 7)]))])
  }

  @Test mutating func `an end is kept until it is acknowledged, and then forgotten`() {
    story.at(1, .rackOrdered(1, .launch(.of([1], as: 1, carrying: [oneCore]))))
    story.at(2, .ended(AttemptID(1).end(on: 7, .exitCode)), .ended(AttemptID(1).end(on: 7)))
    #expect(story.effects == [.report(1, NodeReport(ends: [AttemptID(1).end(on: 7, .exitCode)]))])
    story.at(3, .rackOrdered(1, .acknowledge(1, 2)))
    #expect(story.effects == [.forget([1])])
    story.at(4, .rackOrdered(1, .acknowledge(1)))
    #expect(story.effects == [])
  }

  @Test mutating func `the end of an attempt that nobody knows is kept too`() {
    story.at(1, .ended(AttemptID(60).end(on: 0, .exitUnknown)))
    #expect(story.effects == [.report(1, NodeReport(ends: [AttemptID(60).end(on: 7, .exitUnknown)]))])
  }
}

@Suite("Agent core: messages") struct AgentMessageTests {
  var story = AgentStory.welcomed()

  @Test mutating func `they go to what is here, behind its start and in their order`() {
    var orders = NodeOrders.launch(.of([1], as: 1, carrying: [TaskTemplate.needing(.cores(1)).numbered(1)]))
    for (attempt, byte) in [(1, 5), (9, 6), (1, 4)] as [(AttemptID, UInt8)] {
      _ = orders.messages.add(TaskMessage(to: attempt, [byte]))
    }
    story.at(1, .rackOrdered(1, orders))
    #expect(story.spawned == [1])
    #expect(story.effects.last == .tell([TaskMessage(to: 1, [5]), TaskMessage(to: 1, [4])]))
  }
}

@Suite("Agent core: time limits") struct TimeLimitTests {
  var story = AgentStory.welcomed()

  mutating func launch(_ attempts: [AttemptID], limit: TimeSpan) {
    let template = TaskTemplate.needing(.cores(1), timeLimit: limit, grace: .seconds(2)).numbered(1)
    story.at(1, .rackOrdered(1, .launch(.of(attempts, as: 1, carrying: [template]))))
  }

  @Test mutating func `a warning comes so long before the limit, once, and not to what is to end`() {
    var template = TaskTemplate.needing(.cores(1), timeLimit: .seconds(10), grace: .seconds(2)).numbered(1)
    template.template.warning = TimeWarning(signal: 10, before: .seconds(3))
    story.at(1, .rackOrdered(1, .launch(.of([1, 2], as: 1, carrying: [template]))))
    story.at(1_000, .started(1, .ms(1_000)), .started(2, .ms(1_000)))
    story.at(7_999)
    #expect(story.effects == [])
    #expect(story.core.nextDeadline == Now.ms(8_000).boot)
    var order = NodeOrders()
    order.kills = [KillOrder(attempt: 2, reason: .cancelled)]
    story.at(7_999, .rackOrdered(1, order))
    story.at(8_000)
    #expect(story.effects == [.warn(1, signal: 10)])
    story.at(9_000)
    #expect(story.effects == [])
    story.at(11_000)
    #expect(story.effects == [.kill(1, .timedOut, grace: .seconds(2))])
  }

  @Test mutating func `it counts from the start, and ends the attempt once`() {
    launch([1], limit: .seconds(10))
    #expect(story.core.nextDeadline == nil)
    story.at(5_000, .started(1, .ms(5_000)))
    #expect(story.core.nextDeadline == Now.ms(15_000).boot)
    story.at(14_999)
    #expect(story.effects == [])
    story.at(15_000)
    #expect(story.effects == [.kill(1, .timedOut, grace: .seconds(2))])
    #expect(story.core.nextDeadline == nil)
    story.at(15_001, .rackOrdered(1, .kill(1)))
    #expect(story.effects == [])
  }

  @Test mutating func `what ends in time, or was told to end, is not ended for its time`() {
    launch([1, 2, 3], limit: .seconds(10))
    story.at(5, .started(1, .ms(5)), .started(2, .ms(5)), .started(3, .ms(5)))
    story.at(6, .rackOrdered(1, .kill(2)), .ended(AttemptID(1).end(on: 7)))
    story.at(10_005)
    #expect(story.effects == [.kill(3, .timedOut, grace: .seconds(2))])
  }

  @Test mutating func `an end that has arrived comes before a limit that has passed`() {
    launch([1], limit: .seconds(10))
    story.at(5, .started(1, .ms(5)))
    story.at(20_000, .ended(AttemptID(1).end(on: 7)))
    #expect(story.effects == [.report(1, NodeReport(ends: [AttemptID(1).end(on: 7)]))])
  }

  @Test func `after a restart it goes on counting from the start`() {
    let start = TaskStart(attempt: 1, task: 1, node: 7, started: .ms(-4_000))
    let limited = RecoveredAttempt(
      start: start,
      resources: .cores(1),
      timeLimit: .seconds(10),
      grace: .seconds(2)
    )
    var story = AgentStory.agent(running: [limited])
    #expect(story.core.nextDeadline == Now.ms(6_000).boot)
    story.at(6_000)
    #expect(story.effects == [.kill(1, .timedOut, grace: .seconds(2))])
  }

  @Test
  func `after a restart a warning comes in time, at once where its time has passed, and not after the limit`()
  {
    let limits: [TimeSpan] = [.seconds(10), .seconds(6), .seconds(3)]
    let running = limits.enumerated().map { i, limit in
      RecoveredAttempt(
        start: TaskStart(attempt: AttemptID(UInt64(i) + 1), task: 1, node: 7, started: .ms(-4_000)),
        resources: .cores(1),
        timeLimit: limit,
        grace: .seconds(2),
        warning: TimeWarning(signal: 10, before: .seconds(3))
      )
    }
    var story = AgentStory.agent(running: running)
    story.at(0)
    #expect(story.effects == [.kill(3, .timedOut, grace: .seconds(2)), .warn(2, signal: 10)])
    #expect(story.core.nextDeadline == Now.ms(2_000).boot)
    story.at(3_000)
    #expect(story.effects == [.kill(2, .timedOut, grace: .seconds(2)), .warn(1, signal: 10)])
  }

  @Test func `what was told to end before a restart is not told again`() {
    let told = RecoveredAttempt(
      start: AttemptID(1).start(on: 7),
      resources: .cores(1),
      timeLimit: .seconds(1),
      kill: .cancelled
    )
    var story = AgentStory.agent(running: [told])
    story.at(2_000)
    #expect(story.effects == [])
  }
}

@Suite("Attempt table") struct AttemptTableTests {
  @Test func `limits of what has ended do not pile up`() {
    var table = AttemptTable(total: .cores(1))
    for i in 1...10_000 as ClosedRange<UInt64> {
      table.hold(
        AttemptID(i),
        AttemptTable.Row(
          task: 1,
          resources: .cores(1),
          timeLimit: .seconds(86_400),
          grace: .zero,
          started: .ms(0)
        )
      )
      _ = table.start(AttemptID(i), .ms(0), at: Now.ms(Int64(i)).boot)
      _ = table.end(AttemptID(i))
      #expect(table.watched <= 2 * 1 + 66)
    }
    #expect(table.violations() == [])
    #expect(table.free == .cores(1))
  }

  @Test(arguments: 1...20) func `limits pass in order, just for what is live`(seed: UInt64) {
    var random = SeededRandom(seed)
    var table = AttemptTable(total: .cores(1_000))
    var due: [AttemptID: Int64] = [:]
    for now in 1...300 as ClosedRange<Int64> {
      let attempt = AttemptID(UInt64(now))
      let limit = Int64.random(in: 1...50, using: &random)
      table.hold(
        attempt,
        AttemptTable.Row(
          task: 1,
          resources: .cores(1),
          timeLimit: .milliseconds(limit),
          grace: .zero,
          started: .ms(0)
        )
      )
      _ = table.start(attempt, .ms(now), at: Now.ms(now).boot)
      due[attempt] = now + limit
      if let gone = due.keys.sorted().randomElement(using: &random), random.one(in: 3) {
        _ = table.end(gone)
        due[gone] = nil
      }
      let expected = due.filter { $0.value <= now }.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(
        \.key
      )
      let overdue = table.takeOverdue(at: Now.ms(now).boot)
      #expect(overdue == expected)
      for attempt in expected {
        _ = table.kill(attempt, .timedOut)
        due[attempt] = nil
      }
      #expect(table.violations() == [])
    }
  }
}
