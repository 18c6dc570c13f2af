import ReeveModel

/// Of one task at most one attempt is current, ids are never repeated, and an attempt that was declared over never counts
/// again.
struct Attempts: Checker {
  static let promise = "a task has one attempt at a time, and what is over never counts again"

  mutating func see(_ sight: Sight, _ books: Books) -> [String] {
    guard case .durable(let fact) = sight else { return [] }
    switch fact {
    case .termBegan(let term):
      return term > books.highestTerm ? [] : ["term \(term) follows \(books.highestTerm)"]
    case .assigned(_, let first, let tasks): return assigned(tasks, from: first, books)
    case .returned(let attempts), .lost(let attempts):
      return attempts.flatMap { mustBeCurrent($0.attempt, of: $0.task, "taken back", books) }
    case .started(let starts):
      return starts.flatMap { mustBeCurrent($0.attempt, of: $0.task, "started", books) }
    case .ended(let ends), .retried(let ends):
      return ends.flatMap { mustBeCurrent($0.attempt, of: $0.task, "ended", books) }
    case .calledOff(let runs, _, _): return books.tasks(in: runs).flatMap { mustHaveNone($0, books) }
    case .jobSubmitted(let job): return submitted(job.spec, books)
    case .jobClosed: return []
    case .nodeAwaited(let attempts):
      return attempts.flatMap { mustBeCurrent($0.name.attempt, of: $0.name.task, "awaited", books) }
    case .endOrdered, .held, .released, .prioritySet, .roundBegan, .policySet, .rackGranted, .nodePlaced,
      .nodeMarked, .nodeReturned, .nodeForgotten, .frameworkSubscribed, .frameworkRemoved, .endsAcknowledged,
      .roleSet, .roleForgotten:
      return []
    }
  }

  private func submitted(_ spec: JobSpec, _ books: Books) -> [String] {
    guard !spec.addition.isEmpty else {
      return books.jobs[spec.id] == nil ? [] : ["job \(spec.id) exists twice"]
    }
    guard let job = books.jobs[spec.id], job.isOpen else {
      return ["\(spec.id) is added to, and is not open"]
    }
    return job.parts.contains { $0.spec.addition == spec.addition }
      ? ["\(spec.addition) is added to \(spec.id) twice"] : []
  }

  private func assigned(_ tasks: [TaskNumber], from first: AttemptID, _ books: Books) -> [String] {
    var found: [String] = []
    if first <= books.highestAttempt { found.append("attempt \(first) follows \(books.highestAttempt)") }
    if Set(tasks).count != tasks.count { found.append("a task is assigned twice in \(tasks)") }
    for task in tasks {
      guard let known = books.task(task) else {
        found.append("task \(task) is assigned, and is not known")
        continue
      }
      if known.state != .queued { found.append("task \(task) is assigned while \(known.state)") }
      if known.isHeld { found.append("task \(task) is assigned while it is held") }
    }
    return found
  }

  private func mustHaveNone(_ task: TaskNumber, _ books: Books) -> [String] {
    guard let known = books.task(task) else { return ["task \(task) is called off, and is not known"] }
    return known.state == .blocked || known.state == .queued
      ? [] : ["task \(task) is called off while it is \(known.state)"]
  }

  private func mustBeCurrent(
    _ attempt: AttemptID,
    of task: TaskNumber,
    _ what: String,
    _ books: Books
  ) -> [String] {
    guard let known = books.task(task) else { return ["task \(task) has \(what), and is not known"] }
    guard known.attempt == attempt, known.state.hasAttempt else {
      return [
        "attempt \(attempt) of task \(task) has \(what); the task is \(known.state) with \(known.attempt)"
      ]
    }
    return []
  }
}
