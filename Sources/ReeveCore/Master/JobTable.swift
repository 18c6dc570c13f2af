package import ReeveModel

/// Every job, by number and by id. Jobs are numbered from 1.
package struct JobTable: Equatable, Sendable {
  package private(set) var jobs: [Job] = []
  private var numbers: [JobID: JobNumber] = [:]

  package var next: JobNumber { JobNumber(UInt32(jobs.count) + 1) }

  package subscript(number: JobNumber) -> Job {
    @inline(__always) _read { yield jobs[number.index - 1] }
    @inline(__always) _modify { yield &jobs[number.index - 1] }
  }

  package subscript(id: JobID) -> JobNumber? { numbers[id] }

  /// - Returns: whether no other job has its id.
  @discardableResult package mutating func append(_ job: SubmittedJob) -> Bool {
    precondition(job.number == next, "job \(job.number) does not follow \(jobs.count)")
    jobs.append(Job(job))
    return numbers.updateValue(job.number, forKey: job.spec.id) == nil
  }

  /// Makes room for so many in all, where that is known beforehand.
  mutating func reserveCapacity(_ count: Int) {
    jobs.reserveCapacity(count)
    numbers.reserveCapacity(count)
  }
}

/// One job with its graph and how many of its tasks are where.
package struct Job: Equatable, Sendable {
  package let number: JobNumber
  package let spec: JobSpec
  package let firstTask: TaskNumber
  package let firstTemplate: TemplateNumber
  package let submitted: WallTime
  package var ended = WallTime.none
  package var counts = TaskCounts()
  /// The graph turned round, as compressed sparse rows: who waits for task `i`.
  private let dependentEnds: [UInt32]
  private let dependents: [UInt32]

  init(_ job: SubmittedJob) {
    number = job.number
    spec = job.spec
    firstTask = job.firstTask
    firstTemplate = job.firstTemplate
    submitted = job.submitted
    (dependentEnds, dependents) = Self.reversed(job.spec)
    let blocked = job.spec.dependencies.isEmpty ? 0 : Self.blockedCount(job.spec)
    counts[.blocked] = blocked
    counts[.queued] = job.spec.count - blocked
  }

  /// The tasks of this job that wait for the one at `place`, as places in the job.
  func dependents(of place: Int) -> ArraySlice<UInt32> {
    guard !dependents.isEmpty else { return [] }
    return dependents[(place == 0 ? 0 : Int(dependentEnds[place - 1]))..<Int(dependentEnds[place])]
  }

  // Asked of every job at a restart, where a copy of `spec` would cost more than the answer.
  var taskCount: Int { spec.taskTemplates.count }
  var hasDependencies: Bool { !dependents.isEmpty }

  func task(_ place: Int) -> TaskNumber { TaskNumber(firstTask.rawValue + UInt64(place)) }
  func place(_ task: TaskNumber) -> Int { Int(task.rawValue - firstTask.rawValue) }

  /// The place of the task of that name. Linear: asked by people, one task at a time.
  func place(named name: String) -> Int? {
    let wanted = Array(name.utf8)
    return (0..<spec.count).first { spec.taskNames.bytes[spec.taskNames.range($0)].elementsEqual(wanted) }
  }

  private static func blockedCount(_ spec: JobSpec) -> Int {
    (0..<spec.count).reduce(0) { $0 + (spec.dependencyRange($1).isEmpty ? 0 : 1) }
  }

  /// Counting sort of the edges by the task that is waited for: O(tasks + edges).
  private static func reversed(_ spec: JobSpec) -> ([UInt32], [UInt32]) {
    guard !spec.dependencies.isEmpty else { return ([], []) }
    var ends = [UInt32](repeating: 0, count: spec.count)
    for d in spec.dependencies { ends[Int(d)] += 1 }
    var sum: UInt32 = 0
    for i in ends.indices {
      sum += ends[i]
      ends[i] = sum
    }
    var fill = ends
    var dependents = [UInt32](repeating: 0, count: spec.dependencies.count)
    for i in (0..<spec.count).reversed() {
      for d in spec.dependencies[spec.dependencyRange(i)].reversed() {
        fill[Int(d)] -= 1
        dependents[Int(fill[Int(d)])] = UInt32(i)
      }
    }
    return (ends, dependents)
  }
}
