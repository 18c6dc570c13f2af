/// Why a task, or one attempt of it, did not succeed. Codes are part of the API and never change their meaning.
package enum FailureReason: UInt8, Sendable, CaseIterable {
  case none = 0
  case exitCode = 1
  case signal = 2
  case timedOut = 3
  case outOfMemory = 4
  case outOfDisk = 5
  case couldNotStart = 6
  case nodeLost = 7
  case dependencyFailed = 8
  case cancelled = 9
  /// The node no longer knows how the attempt ended: its supervisor died with the machine or was killed.
  case exitUnknown = 10
  /// Never started, or ended by order, because too many tasks of its job had failed.
  case jobStopped = 11
  /// It waited for a failure that did not come.
  case notNeeded = 12
  /// Ended by order, to make room for what is due more. The task goes on waiting, and this counts against nothing.
  case preempted = 13

  /// What scripts see in `reason`.
  package var code: String {
    switch self {
    case .none: ""
    case .exitCode: "exit-code"
    case .signal: "signal"
    case .timedOut: "timed-out"
    case .outOfMemory: "out-of-memory"
    case .outOfDisk: "out-of-disk"
    case .couldNotStart: "could-not-start"
    case .nodeLost: "node-lost"
    case .dependencyFailed: "dependency-failed"
    case .cancelled: "cancelled"
    case .exitUnknown: "exit-unknown"
    case .jobStopped: "job-stopped"
    case .notNeeded: "not-needed"
    case .preempted: "preempted"
    }
  }

  package init?(code: String) {
    guard let reason = Self.allCases.first(where: { $0.code == code && $0 != .none }) else { return nil }
    self = reason
  }

  /// Whether another try may end otherwise: not what was ordered, nor what never ran.
  package var mayBeRetried: Bool {
    switch self {
    case .none, .dependencyFailed, .cancelled, .jobStopped, .notNeeded: false
    case .exitCode, .signal, .timedOut, .outOfMemory, .outOfDisk, .couldNotStart, .nodeLost, .exitUnknown,
      .preempted:
      true
    }
  }

  /// The state of a task that ended with it.
  package var outcome: TaskState {
    switch self {
    case .none: .succeeded
    case .cancelled, .jobStopped: .cancelled
    case .notNeeded: .skipped
    default: .failed
    }
  }
}
