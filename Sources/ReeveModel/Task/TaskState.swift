/// Where a task is in its life.
package enum TaskState: UInt8, Sendable, CaseIterable {
  /// Waits for tasks that it depends on.
  case blocked
  /// Waits for its turn and for room.
  case queued
  /// Given to a rack: what may run stands in the journal before it is sent.
  case assigned
  /// An attempt has started on a node.
  case running
  case succeeded
  case failed
  case cancelled
  /// It was for another course of its job than the one that it took: the failure that it waits for did not come.
  case skipped

  /// The life cycle as one table: what may follow each state.
  ///
  /// `assigned → queued` is a hand-back by the rack; `assigned` and `running → queued` also the loss of a node, or a failure
  /// that is tried again. A new round of a job takes up what has failed, was cancelled or was not needed.
  package static let transitions: [TaskState: Set<TaskState>] = [
    .blocked: [.queued, .failed, .cancelled, .skipped],
    .queued: [.assigned, .failed, .cancelled],
    .assigned: [.queued, .running, .succeeded, .failed, .cancelled],
    .running: [.queued, .succeeded, .failed, .cancelled],
    .succeeded: [],
    .failed: [.blocked, .queued],
    .cancelled: [.blocked, .queued],
    .skipped: [.blocked, .queued],
  ]

  /// `transitions` as bits by state, for the hot path.
  private static let allowed: [UInt8] = allCases.map { from in
    (transitions[from] ?? []).reduce(0) { $0 | 1 << $1.rawValue }
  }

  package func canBecome(_ next: TaskState) -> Bool {
    Self.allowed[Int(rawValue)] & 1 << next.rawValue != 0
  }

  package var isTerminal: Bool { rawValue >= TaskState.succeeded.rawValue }
  /// Whether an attempt of the task may hold resources.
  package var hasAttempt: Bool { self == .assigned || self == .running }

  /// The state as users see it; `phase` has the finer one.
  package var shown: String {
    switch self {
    case .blocked, .queued, .assigned: "pending"
    case .running: "running"
    case .succeeded: "completed"
    case .failed: "failed"
    case .cancelled, .skipped: "cancelled"
    }
  }

  package var phase: String { "\(self)" }
}
