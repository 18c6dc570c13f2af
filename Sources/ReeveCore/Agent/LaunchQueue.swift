import DequeModule
package import ReeveModel

/// Launches that came before there is room for them, in the order in which they came: each starts as soon as enough of what
/// runs has ended, without a trip to the rack.
///
/// What waits holds nothing and stands in no statement: after one the rack sends it again.
package struct LaunchQueue: Sendable {
  private var waiting = Deque<Item>()

  private struct Item: Sendable {
    let spawn: AgentEffect.Spawn
    /// When it goes back to the rack.
    let due: Instant
  }

  package init() {}

  package var isEmpty: Bool { waiting.isEmpty }
  package var count: Int { waiting.count }
  /// What the first of them asks for; nothing passes it.
  package var need: Resources? { waiting.first?.spawn.template.resources }
  package func has(_ attempt: AttemptID) -> Bool { waiting.contains { $0.spawn.attempt == attempt } }
  /// When the first of them has waited long enough.
  package var nextDeadline: Instant? { waiting.first?.due }

  package mutating func append(_ spawn: AgentEffect.Spawn, until due: Instant) {
    waiting.append(Item(spawn: spawn, due: due))
  }

  package mutating func popFirst() -> AgentEffect.Spawn? { waiting.popFirst()?.spawn }

  /// - Returns: its task, if it was there.
  package mutating func remove(_ attempt: AttemptID) -> TaskNumber? {
    guard let i = waiting.firstIndex(where: { $0.spawn.attempt == attempt }) else { return nil }
    return waiting.remove(at: i).spawn.task
  }

  /// Takes out what has waited long enough.
  package mutating func takeOverdue(at now: Instant) -> [TaskAttempt] {
    var overdue: [TaskAttempt] = []
    while let first = waiting.first, first.due <= now {
      overdue.append(TaskAttempt(attempt: first.spawn.attempt, task: first.spawn.task))
      waiting.removeFirst()
    }
    return overdue
  }

  package mutating func removeAll() { waiting.removeAll() }
}
