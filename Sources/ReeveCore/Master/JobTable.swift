package import ReeveModel

/// Every job, by number and by id. Jobs are numbered from 1.
package struct JobTable: Equatable, Sendable {
  package private(set) var jobs: [Job] = []
  private var numbers: [JobID: JobNumber] = [:]
  /// Of all jobs.
  package private(set) var taskCount = 0

  package var next: JobNumber { JobNumber(UInt32(jobs.count) + 1) }
  package var nextTask: TaskNumber { TaskNumber(UInt64(taskCount) + 1) }

  package subscript(number: JobNumber) -> Job {
    @inline(__always) _read { yield jobs[number.index - 1] }
    @inline(__always) _modify { yield &jobs[number.index - 1] }
  }

  package subscript(id: JobID) -> JobNumber? { numbers[id] }

  /// The job of a task; `nil` where no task has that number.
  package func number(of task: TaskNumber) -> JobNumber? {
    task.rawValue >= 1 && task < nextTask ? job(of: task) : nil
  }

  /// The job of a task that there is.
  /// - Parameters:
  ///   - task: its number.
  ///   - guess: looked at first: the neighbour of a task is mostly of the same job.
  /// - Returns: its job.
  @inline(__always) func job(of task: TaskNumber, guess: JobNumber = JobNumber(0)) -> JobNumber {
    if guess.rawValue > 0, self[guess].has(task) { return guess }
    return search(task)
  }

  private func search(_ task: TaskNumber) -> JobNumber {
    var (low, high) = (0, jobs.count)
    while low < high {
      let middle = (low + high) / 2
      if jobs[middle].firstTask <= task { low = middle + 1 } else { high = middle }
    }
    return JobNumber(UInt32(low))
  }

  /// - Returns: whether no other job has its id.
  @discardableResult mutating func append(_ job: Job) -> Bool {
    precondition(job.number == next, "job \(job.number) does not follow \(jobs.count)")
    jobs.append(job)
    taskCount += job.count
    return numbers.updateValue(job.number, forKey: job.spec.id) == nil
  }

  /// Makes room for so many in all, where that is known beforehand.
  mutating func reserveCapacity(_ count: Int) {
    jobs.reserveCapacity(count)
    numbers.reserveCapacity(count)
  }
}
