package import ReeveModel

/// Every job, by number and by id. Jobs are numbered from 1; what is added to an open one gets a number of its own.
package struct JobTable: Equatable, Sendable {
  package private(set) var jobs: [Job] = []
  private var numbers: [JobID: JobNumber] = [:]
  /// Jobs that are or were open, by their heads.
  private var openJobs: [JobNumber: OpenJob] = [:]
  /// Of all jobs.
  package private(set) var taskCount = 0
  private(set) var users = UserTable()
  /// Whose each job is.
  private var owners: [UserNumber] = []

  package var next: JobNumber { JobNumber(UInt32(jobs.count) + 1) }
  package var nextTask: TaskNumber { TaskNumber(UInt64(taskCount) + 1) }

  package subscript(number: JobNumber) -> Job {
    @inline(__always) _read { yield jobs[number.index - 1] }
    @inline(__always) _modify {
      guard jobs[number.index - 1].isOfOpenJob else {
        yield &jobs[number.index - 1]
        return
      }
      let before = jobs[number.index - 1].counts
      yield &jobs[number.index - 1]
      recount(number, since: before)
    }
  }

  private mutating func recount(_ part: JobNumber, since before: TaskCounts) {
    let (head, counts) = (self[part].head, self[part].counts)
    guard counts != before else { return }
    openJobs[head]?.counts -= before
    openJobs[head]?.counts += counts
  }

  /// The job of that id; of an open one its head.
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
    return JobNumber(UInt32(jobs.partitioningIndex { $0.firstTask > task }))
  }

  /// The job of a template that there is. One without templates begins where the next does.
  func job(of template: TemplateNumber) -> JobNumber {
    JobNumber(UInt32(jobs.partitioningIndex { $0.firstTemplate > template }))
  }

  /// Runs as places in their jobs; those of one job that stand together are gathered.
  func places(of runs: [TaskRun]) -> [(job: JobNumber, places: [Range<Int>])] {
    var found: [(job: JobNumber, places: [Range<Int>])] = []
    for run in runs {
      let job = job(of: run.first, guess: found.last?.job ?? JobNumber(0))
      if found.last?.job != job { found.append((job, [])) }
      found[found.count - 1].places.append(self[job].places(run))
    }
    return found
  }

  /// - Returns: whether no other job has its id, or no other part its name.
  @discardableResult mutating func append(_ job: Job) -> Bool {
    precondition(job.number == next, "job \(job.number) does not follow \(jobs.count)")
    jobs.append(job)
    owners.append(users.number(of: job.spec.user))
    taskCount += job.count
    if job.isOfOpenJob {
      guard openJobs[job.head, default: OpenJob()].append(job) else { return false }
    }
    return job.head != job.number || numbers.updateValue(job.number, forKey: job.spec.id) == nil
  }

  func user(of job: JobNumber) -> UserNumber { owners[job.index - 1] }

  /// A task of the job has an attempt from now on, which asked for so much.
  mutating func hold(_ resources: Resources, of job: JobNumber) { users[user(of: job)].used += resources }

  mutating func release(_ resources: Resources, of job: JobNumber) { users[user(of: job)].used -= resources }

  /// Makes room for so many in all, where that is known beforehand.
  mutating func reserveCapacity(_ count: Int) {
    jobs.reserveCapacity(count)
    numbers.reserveCapacity(count)
  }
}

// What is of a job as a whole, by its head.
extension JobTable {
  package func open(_ head: JobNumber) -> OpenJob? { openJobs[head] }

  /// What it consists of, in the order of their numbers: itself, where it was never open.
  package func parts(of head: JobNumber) -> [JobNumber] { openJobs[head]?.parts ?? [head] }

  /// The arrays of all its parts.
  func arrays(of head: JobNumber) -> [(part: JobNumber, array: Int)] {
    parts(of: head).flatMap { part in self[part].spec.arrays.indices.map { (part, $0) } }
  }

  package func counts(of head: JobNumber) -> TaskCounts { openJobs[head]?.counts ?? self[head].counts }

  package func ended(_ head: JobNumber) -> WallTime { openJobs[head]?.ended ?? self[head].ended }

  /// Whether all its tasks have ended, and no more can come.
  package func isOver(_ head: JobNumber) -> Bool {
    openJobs[head]?.isOver ?? (self[head].counts.unfinished == 0)
  }

  /// How its tasks have ended; to be stopped while it was open is an end as well.
  func outcomes(of head: JobNumber) -> Outcomes {
    var outcomes = Outcomes(counts(of: head))
    if let open = openJobs[head], open.isStopped { outcomes.count(.cancelled, 1) }
    return outcomes
  }

  mutating func close(_ head: JobNumber, _ reason: FailureReason, at wall: WallTime) {
    openJobs[head]?.close(reason, at: wall)
    noteEnd(of: head)
  }

  /// A part has ended, or the job was closed.
  mutating func noteEnd(of part: JobNumber) {
    let head = self[part].head
    guard let open = openJobs[head], open.isOver else { return }
    let ended = open.parts.reduce(open.closed) { max($0, self[$1].ended) }
    openJobs[head]?.ended = ended
  }

  mutating func reopen(_ job: JobNumber, _ places: [Range<Int>]) {
    self[job].reopen(places)
    let head = self[job].head
    openJobs[head]?.ended = .none
  }
}
