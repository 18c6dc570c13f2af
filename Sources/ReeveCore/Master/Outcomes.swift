import ReeveModel

/// How tasks have ended that an edge of the graph waits for: what it says of the edge is here, for one task as for all of a job.
struct Outcomes: Equatable, Sendable {
  private var succeeded = 0
  private var failed = 0
  private var cancelled = 0
  private var skipped = 0

  init() {}

  /// Of one task.
  init(_ state: TaskState) { count(state, 1) }

  init(_ counts: TaskCounts) {
    (succeeded, failed) = (counts[.succeeded], counts[.failed])
    (cancelled, skipped) = (counts[.cancelled], counts[.skipped])
  }

  var ended: Int { succeeded + failed + cancelled + skipped }

  mutating func count(_ state: TaskState, _ change: Int) {
    switch state {
    case .succeeded: succeeded += change
    case .failed: failed += change
    case .cancelled: cancelled += change
    case .skipped: skipped += change
    case .blocked, .queued, .assigned, .running: break
    }
  }

  /// Whether an edge is met, once all have ended.
  func meet(_ condition: DependencyKind.Condition) -> Bool {
    switch condition {
    case .succeeded: failed + cancelled + skipped == 0
    case .failed: failed > 0
    case .ended: true
    }
  }

  /// Why an edge cannot be met any more, but for a new round; `.none` where it is or can be.
  func verdict(_ condition: DependencyKind.Condition, isOver: Bool) -> FailureReason {
    switch condition {
    case .succeeded: failed + cancelled > 0 ? .dependencyFailed : skipped > 0 ? .notNeeded : .none
    case .failed: isOver && failed == 0 ? .notNeeded : .none
    case .ended: .none
    }
  }
}
