import ReeveModel

/// In the order of the policy within a shape: an assignment never passes over a ready task of the same shape that comes
/// before.
///
/// Whatever made a task ready stands in the journal before the assignment, so what is durable then is what the decider knew.
struct PolicyOrder: Checker {
  static let promise = "tasks of one shape are assigned in the order of the policy"

  private struct Place: Comparable {
    var priority: Int32
    var number: Int
    static func < (a: Place, b: Place) -> Bool {
      a.priority == b.priority ? a.number < b.number : a.priority > b.priority
    }
  }

  mutating func see(_ sight: Sight, _ books: Books) -> [String] {
    guard case .durable(.assigned(_, _, let tasks)) = sight else { return [] }
    let taken = Set(tasks)
    var last: [Resources: Place] = [:]
    for task in tasks {
      guard let known = books.task(task), !books.frameworkJobs.contains(known.job) else { continue }
      let place = self.place(known, task.index, books)
      last[known.template.resources] = max(last[known.template.resources] ?? place, place)
    }
    var found: [String] = []
    for i in books.tasks.indices {
      // Most are not queued: none of those is copied.
      guard books.tasks[i].state == .queued, !books.tasks[i].isHeld else { continue }
      let task = books.tasks[i]
      // Those that were tried before wait for a while, those of some arrays for each other.
      guard let limit = last[task.template.resources], !task.mayWait,
        !taken.contains(TaskNumber(UInt64(i) + 1)), !books.frameworkJobs.contains(task.job),
        place(task, i + 1, books) < limit
      else { continue }
      found.append("task \(i + 1) is ready, and \(limit) of its shape is assigned before it")
    }
    return found
  }

  private func place(_ task: Books.Task, _ number: Int, _ books: Books) -> Place {
    Place(priority: books.order == .priority ? task.priority : 0, number: number)
  }
}
