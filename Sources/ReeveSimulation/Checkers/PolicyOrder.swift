import ReeveModel

/// In the order of the policy within a shape: an assignment never passes over a ready task of the same shape that comes
/// before.
///
/// Whatever made a task ready stands in the journal before the assignment, so what is durable then is what the decider knew.
struct PolicyOrder: Checker {
  static let promise = "tasks of one shape are assigned in the order of the policy"

  private struct Place: Comparable {
    /// Smaller goes first.
    var rank: Double
    var number: Int
    static func < (a: Place, b: Place) -> Bool { a.rank == b.rank ? a.number < b.number : a.rank < b.rank }
  }

  /// Tasks of one shape of which the policy says who comes first, whatever else happens.
  private struct Class: Hashable {
    var shape: Shape
    /// Where it hangs on what users have.
    var user: String?
    /// Where it hangs on what jobs and templates say, or are known to take.
    var job: JobID?
    var template: TaskTemplate?
    /// Where what is shorter may go before it.
    var limit: TimeSpan?
  }

  mutating func see(_ sight: Sight, _ books: Books) -> [String] {
    guard case .durable(.assigned(_, _, let tasks)) = sight else { return [] }
    let taken = Set(tasks)
    var last: [Class: Place] = [:]
    for task in tasks {
      guard let known = books.task(task), !books.frameworkJobs.contains(known.job) else { continue }
      let (of, place) = standing(of: known, task.index, books)
      last[of] = max(last[of] ?? place, place)
    }
    var found: [String] = []
    for i in books.tasks.indices {
      // Most are not queued: none of those is copied.
      guard books.tasks[i].state == .queued, !books.tasks[i].isHeld else { continue }
      let task = books.tasks[i]
      // Those that were tried before wait for a while, those of some arrays for each other.
      let (of, place) = standing(of: task, i + 1, books)
      guard let limit = last[of], !task.mayWait, !books.frameworkJobs.contains(task.job),
        !taken.contains(TaskNumber(UInt64(i) + 1)), place < limit
      else { continue }
      found.append("task \(i + 1) is ready, and \(limit) of its shape is assigned before it")
    }
    return found
  }

  private func standing(of task: Books.Task, _ number: Int, _ books: Books) -> (Class, Place) {
    var of = Class(shape: task.template.shape)
    if books.policy.backfills { of.limit = task.template.timeLimit }
    var rank = 0.0
    switch books.policy.order {
    case .fcfs: break
    case .priority:
      rank = -Double(task.priority)
      if books.policy.criteria != .plain { (of.job, of.template) = (task.job, task.template) }
    case .sjf:
      if let limit = task.template.timeLimit {
        rank = limit.seconds
      } else {
        (of.job, of.template) = (task.job, task.template)
      }
    case .fair: of.user = books.jobs[task.job]?.parts.first?.spec.user
    }
    return (of, Place(rank: rank, number: number))
  }
}
