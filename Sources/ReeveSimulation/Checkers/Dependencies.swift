import ReeveCore
import ReeveModel

/// Nothing is assigned, and no process begins, before all that it waits for has durably ended as it has to; and nothing fails
/// for what it waits for while that may still come.
struct Dependencies: Checker {
  static let promise = "a task waits for its dependencies"

  mutating func see(_ sight: Sight, _ books: Books) -> [String] {
    switch sight {
    case .durable(.assigned(_, _, let tasks)): tasks.compactMap { unmet($0, books) }
    case .spawned(_, let spawn, _, _, _): [unmet(spawn.task, books)].compactMap(\.self)
    case .durable(.calledOff(let runs, .dependencyFailed, _)):
      books.tasks(in: runs).compactMap { withoutCause($0, books) }
    default: []
    }
  }

  private func unmet(_ task: TaskNumber, _ books: Books) -> String? {
    // What was met once stays so for whoever has begun; a new round of what it waited for changes nothing.
    guard let known = books.task(task), !known.wasReady, !books.isReady(known) else { return nil }
    return "task \(task) begins before \(known.edges.filter { !books.isMet($0) }) are met"
  }

  private func withoutCause(_ task: TaskNumber, _ books: Books) -> String? {
    let edges = books.task(task)?.edges ?? []
    return edges.contains(where: books.isUnmeetable)
      ? nil : "task \(task) fails for its dependencies \(edges), all of which may still be met"
  }
}
