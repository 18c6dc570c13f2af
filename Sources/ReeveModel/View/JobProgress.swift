/// A job as users see it: how many of its tasks are where.
package struct JobProgress: Hashable, Sendable {
  package var id: JobID
  package var name: String
  package var user: String
  package var labels: [TaskTemplate.Variable]
  package var submitted: WallTime
  /// `.none` while it goes on.
  package var ended: WallTime
  /// Tasks can be added to it.
  package var isOpen = false
  /// All of it was, while it was open.
  package var isStopped = false
  package var counts: TaskCounts
  /// Of a job of one task, how it ended.
  package var reason: FailureReason
  /// The exit code of a job of one task, or minus the signal.
  package var status: Int32

  package init(
    id: JobID,
    name: String = "",
    user: String = "",
    labels: [TaskTemplate.Variable] = [],
    submitted: WallTime = .none,
    ended: WallTime = .none,
    counts: TaskCounts = TaskCounts(),
    reason: FailureReason = .none,
    status: Int32 = 0
  ) {
    self.id = id
    self.name = name
    self.user = user
    self.labels = labels
    self.submitted = submitted
    self.ended = ended
    self.counts = counts
    self.reason = reason
    self.status = status
  }

  /// The job's state by the same words as its tasks': `failed` if any of them failed.
  package var shown: String {
    if counts.unfinished > 0 || isOpen {
      return counts.running > 0 || counts.ended > 0 ? "running" : "pending"
    }
    if counts[.failed] > 0 { return "failed" }
    let isCancelled = isStopped || counts[.cancelled] > 0
    return isCancelled || counts[.succeeded] == 0 && counts[.skipped] > 0 ? "cancelled" : "completed"
  }
}

/// How many tasks are in each state.
package struct TaskCounts: Hashable, Sendable {
  private var blocked = 0
  private var queued = 0
  private var assigned = 0
  private var runningCount = 0
  private var succeeded = 0
  private var failed = 0
  private var cancelled = 0
  private var skipped = 0

  package init() {}

  @inline(__always) package subscript(state: TaskState) -> Int {
    get {
      switch state {
      case .blocked: blocked
      case .queued: queued
      case .assigned: assigned
      case .running: runningCount
      case .succeeded: succeeded
      case .failed: failed
      case .cancelled: cancelled
      case .skipped: skipped
      }
    }
    set {
      switch state {
      case .blocked: blocked = newValue
      case .queued: queued = newValue
      case .assigned: assigned = newValue
      case .running: runningCount = newValue
      case .succeeded: succeeded = newValue
      case .failed: failed = newValue
      case .cancelled: cancelled = newValue
      case .skipped: skipped = newValue
      }
    }
  }

  package var ended: Int { succeeded + failed + cancelled + skipped }
  package var running: Int { runningCount }
  /// As users see it: not yet started.
  package var pending: Int { blocked + queued + assigned }
  /// As users see it: by order, or as not needed.
  package var shownCancelled: Int { cancelled + skipped }
  package var unfinished: Int { pending + runningCount }
  package var total: Int { unfinished + ended }

  package static func += (a: inout TaskCounts, b: TaskCounts) {
    for state in TaskState.allCases { a[state] += b[state] }
  }

  package static func -= (a: inout TaskCounts, b: TaskCounts) {
    for state in TaskState.allCases { a[state] -= b[state] }
  }
}
