import ReeveCore
import ReeveModel

/// What was acknowledged or shown is durable, and is never taken back: when it leaves the master, and not only at the end.
struct Shown: Checker {
  static let promise = "what is acknowledged or shown is durable"
  /// The most ended tasks of a job that anybody was shown.
  private var mostEnded: [JobID: Int] = [:]
  private var shownTasks: [TaskNumber: TaskState] = [:]

  mutating func see(_ sight: Sight, _ books: Books) -> [String] {
    guard case .left(let effect) = sight else { return [] }
    switch effect {
    case .record: return ["a record left the master"]
    case .submitted(_, .success(let submission)):
      let parts = books.jobs[submission.id]?.parts ?? []
      return parts.contains { $0.layout.count == submission.tasks }
        ? [] : ["job \(submission.id) is acknowledged: \(submission)"]
    case .progress(_, let progress): return see(progress, books)
    case .answered(_, .jobs(let jobs, _)): return jobs.flatMap { see($0, books) }
    case .answered(_, .tasks(let views, _)): return views.flatMap { see($0, books) }
    case .followed(_, let view, _): return see(view, books)
    case .assign(_, let assignment): return see(assignment, books)
    case .order(_, let orders): return see(orders, books)
    case .located(_, .success(let place)):
      return place.node.index <= books.nodes && place.generation <= books.highestGeneration
        ? [] : ["a node is placed: \(place)"]
    case .answered(_, .explained(let explanation)): return see(explanation.task, books)
    case .located, .submitted, .obeyed, .forgotten, .answered, .watchEnded, .followRefused, .refuseRack,
      .welcomed, .offered, .rescinded, .updated, .replied, .refuseFramework:
      return []
    }
  }

  private mutating func see(_ progress: JobProgress, _ books: Books) -> [String] {
    guard let job = books.jobs[progress.id] else { return ["job \(progress.id) is shown"] }
    // What was decided before a new round may leave after it.
    guard job.rounds == 0 else { return [] }
    var found: [String] = []
    for state in TaskState.allCases where state.isTerminal {
      let durable = books.count(state, of: progress.id)
      if progress.counts[state] > durable {
        found.append(
          "job \(progress.id) is shown with \(progress.counts[state]) \(state), \(durable) are durable"
        )
      }
    }
    // What was decided before more was added may leave after it.
    if progress.counts.total > job.count || job.parts.count == 1 && progress.counts.total < job.count {
      found.append("job \(progress.id) is shown with \(progress)")
    }
    if (progress.ended != .none) != (progress.counts.unfinished == 0 && !progress.isOpen) {
      found.append("job \(progress.id) is shown as ended with \(progress.counts)")
    }
    if progress.counts.ended < mostEnded[progress.id] ?? 0 {
      found.append("of job \(progress.id) more had been shown to have ended than \(progress.counts.ended)")
    }
    mostEnded[progress.id] = max(mostEnded[progress.id] ?? 0, progress.counts.ended)
    return found
  }

  private mutating func see(_ view: TaskView, _ books: Books) -> [String] {
    guard let task = books.task(view.number) else { return ["task \(view.number) is shown"] }
    guard task.round == 0 else { return [] }
    if let before = shownTasks[view.number], before != view.state {
      return ["task \(view.number) was shown as \(before), and is as \(view.state)"]
    }
    if view.attempt > books.highestAttempt { return ["attempt \(view.attempt) is shown"] }
    guard view.state.isTerminal else { return [] }
    shownTasks[view.number] = view.state
    return task.state == view.state && (view.needsOutcome || task.reason == view.reason)
      ? []
      : [
        "task \(view.number) is shown as \(view.state), \(view.reason); durable is \(task.state), \(task.reason)"
      ]
  }

  private func see(_ assignment: RackAssignment, _ books: Books) -> [String] {
    let isDurable =
      assignment.generation <= books.highestGeneration && assignment.term <= books.highestTerm
      && assignment.rack.index <= books.racks
    return isDurable ? [] : ["rack \(assignment.rack) is assigned under \(assignment.generation)"]
  }

  private func see(_ orders: RackOrders, _ books: Books) -> [String] {
    var found: [String] = []
    for launch in orders.launches.launches where books.task(of: launch.attempt) != launch.task {
      found.append("\(launch.attempt) of task \(launch.task) is sent")
    }
    for attempt in orders.acknowledged where books.isCurrent(attempt) || attempt > books.highestAttempt {
      found.append("the end of \(attempt) is acknowledged")
    }
    return found
  }
}
