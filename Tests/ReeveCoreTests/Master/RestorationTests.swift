import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Master: a state comes back from its snapshot") struct RestorationTests {
  private func restore(_ parts: [SnapshotPart]) throws(SnapshotFlaw) -> DurableState {
    var restoration = Restoration()
    for part in parts { try restoration.take(part) }
    return try restoration.finish().state
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func `whatever the history, it is the same state, and the same facts lead on from it`(seed: UInt64) throws {
    var history = RandomHistory(seed: seed)
    history.live(60)
    let state = history.story.core.durable
    #expect(try restore(state.parts()) == state)
    #expect(try restore(state.parts(tasks: 1, bytes: 1)) == state)
    #expect(try restore(state.parts(tasks: 10_000, bytes: 1 << 20)) == state)
    let count = history.facts.count
    history.live(60)
    var restored = try restore(state.parts())
    for fact in history.facts[count...] { restored.apply(fact) }
    #expect(restored == history.story.core.durable)
    #expect(history.story.core.violations().isEmpty)
  }

  @Test func `the histories have something of everything in them`() throws {
    var states: Set<TaskState> = []
    var (ordered, losses, retries, held, blocked, awaiting, forgotten, calledOff) = (0, 0, 0, 0, 0, 0, 0, 0)
    var (priorities, outer, orders) = (0, 0, Set<QueueOrder>())
    for seed in 1...60 as ClosedRange<UInt64> {
      var history = RandomHistory(seed: seed)
      history.live(80)
      let state = history.story.core.durable
      awaiting += state.awaited.count
      forgotten += state.roster.nodes.count { $0.isForgotten }
      ordered += state.active.values.count { $0.ordered != .none }
      losses += state.setbacks.values.count { $0.losses > 0 }
      retries += state.setbacks.values.count { $0.retries > 0 }
      orders.insert(state.policy.order)
      for job in state.jobs.jobs {
        for place in 0..<job.count {
          states.insert(job.states[place])
          if job.states.isHeld(place) { held += 1 }
        }
        blocked += job.unmet.count { $0 > 1 }
        calledOff += job.calledOff.runs.count
        priorities += job.priorities.runs.count
        outer += job.outerTargets.count
      }
    }
    #expect(states == Set(TaskState.allCases) && orders == Set(QueueOrder.allCases))
    for count in [losses, blocked, calledOff, held] { #expect(count > 50) }
    let rare = [awaiting, forgotten, ordered, retries, priorities, outer]
    #expect(rare.count { $0 > 2 } >= 5, "\(rare)")
  }

  @Test func `the master that has it decides as the one that has replayed everything`() throws {
    var history = RandomHistory(seed: 5)
    history.live(80)
    var replaying = MasterCore(settings: .prompt)
    for fact in history.facts { replaying.replay(fact) }
    var restored = MasterCore(settings: .prompt, restoring: try restore(replaying.durable.parts()))
    let hello = RackHello(rack: "new", address: "a", incarnation: 1)
    var offer = RackReport()
    offer.offer = RackOffer(total: .cores(64), free: .cores(64), fits: [], largest: [.cores(64)])
    let events: [MasterEvent] = [
      .leading(Term(replaying.durable.term.rawValue + 1)), .rackConnected(SessionNumber(9), hello),
      .rackStated(SessionNumber(9), offer),
    ]
    for (i, event) in events.enumerated() {
      var (these, those): ([MasterEffect], [MasterEffect]) = ([], [])
      replaying.handle(event, at: .ms(Int64(i)), into: &these)
      replaying.decide(at: .ms(Int64(i)), into: &these)
      restored.handle(event, at: .ms(Int64(i)), into: &those)
      restored.decide(at: .ms(Int64(i)), into: &those)
      #expect(these == those && !these.isEmpty)
    }
    #expect(replaying.durable == restored.durable)
  }

  @Test func `parts that do not fit are a flaw, and no crash`() throws {
    var history = RandomHistory(seed: 3)
    history.live(200)
    let parts = history.story.core.durable.parts()
    #expect(parts.count > 10)
    for i in parts.indices {
      // One that is missing, one that comes twice, and two in the wrong order.
      var fewer = parts
      fewer.remove(at: i)
      #expect(throws: (any Error).self) { try expectDifference(fewer, from: history) }
      #expect(throws: SnapshotFlaw.self) { try restore(Array(parts[...i]) + Array(parts[i...])) }
      guard i > 0 else { continue }
      var swapped = parts
      swapped.swapAt(i, i - 1)
      #expect(throws: (any Error).self) { try expectDifference(swapped, from: history) }
    }
  }

  private struct Differs: Error {}

  /// What tasks have been through can be missing, or be in any order, and nothing tells.
  private func expectDifference(_ parts: [SnapshotPart], from history: RandomHistory) throws {
    let state = try restore(parts)
    let whole = history.story.core.durable.parts()
    if parts.filter(\.isUncounted).count < whole.filter(\.isUncounted).count { throw Differs() }
    if state == history.story.core.durable, parts != whole { throw Differs() }
  }

  @Test func `values that do not fit are a flaw, and no crash`() throws {
    let histories = (1...40 as ClosedRange<UInt64>).lazy.map { seed in
      var history = RandomHistory(seed: seed)
      history.live(60)
      return history.story.core.durable
    }
    let state = try #require(
      histories.first { state in state.active.values.contains { $0.hasStarted } && !state.setbacks.isEmpty }
    )
    let parts = state.parts(tasks: 10_000, bytes: 1 << 20)
    func restoreActive(_ change: (inout [NumberedTask<ActiveTask>]) -> Void) throws -> DurableState {
      try restore(
        parts.map { part in
          guard case .active(var rows) = part else { return part }
          change(&rows)
          return .active(rows)
        }
      )
    }
    func restoreJobs(_ change: (inout [SnapshotJob]) -> Void) throws -> DurableState {
      try restore(
        parts.map { part in
          guard case .jobs(var jobs) = part else { return part }
          change(&jobs)
          return .jobs(jobs)
        }
      )
    }
    let ofActive: [(inout [NumberedTask<ActiveTask>]) -> Void] = [
      { $0[0].value.rack = RackNumber(0) }, { $0[0].value.rack = RackNumber(99) },
      { $0[0].value.attempt = AttemptID(.max) }, { $0.removeLast() }, { $0[0].value.node = NodeNumber(99) },
      { $0[0].value.template = TemplateNumber(999) }, { $0[0].value.job = JobNumber(999) },
      { $0[0].task = TaskNumber(0) }, { $0[0].task = TaskNumber(.max) }, { $0.append($0[0]) },
    ]
    let ofJobs: [(inout [SnapshotJob]) -> Void] = [
      { $0.removeLast() }, { $0.append($0[0]) }, { $0[0].states = TaskStates(.queued, count: 1_000) },
      { $0[0].job.firstTask = TaskNumber(2) }, { $0[0].job.firstTemplate = TemplateNumber(7) },
      { $0[0].job.number = JobNumber(0) },
      { $0[0].calledOff = [PlaceMap.Run(first: 0, count: .max, CalledOff(.cancelled, at: .none))] },
      { $0[0].priorities = [PlaceMap.Run(first: 3_000_000, count: 1, 0)] },
      { $0[0].job.spec.addition = "more" },
      { jobs in
        for i in jobs.indices where !jobs[i].job.spec.isOpen { jobs[i].closed = WallTime(microseconds: 5) }
      },
      { $0[0].job.outerTargets = [OuterTarget(job: JobNumber(1), first: 0, count: 1)] },
      { jobs in
        for i in jobs.indices { jobs[i].states = TaskStates(.succeeded, count: jobs[i].job.spec.count) }
      },
    ]
    #expect(try restoreActive { _ in } == state)
    for change in ofActive { #expect(throws: SnapshotFlaw.self) { try restoreActive(change) } }
    for change in ofJobs { #expect(throws: SnapshotFlaw.self) { try restoreJobs(change) } }
    let stranger = NumberedTask(task: TaskNumber(.max), value: NodeNumber(1))
    #expect(throws: SnapshotFlaw.self) { try restore(parts + [.awaited([stranger])]) }
    let setback = NumberedTask(task: TaskNumber(.max), value: Setback())
    #expect(throws: SnapshotFlaw.self) { try restore(parts + [.setbacks([setback])]) }
  }
}

extension SnapshotPart {
  fileprivate var isUncounted: Bool {
    switch self {
    case .setbacks, .awaited, .unacknowledged: true
    default: false
    }
  }
}
