import ReeveModel

/// A task has one terminal record a round.
struct OneEnd: Checker {
  static let promise = "a task ends once"

  mutating func see(_ sight: Sight, _ books: Books) -> [String] {
    if case .durable(.calledOff(let runs, _, _)) = sight {
      return books.tasks(in: runs).filter { books.task($0)?.state.isTerminal ?? false }
        .map { "task \($0) has ended, and is called off" }
    }
    guard case .durable(.ended(let ends)) = sight else { return [] }
    var found: [String] = []
    if Set(ends.map(\.task)).count != ends.count { found.append("one record ends a task twice: \(ends)") }
    for end in ends {
      guard let task = books.task(end.task) else { continue }
      if task.state.isTerminal { found.append("task \(end.task) has ended as \(task.state), and ends again") }
    }
    return found
  }
}
