package import ReeveModel

/// What an agent knows, after its own restart, of an attempt that its supervisor still runs.
package struct RecoveredAttempt: Hashable, Sendable {
  package var start: TaskStart
  package var resources: Resources
  package var timeLimit: TimeSpan?
  package var grace: TimeSpan
  package var warning: TimeWarning?
  /// The order to end it, if one was written down.
  package var kill: FailureReason

  package init(
    start: TaskStart,
    resources: Resources,
    timeLimit: TimeSpan? = nil,
    grace: TimeSpan = TaskTemplate.defaultGrace,
    warning: TimeWarning? = nil,
    kill: FailureReason = .none
  ) {
    self.start = start
    self.resources = resources
    self.timeLimit = timeLimit
    self.grace = grace
    self.warning = warning
    self.kill = kill
  }
}
