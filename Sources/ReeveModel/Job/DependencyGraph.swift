/// Looks for tasks that wait for each other in a circle.
///
/// Kahn's algorithm, run from the far end: a task that nobody waits for is struck off, and with it its own
/// waits, until none is left or all that are left have somebody waiting for them. It needs only the edges
/// that a job has anyway, never their reverse, and no recursion, so that a chain of ten million tasks is no
/// deeper than one of ten.
package struct DependencyGraph {
  private let job: JobSpec

  /// The edges of `job`, whose columns have been found to agree.
  package init(of job: JobSpec) { self.job = job }

  /// A circle as places in the job, each waiting for the next and the last for the first; `nil` if there is
  /// none. It begins with its lowest place.
  /// - Complexity: O(tasks + edges); where each task waits only for earlier ones, one pass over the edges.
  package func cycle() -> [Int]? {
    if pointsBackOnly { return nil }
    let left = strikeOff()
    guard let start = left.firstIndex(where: { $0 > 0 }) else { return nil }
    return circle(from: start, within: left)
  }

  /// The refusal that names the circle, if there is one.
  package func validate() throws(Refusal) {
    guard let cycle = cycle() else { return }
    throw Refusal(
      .cycle,
      field: "tasks[\(cycle[0])].after",
      "the tasks wait for each other in a circle, each for the next: \(path(cycle)). Remove one of these dependencies."
    )
  }

  /// `a → b → a`, with the middle of a long circle left out.
  private func path(_ cycle: [Int]) -> String {
    var names = cycle.prefix(12).map { job.taskNames[$0] }
    if cycle.count > 12 {
      names[10] = "(\(cycle.count - 11) more)"
      names[11] = job.taskNames[cycle[cycle.count - 1]]
    }
    return (names + [job.taskNames[cycle[0]]]).joined(separator: " → ")
  }

  private var pointsBackOnly: Bool {
    for task in 0..<job.entryCount {
      for edge in job.dependencyRange(task) where job.dependencies[edge] >= task { return false }
    }
    return true
  }

  /// How many waits for each task are left when all that can be struck off is.
  private func strikeOff() -> [UInt32] {
    var waits = [UInt32](repeating: 0, count: job.entryCount)
    for dependency in job.dependencies { waits[Int(dependency)] += 1 }
    var free = waits.indices.filter { waits[$0] == 0 }
    while let task = free.popLast() {
      for edge in job.dependencyRange(task) {
        let dependency = Int(job.dependencies[edge])
        waits[dependency] -= 1
        if waits[dependency] == 0 { free.append(dependency) }
      }
    }
    return waits
  }

  /// Everybody who is left has somebody left who waits for them: going from one to the next closes a circle.
  private func circle(from start: Int, within left: [UInt32]) -> [Int] {
    var waiter = [Int](repeating: -1, count: job.entryCount)
    for task in 0..<job.entryCount where left[task] > 0 {
      for edge in job.dependencyRange(task) { waiter[Int(job.dependencies[edge])] = task }
    }
    var seenAt = [Int](repeating: -1, count: job.entryCount)
    var walked: [Int] = []
    var task = start
    while seenAt[task] < 0 {
      seenAt[task] = walked.count
      walked.append(task)
      task = waiter[task]
    }
    let circle = Array(walked[seenAt[task]...].reversed())
    let first = circle.indices.min { circle[$0] < circle[$1] } ?? 0
    return Array(circle[first...] + circle[..<first])
  }
}
