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
    var (cancels, details, losses, blocked, awaiting, forgotten) = (0, 0, 0, 0, 0, 0)
    for seed in 1...40 as ClosedRange<UInt64> {
      var history = RandomHistory(seed: seed)
      history.live(60)
      let state = history.story.core.durable
      let tasks = state.tasks
      awaiting += tasks.awaited.count
      forgotten += state.roster.nodes.count { $0.isForgotten }
      states.formUnion(tasks.states)
      cancels += tasks.cancelOrdered.filter { $0 }.count
      details += tasks.details.count
      losses += tasks.outcomes.filter { $0.losses > 0 }.count
      blocked += tasks.unmet.filter { $0 > 1 }.count
    }
    #expect(states == Set(TaskState.allCases))
    for count in [cancels, details, losses, blocked] { #expect(count > 100) }
    #expect(awaiting > 20 && forgotten > 2)
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
    history.live(60)
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

  /// Details can be missing, or be in any order, and nothing tells.
  private func expectDifference(_ parts: [SnapshotPart], from history: RandomHistory) throws {
    let state = try restore(parts)
    if parts.filter(\.isDetails).count < history.story.core.durable.parts().filter(\.isDetails).count {
      throw Differs()
    }
    if state == history.story.core.durable, parts != history.story.core.durable.parts() { throw Differs() }
  }

  @Test func `values that do not fit are a flaw, and no crash`() throws {
    let histories = (1...40 as ClosedRange<UInt64>).lazy.map { seed in
      var history = RandomHistory(seed: seed)
      history.live(60)
      return history.story.core.durable
    }
    let state = try #require(histories.first { $0.tasks.states.contains(.running) })
    let parts = state.parts(tasks: 10_000, bytes: 1 << 20)
    func change(_ change: (inout SnapshotTasks) -> Void) throws -> DurableState {
      try restore(
        parts.map { part in
          guard case .tasks(var tasks) = part else { return part }
          change(&tasks)
          return .tasks(tasks)
        }
      )
    }
    let running = try #require(state.tasks.states.firstIndex(of: .running))
    let changes: [(inout SnapshotTasks) -> Void] = [
      { $0.racks[running] = RackNumber(0) }, { $0.racks[running] = RackNumber(99) },
      { $0.attempts[running] = AttemptID(.max) }, { $0.attempts.removeLast() },
      { $0.states[running] = .blocked }, { $0.cancelOrdered.append(TaskNumber(0)) },
      { $0.cancelOrdered.append(TaskNumber(.max)) }, { $0.first = TaskNumber(2) },
      { $0.first = TaskNumber(0) },
      { $0.awaiting.append(.init(task: TaskNumber(.max), node: NodeNumber(1))) },
      { $0.awaiting.append(.init(task: TaskNumber(UInt64(running) + 1), node: NodeNumber(99))) },
      { $0.states += $0.states }, { $0.usages = [] }, { $0.losses.removeFirst() },
      { tasks in for i in tasks.states.indices { tasks.states[i] = .succeeded } },
    ]
    _ = try change { _ in }
    for one in changes { #expect(throws: SnapshotFlaw.self) { try change(one) } }
  }
}

extension SnapshotPart {
  fileprivate var isDetails: Bool { if case .details = self { true } else { false } }
}
