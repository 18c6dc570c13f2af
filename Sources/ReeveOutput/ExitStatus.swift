package import ReeveModel

/// What the process says to scripts when it ends.
package enum ExitStatus {
  package static let done: Int32 = 0
  package static let someFailed: Int32 = 1
  /// Also a file that cannot be read.
  package static let usage: Int32 = 2
  package static let refused: Int32 = 3
  package static let notFound: Int32 = 4
  package static let denied: Int32 = 5
  /// Worth a retry.
  package static let unavailable: Int32 = 6
  package static let timedOut: Int32 = 124
  /// Of a task that never got to an end of its own, and of Reeve where it is at fault.
  package static let reeveFailed: Int32 = 125
  package static let interrupted: Int32 = 130

  package static func of(_ refusal: Refusal) -> Int32 {
    switch refusal.code {
    case .invalid, .unknownKey, .cycle, .unknownDependency, .duplicate, .exceedsLargestNode,
      .noMatchingNode, .conflict, .tooLarge:
      refused
    case .syntax: usage
    case .notFound: notFound
    case .denied: denied
    case .unavailable: unavailable
    }
  }

  /// How a wait for one task ends: by the task's own code. `status` is an exit code, or minus the signal.
  package static func of(task state: TaskState, reason: FailureReason, status: Int32) -> Int32 {
    // What was not needed did not fail.
    if state == .succeeded || state == .skipped { return done }
    switch reason {
    case .exitCode, .signal: return own(status)
    case .timedOut, .outOfMemory, .outOfDisk, .cancelled:
      // It was told to end, and has not succeeded whatever it then said: at least as if TERM had ended it.
      return status == 0 ? 128 + 15 : own(status)
    case .couldNotStart:
      // As shells say it: 127 there is no such program, 126 it is none; else it was Reeve that failed.
      return [126, 127].contains(status) ? status : reeveFailed
    case .none, .nodeLost, .dependencyFailed, .exitUnknown, .jobStopped, .notNeeded, .preempted:
      return reeveFailed
    }
  }

  private static func own(_ status: Int32) -> Int32 { status < 0 ? 128 - status : status & 0xff }

  /// How a wait for jobs ends.
  package static func of(_ jobs: [JobProgress]) -> Int32 {
    if let job = jobs.first, jobs.count == 1, job.counts.total == 1 { return ofOneTask(job) }
    let areDone = jobs.allSatisfy {
      $0.ended != .none && !$0.isStopped && $0.counts[.succeeded] + $0.counts[.skipped] == $0.counts.total
    }
    return areDone ? done : someFailed
  }

  private static func ofOneTask(_ job: JobProgress) -> Int32 {
    let state = [TaskState.succeeded, .failed, .cancelled, .skipped].first { job.counts[$0] > 0 }
    return of(task: state ?? .failed, reason: job.reason, status: job.status)
  }
}
