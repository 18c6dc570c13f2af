import ReeveModel

/// What was told to end has ended for the reason of that order, whatever its exit code: a program that answers TERM by saving
/// its work and exiting with 0 has not succeeded.
struct OrderedEnds: Checker {
  static let promise = "an end after a signal carries the reason of the order"
  private var reasons: [AttemptID: FailureReason] = [:]

  mutating func see(_ sight: Sight, _ books: Books) -> [String] {
    if case .signalled(let attempt, let reason) = sight { reasons[attempt] = reasons[attempt] ?? reason }
    guard case .durable(.ended(let ends)) = sight else { return [] }
    return ends.compactMap { end in
      guard let reason = reasons[end.attempt], end.reason != reason else { return nil }
      // A cancel on record goes before; that its node is lost, the master says itself.
      guard end.reason.outcome != .cancelled, end.reason != .nodeLost else { return nil }
      return "\(end.attempt) was told to end for \(reason), and is on record with \(end.reason)"
    }
  }
}
