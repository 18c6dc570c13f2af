import ReeveModel

/// What the journal says of an attempt's end is what became of its process: nobody makes ends up.
struct TrueEnds: Checker {
  static let promise = "an end on record is the end of that very attempt"
  private var ends: [AttemptID: TaskEnd] = [:]

  mutating func see(_ sight: Sight, _ books: Books) -> [String] {
    if case .exited(_, let end) = sight { ends[end.attempt] = end }
    guard case .durable(.ended(let recorded)) = sight else { return [] }
    return recorded.compactMap { end in
      switch end.reason {
      case .cancelled, .jobStopped, .nodeLost, .dependencyFailed, .notNeeded: return nil
      default: break
      }
      guard let seen = ends[end.attempt] else {
        return "task \(end.task) ends with \(end.reason), and \(end.attempt) has not ended on any node"
      }
      guard seen.reason == end.reason, seen.status == end.status, seen.task == end.task else {
        return
          "\(end.attempt) ended with \(seen.reason), \(seen.status); on record with \(end.reason), \(end.status)"
      }
      return nil
    }
  }
}
