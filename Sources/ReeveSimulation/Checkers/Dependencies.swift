import ReeveCore
import ReeveModel

/// Nothing is assigned, and no process begins, before the ends of all that it waits for are durable successes.
struct Dependencies: Checker {
  static let promise = "a task waits for its dependencies"

  mutating func see(_ sight: Sight, _ books: Books) -> [String] {
    switch sight {
    case .durable(.assigned(_, _, let tasks)): tasks.compactMap { unmet($0, books) }
    case .spawned(_, let spawn, _, _, _): [unmet(spawn.task, books)].compactMap(\.self)
    case .durable(.ended(let ends)):
      ends.filter { $0.reason == .dependencyFailed }.compactMap { withoutCause($0.task, ends, books) }
    default: []
    }
  }

  private func unmet(_ task: TaskNumber, _ books: Books) -> String? {
    let missing = books.task(task)?.dependencies.filter { !books.hasSucceeded($0) } ?? []
    return missing.isEmpty ? nil : "task \(task) begins before tasks \(missing) have succeeded"
  }

  private func withoutCause(_ task: TaskNumber, _ ends: [TaskEnd], _ books: Books) -> String? {
    let dependencies = books.task(task)?.dependencies ?? []
    let hasCause = dependencies.contains { d in
      let state = books.tasks[d - 1].state
      return state.isTerminal && state != .succeeded
    }
    return hasCause
      ? nil : "task \(task) fails for its dependencies \(dependencies), none of which has failed"
  }
}
