import ReeveModel

/// Clients who are told of changes, and what has changed since they were told.
struct WatchTable: Sendable {
  private var jobWatchers: [JobNumber: [RequestNumber]] = [:]
  private var taskFollowers: [TaskNumber: [RequestNumber]] = [:]
  private var changedJobs: Set<JobNumber> = []
  private var changedTasks: [TaskNumber] = []
  /// Jobs still watched by each request.
  private var open: [RequestNumber: Set<JobNumber>] = [:]
  private var nextProgress = Instant(microseconds: 0)
  private var isProgressDue = false

  var watchesAny: Bool { !jobWatchers.isEmpty || !taskFollowers.isEmpty }
  var nextDeadline: Instant? { isProgressDue ? nextProgress : nil }

  mutating func watch(_ jobs: Set<JobNumber>, for request: RequestNumber) {
    open[request] = jobs
    for job in jobs {
      jobWatchers[job, default: []].append(request)
      changedJobs.insert(job)
    }
  }

  mutating func follow(_ task: TaskNumber, for request: RequestNumber) {
    taskFollowers[task, default: []].append(request)
  }

  mutating func changed(_ job: JobNumber) { if jobWatchers[job] != nil { changedJobs.insert(job) } }

  mutating func changed(_ task: TaskNumber, of job: JobNumber) {
    changed(job)
    if !taskFollowers.isEmpty, taskFollowers[task] != nil { changedTasks.append(task) }
  }

  mutating func changed(_ run: TaskRun, of job: JobNumber) {
    changed(job)
    for task in taskFollowers.keys where task >= run.first && task < run.end { changedTasks.append(task) }
  }

  mutating func takeChangedTasks() -> [(TaskNumber, [RequestNumber])] {
    defer { changedTasks.removeAll(keepingCapacity: true) }
    // A task that began and ended in one turn is told of once, as it is by then.
    return Set(changedTasks).sorted().map { ($0, taskFollowers[$0] ?? []) }
  }

  mutating func endFollow(_ task: TaskNumber) { taskFollowers[task] = nil }

  /// Jobs to tell of now: those that ended at once, the others when their time has come.
  mutating func takeChangedJobs(
    at now: Instant,
    interval: TimeSpan,
    hasEnded: (JobNumber) -> Bool
  ) -> [(JobNumber, [RequestNumber])] {
    let isDue = now >= nextProgress
    let jobs = changedJobs.filter { isDue || hasEnded($0) }.sorted()
    changedJobs.subtract(jobs)
    if isDue, !jobs.isEmpty { nextProgress = now + interval }
    isProgressDue = !changedJobs.isEmpty
    return jobs.map { ($0, jobWatchers[$0] ?? []) }
  }

  /// - Returns: whether that was the last job that the request watched.
  mutating func endWatch(_ job: JobNumber, for request: RequestNumber) -> Bool {
    open[request]?.remove(job)
    jobWatchers[job]?.removeAll { $0 == request }
    if jobWatchers[job]?.isEmpty == true { jobWatchers[job] = nil }
    guard open[request]?.isEmpty == true else { return false }
    open[request] = nil
    return true
  }

  /// Linear in what is watched: a client's going is rare.
  mutating func close(_ request: RequestNumber) {
    for job in open.removeValue(forKey: request) ?? [] {
      jobWatchers[job]?.removeAll { $0 == request }
      if jobWatchers[job]?.isEmpty == true { jobWatchers[job] = nil }
    }
    for (task, requests) in taskFollowers where requests.contains(request) {
      taskFollowers[task] = requests.filter { $0 != request }
      if taskFollowers[task]?.isEmpty == true { taskFollowers[task] = nil }
    }
  }
}
