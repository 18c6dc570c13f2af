import ReeveModel

/// A task has one terminal record, and only one that has no attempt ends without.
struct OneEnd: Checker {
  static let promise = "a task ends once"

  mutating func see(_ sight: Sight, _ books: Books) -> [String] {
    guard case .durable(.ended(let ends)) = sight else { return [] }
    var found: [String] = []
    if Set(ends.map(\.task)).count != ends.count { found.append("one record ends a task twice: \(ends)") }
    for end in ends {
      guard let task = books.task(end.task) else { continue }
      if task.state.isTerminal { found.append("task \(end.task) has ended as \(task.state), and ends again") }
      if end.attempt == .none, task.state.hasAttempt {
        found.append("task \(end.task) ends without its attempt \(task.attempt)")
      }
    }
    return found
  }
}
