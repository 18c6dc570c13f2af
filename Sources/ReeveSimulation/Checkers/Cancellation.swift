import ReeveModel

/// A task whose cancel was on record before its end ends as cancelled, and gets no new attempt; a cancel is answered when
/// it is on record.
struct Cancellation: Checker {
  static let promise = "a task with a cancel on record ends cancelled"

  mutating func see(_ sight: Sight, _ books: Books) -> [String] {
    switch sight {
    case .durable(.ended(let ends)):
      ends.filter { books.task($0.task)?.isCancelOrdered == true && $0.reason.outcome != .cancelled }
        .map { "task \($0.task) was to be cancelled, and ends with \($0.reason)" }
    case .durable(.assigned(_, _, let tasks)):
      tasks.filter { books.task($0)?.isCancelOrdered == true }
        .map { "task \($0) was to be cancelled, and is assigned" }
    case .cancelAcknowledged(let selectors): selectors.flatMap { notOnRecord($0, books) }
    default: []
    }
  }

  private func notOnRecord(_ selector: TaskSelector, _ books: Books) -> [String] {
    guard let job = books.jobs[JobID(selector.job)] else {
      return ["the cancel of \(selector.job) is answered"]
    }
    return job.parts.flatMap { part in
      part.tasks.filter { number in
        selector.task == nil
          || part.spec.taskName(at: number - part.firstTask, part.layout) == selector.task
      }
    }
    .filter { number in
      let task = books.tasks[number - 1]
      // A new round may have begun since.
      return !task.state.isTerminal && !task.isCancelOrdered && task.round == 0
    }
    .map { "the cancel of task \($0) is answered, and not on record" }
  }
}
