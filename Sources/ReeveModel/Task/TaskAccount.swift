/// A task that has an attempt, as the journal knows it.
package struct ActiveTask: Hashable, Sendable {
  package var attempt: AttemptID
  package var job: JobNumber
  package var template: TemplateNumber
  package var rack: RackNumber
  /// Number 0 until it has started.
  package var node: NodeNumber
  package var started: WallTime
  /// It is to end for that reason, whatever its end says; `.none` where nobody has ordered it.
  package var ordered: FailureReason
  package var hasStarted: Bool { node.rawValue != 0 }

  package init(attempt: AttemptID, job: JobNumber, template: TemplateNumber, rack: RackNumber) {
    self.attempt = attempt
    self.job = job
    self.template = template
    self.rack = rack
    node = NodeNumber(0)
    started = .none
    ordered = .none
  }
}

/// What a task that has not ended has been through before.
package struct Setback: Hashable, Sendable {
  /// Attempts before the current one, but for those that came back unstarted.
  package var attempts: UInt16 = 0
  /// How often its node was lost.
  package var losses: UInt8 = 0
  /// How often it failed and was tried again.
  package var retries: UInt16 = 0
  /// When it last failed so.
  package var retriedAt = WallTime.none
  package var reason = FailureReason.none
  package var status: Int32 = 0

  package init() {}
}
