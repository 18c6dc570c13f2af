import ReeveCore
import ReeveModel

/// What starts and ends a node's tasks, and tells the agent's core of it: the supervisor's processes, or nothing at all.
protocol Executor: Sendable {
  /// Starts these on a node with this number.
  func spawn(_ spawns: [AgentEffect.Spawn], on node: NodeNumber)
  /// TERM now, KILL of the whole group after the grace.
  func kill(_ attempt: AttemptID, _ reason: FailureReason, grace: TimeSpan)
  /// A signal that tells it something, and is no order to end.
  func signal(_ attempt: AttemptID, _ number: Int32)
  /// Gives each a line to read, in their order.
  func tell(_ messages: [TaskMessage])
  /// These ends are somebody else's to keep by now.
  func forget(_ attempts: [AttemptID])
}
