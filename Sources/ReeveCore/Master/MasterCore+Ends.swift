import ReeveModel

// Ends of tasks, and what they bring with them.
extension MasterCore {
  /// Records how attempts ended: of tasks that are to be tried again, or as the tasks' own ends, and with them the ends of all
  /// that can no longer become ready, through the whole graph.
  mutating func finish(_ ends: [TaskEnd], at now: Now, into effects: inout [MasterEffect]) {
    guard !ends.isEmpty else { return }
    var final: [TaskEnd] = []
    var again: [TaskEnd] = []
    final.reserveCapacity(ends.count)
    for end in ends {
      if end.reason != .none, isToBeRetried(end) { again.append(end) } else { final.append(counted(end)) }
    }
    retry(again, at: now, into: &effects)
    guard !final.isEmpty else { return }
    commit(.ended(final), into: &effects)
    for end in final {
      touch(end.task)
      leaveQueue(end.task)
    }
    callOff(unmeetable(after: final), .dependencyFailed, at: now.wall, into: &effects)
    for job in failing(final) { stopIfFailing(job, at: now.wall, into: &effects) }
  }

  private func counted(_ end: TaskEnd) -> TaskEnd {
    guard !durable.setbacks.isEmpty, let setback = durable.setbacks[end.task] else { return end }
    var end = end
    end.earlier = setback.attempts
    return end
  }

  private func isToBeRetried(_ end: TaskEnd) -> Bool {
    guard let known = durable.active[end.task], known.ordered == .none else { return false }
    let retries = durable.setbacks[end.task]?.retries ?? 0
    return durable.templates[known.template.index].retry
      .allows(end.reason, status: end.status, after: retries)
  }

  private mutating func retry(_ ends: [TaskEnd], at now: Now, into effects: inout [MasterEffect]) {
    guard !ends.isEmpty else { return }
    // By the master's own clock: the age of the failure is reckoned on it.
    let ends = ends.map { end in
      var end = end
      end.ended = now.wall
      return end
    }
    commit(.retried(ends), into: &effects)
    for end in ends {
      touch(end.task)
      if let setback = durable.setbacks[end.task] { backOff(end.task, setback, at: now) }
    }
  }

  /// Ends tasks that have no attempt, and all that can no longer become ready for it.
  mutating func callOff(
    _ runs: [TaskRun],
    _ reason: FailureReason,
    at wall: WallTime,
    into effects: inout [MasterEffect]
  ) {
    var (runs, reason) = (runs, reason)
    while !runs.isEmpty {
      commit(.calledOff(runs, reason, at: wall), into: &effects)
      touch(runs)
      leaveQueue(runs)
      runs = unmeetable(after: runs)
      reason = .dependencyFailed
    }
  }

  /// A job of which as many tasks have failed as may is stopped.
  mutating func stopIfFailing(_ job: JobNumber, at wall: WallTime, into effects: inout [MasterEffect]) {
    let most = Int(durable.jobs[job].spec.failuresMax)
    guard most > 0, durable.jobs[job].ownFailures >= most, durable.jobs[job].counts.unfinished > 0 else {
      return
    }
    let all = durable.jobs[job].run(0..<durable.jobs[job].count)
    _ = end([all], .jobStopped, at: wall, into: &effects)
  }

  private func failing(_ ends: [TaskEnd]) -> [JobNumber] {
    var jobs: Set<JobNumber> = []
    var job = JobNumber(0)
    for end in ends where end.reason.outcome == .failed {
      job = durable.jobs.job(of: end.task, guess: job)
      if durable.jobs[job].spec.failuresMax > 0 { jobs.insert(job) }
    }
    return jobs.sorted()
  }
}

// The graph.
extension MasterCore {
  private func unmeetable(after ends: [TaskEnd]) -> [TaskRun] {
    var train = Train()
    var job = JobNumber(0)
    for end in ends {
      job = durable.jobs.job(of: end.task, guess: job)
      note(durable.jobs[job].place(end.task), of: job, into: &train)
    }
    return train.runs(in: durable)
  }

  private func unmeetable(after runs: [TaskRun]) -> [TaskRun] {
    var train = Train()
    for run in runs {
      let job = durable.jobs.job(of: run.first)
      guard durable.jobs[job].hasDependents || durable.outerDependents[job] != nil else { continue }
      for place in durable.jobs[job].places(run) { note(place, of: job, into: &train) }
    }
    return train.runs(in: durable)
  }

  /// Tasks that a failure brings to an end.
  private struct Train {
    /// Entries that were found to be unmeetable as a whole.
    var entries: Set<Entry> = []
    var tasks: Set<TaskNumber> = []

    struct Entry: Hashable {
      var job: JobNumber
      var entry: Int
    }

    func runs(in durable: DurableState) -> [TaskRun] {
      var tasks = tasks
      for entry in entries {
        let job = durable.jobs[entry.job]
        for place in job.layout.places(ofEntry: entry.entry) where job.states[place] == .blocked {
          tasks.insert(job.task(place))
        }
      }
      var runs: [TaskRun] = []
      var job = JobNumber(0)
      for task in tasks.sorted() {
        let own = durable.jobs.job(of: task, guess: job)
        // A run never passes the end of a job.
        runs.append(TaskRun(first: task, count: 1), joining: own == job)
        job = own
      }
      return runs
    }
  }

  private func note(_ place: Int, of job: JobNumber, into train: inout Train) {
    if durable.jobs[job].hasDependents {
      let entry = durable.jobs[job].layout.entry(at: place)
      for edge in durable.jobs[job].dependents(ofEntry: entry) {
        let (waiting, kind) = (Int(edge.entry), edge.kind)
        if !kind.isEach {
          if durable.jobs[job].isUnmeetable(kind.condition, byEntry: entry) {
            train.entries.insert(Train.Entry(job: job, entry: waiting))
          }
        } else if !Job.isMet(kind.condition, by: durable.jobs[job].states[place]) {
          let element = place - durable.jobs[job].layout.places(ofEntry: entry).lowerBound
          let dependent = durable.jobs[job].layout.places(ofEntry: waiting).lowerBound + element
          if durable.jobs[job].states[dependent] == .blocked {
            train.tasks.insert(durable.jobs[job].task(dependent))
          }
        }
      }
    }
    guard !durable.outerDependents.isEmpty, let edges = durable.outerDependents[job] else { return }
    for edge in edges
    where edge.places.contains(place) && durable.jobs[job].isUnmeetable(edge.condition, by: edge.places) {
      train.entries.insert(Train.Entry(job: edge.job, entry: edge.entry))
    }
  }

  /// All blocked tasks of a job that wait for what cannot come.
  func unmeetable(in number: JobNumber) -> [TaskRun] {
    guard durable.jobs[number].counts[.blocked] > 0 else { return [] }
    var train = Train()
    for entry in 0..<durable.jobs[number].spec.entryCount where isUnmeetable(entry, of: number) {
      train.entries.insert(Train.Entry(job: number, entry: entry))
    }
    for place in 0..<durable.jobs[number].count where durable.jobs[number].states[place] == .blocked {
      let entry = durable.jobs[number].layout.entry(at: place)
      let isLost = durable.jobs[number].eachTargets(of: place, entry).contains {
        let state = durable.jobs[number].states[$0.place]
        return state.isTerminal && !Job.isMet($0.condition, by: state)
      }
      if isLost { train.tasks.insert(durable.jobs[number].task(place)) }
    }
    return train.runs(in: durable)
  }

  private func isUnmeetable(_ entry: Int, of number: JobNumber) -> Bool {
    let isLost = durable.jobs[number].spec.dependencyRange(entry).contains { edge in
      let kind = durable.jobs[number].spec.dependencyKind(edge)
      return !kind.isEach
        && durable.jobs[number].isUnmeetable(
          kind.condition,
          byEntry: Int(durable.jobs[number].spec.dependencies[edge])
        )
    }
    if isLost { return true }
    return zip(durable.jobs[number].spec.outerDependencies, durable.jobs[number].outerTargets).contains {
      outer,
      target in
      Int(outer.entry) == entry
        && durable.jobs[target.job].isUnmeetable(outer.condition, by: target.places)
    }
  }
}
