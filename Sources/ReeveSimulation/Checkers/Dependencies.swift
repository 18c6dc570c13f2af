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
    case .durable(.calledOff(let runs, let reason, _)) where [.dependencyFailed, .notNeeded].contains(reason):
      withoutCause(books.tasks(in: runs).map(\.index), reason, books)
    default: []
    }
  }

  private func unmet(_ task: TaskNumber, _ books: Books) -> String? {
    // What was met once stays so for whoever has begun; a new round of what it waited for changes nothing.
    guard let known = books.task(task), !known.wasReady, !books.isReady(known) else { return nil }
    return "task \(task) begins before \(known.edges.filter { !books.isMet($0) }) are met"
  }

  /// Of tasks that end together for what they wait for, those that neither wait for what can come no more nor for one of the
  /// others.
  private func withoutCause(_ ending: [Int], _ reason: FailureReason, _ books: Books) -> [String] {
    var caused = Set(ending.filter { books.tasks[$0 - 1].edges.contains(where: books.isUnmeetable) })
    var next = Array(caused)
    let all = Set(ending)
    while let number = next.popLast() {
      for waiting in books.dependents(of: number) where all.contains(waiting) && !caused.contains(waiting) {
        let isLost = books.tasks[waiting - 1].edges.contains { edge in
          guard edge.targets.contains(number) || edge.whole == books.tasks[number - 1].job else {
            return false
          }
          return edge.condition == .succeeded
            || edge.condition == .failed && reason == .notNeeded && edge.targets == [number]
        }
        guard isLost else { continue }
        caused.insert(waiting)
        next.append(waiting)
      }
    }
    return all.subtracting(caused).sorted().map {
      "task \($0) ends with \(reason) for its dependencies \(books.tasks[$0 - 1].edges), all of which may still be met"
    }
  }
}
