import ReeveModel

/// A task whose cancel was on record before its end ends as cancelled, and gets no new attempt.
struct Cancellation: Checker {
  static let promise = "a task with a cancel on record ends cancelled"

  mutating func see(_ sight: Sight, _ books: Books) -> [String] {
    switch sight {
    case .durable(.ended(let ends)):
      ends.filter { books.task($0.task)?.isCancelOrdered == true && $0.reason != .cancelled }
        .map { "task \($0.task) was to be cancelled, and ends with \($0.reason)" }
    case .durable(.assigned(_, _, let tasks)):
      tasks.filter { books.task($0)?.isCancelOrdered == true }
        .map { "task \($0) was to be cancelled, and is assigned" }
    default: []
    }
  }
}
