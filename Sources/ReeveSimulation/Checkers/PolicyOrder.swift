import ReeveModel

/// First come, first served within a shape: an assignment never passes over an earlier ready task of the same shape.
///
/// Whatever made a task ready stands in the journal before the assignment, so what is durable then is what the decider knew.
struct PolicyOrder: Checker {
  static let promise = "first come, first served among tasks of one shape"

  mutating func see(_ sight: Sight, _ books: Books) -> [String] {
    guard case .durable(.assigned(_, _, let tasks)) = sight, let last = tasks.max() else { return [] }
    let taken = Set(tasks)
    let shapes = Set(tasks.compactMap { books.task($0)?.template.resources })
    var latest: [Resources: TaskNumber] = [:]
    for task in tasks {
      if let shape = books.task(task)?.template.resources { latest[shape] = max(latest[shape] ?? task, task) }
    }
    var found: [String] = []
    for number in 1..<max(1, min(last.index, books.tasks.count)) {
      // Most are not queued: none of those is copied.
      guard books.tasks[number - 1].state == .queued else { continue }
      let task = books.tasks[number - 1]
      guard shapes.contains(task.template.resources) else { continue }
      guard let limit = latest[task.template.resources], number < limit.index else { continue }
      guard !taken.contains(TaskNumber(UInt64(number))), !task.isCancelOrdered else { continue }
      found.append("task \(number) is ready, and \(limit) of its shape is assigned before it")
    }
    return found
  }
}
