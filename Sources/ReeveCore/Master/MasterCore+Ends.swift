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
    let kinds = kinds(of: final)
    commit(.ended(final), into: &effects)
    requeue(kinds)
    for end in final {
      touch(end.task)
      leaveQueue(end.task)
    }
    callOff(train(of: final.map { TaskRun(first: $0.task, count: 1) }), at: now.wall, into: &effects)
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
    if end.reason == .preempted { return true }
    let retries = durable.setbacks[end.task]?.retries ?? 0
    return durable.templates[known.template.index].retry
      .allows(end.reason, status: end.status, after: retries)
  }

  private mutating func retry(_ ends: [TaskEnd], at now: Now, into effects: inout [MasterEffect]) {
    guard !ends.isEmpty else { return }
    noteWasted(ends)
    // By the master's own clock: the age of the failure is reckoned on it.
    let ends = ends.map { end in
      var end = end
      end.ended = now.wall
      return end
    }
    commit(.retried(ends), into: &effects)
    for end in ends {
      touch(end.task)
      guard end.reason != .preempted else { continue }
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
    guard !runs.isEmpty else { return }
    commit(.calledOff(runs, reason, at: wall), into: &effects)
    touch(runs)
    leaveQueue(runs)
    callOff(train(of: runs), at: wall, into: &effects)
  }

  /// Ends what can no longer become ready, one train after the other.
  private mutating func callOff(_ train: Train, at wall: WallTime, into effects: inout [MasterEffect]) {
    var found = train.runs(in: durable)
    while !found.isEmpty {
      for (reason, runs) in found {
        commit(.calledOff(runs, reason, at: wall), into: &effects)
        touch(runs)
        leaveQueue(runs)
      }
      found = self.train(of: found.flatMap(\.runs)).runs(in: durable)
    }
  }

  /// A job of which as many tasks have failed as may is stopped; nothing can be added to it then.
  private mutating func stopIfFailing(
    _ head: JobNumber,
    at wall: WallTime,
    into effects: inout [MasterEffect]
  ) {
    let most = Int(durable.jobs[head].spec.failuresMax)
    let parts = durable.jobs.parts(of: head)
    guard most > 0, parts.reduce(0, { $0 + durable.jobs[$1].ownFailures }) >= most,
      !durable.jobs.isOver(head)
    else { return }
    _ = close(head, .jobStopped, at: wall, into: &effects)
    let all = parts.filter { durable.jobs[$0].count > 0 }.map {
      durable.jobs[$0].run(0..<durable.jobs[$0].count)
    }
    _ = end(all, .jobStopped, at: wall, into: &effects)
  }

  /// Heads of jobs that are to be stopped at so many failures, and have come nearer to it.
  private func failing(_ ends: [TaskEnd]) -> [JobNumber] {
    var heads: Set<JobNumber> = []
    var job = JobNumber(0)
    for end in ends where end.reason.outcome == .failed {
      job = durable.jobs.job(of: end.task, guess: job)
      let head = durable.jobs[job].head
      if durable.jobs[head].spec.failuresMax > 0 { heads.insert(head) }
    }
    return heads.sorted()
  }

  /// Ends what waits in a job for what cannot come, among all its tasks or some.
  mutating func callOffUnmeetable(
    in job: JobNumber,
    _ places: [Range<Int>]? = nil,
    at wall: WallTime,
    into effects: inout [MasterEffect]
  ) {
    callOff(train(in: job, places ?? [0..<durable.jobs[job].count]), at: wall, into: &effects)
  }

  /// Ends what waits in vain for all of a job, which is over.
  mutating func callOffAfter(_ head: JobNumber, at wall: WallTime, into effects: inout [MasterEffect]) {
    var train = Train()
    train.add(whatWaitsForAllOf: head, in: durable)
    callOff(train, at: wall, into: &effects)
  }
}

// The graph.
extension MasterCore {
  /// What ends of these tasks bring with them.
  private func train(of runs: [TaskRun]) -> Train {
    var train = Train()
    var job = JobNumber(0)
    for run in runs {
      job = durable.jobs.job(of: run.first, guess: job)
      train.add(whatWaitsFor: durable.jobs[job].places(run), of: job, in: durable)
    }
    return train
  }

  /// Those of a job's blocked tasks that wait for what cannot come, and what waits for them.
  private func train(in number: JobNumber, _ ranges: [Range<Int>]) -> Train {
    var train = Train()
    guard durable.jobs[number].counts[.blocked] > 0 else { return train }
    var last = -1
    for place in ranges.joined() where durable.jobs[number].states[place] == .blocked {
      let entry = durable.jobs[number].layout.entry(at: place)
      if entry != last {
        last = entry
        let reason = verdict(onEntry: entry, of: number)
        if reason != .none { train.add(entry: entry, of: number, reason, in: durable) }
      }
      let inner = durable.jobs[number].eachTargets(of: place, entry).lazy.map {
        durable.jobs[number].verdict($0.condition, by: $0.place..<$0.place + 1)
      }
      let outer = durable.outerEachTargets(of: place, in: number).lazy.map {
        durable.verdict($0.condition, by: $0.target)
      }
      guard let reason = inner.first(where: { $0 != .none }) ?? outer.first(where: { $0 != .none }) else {
        continue
      }
      train.add(place, of: number, reason, in: durable)
    }
    return train
  }

  /// Why an entry as a whole waits for what cannot come; `.none` where it does not.
  private func verdict(onEntry entry: Int, of number: JobNumber) -> FailureReason {
    for edge in durable.jobs[number].spec.dependencyRange(entry) {
      let kind = durable.jobs[number].spec.dependencyKind(edge)
      guard !kind.isEach else { continue }
      let target = Int(durable.jobs[number].spec.dependencies[edge])
      let reason = durable.jobs[number].verdict(kind.condition, byEntry: target)
      if reason != .none { return reason }
    }
    for i in durable.jobs[number].spec.outerRange(entry) {
      let kind = durable.jobs[number].spec.outerDependencies[i].kind
      guard !kind.isEach else { continue }
      let reason = durable.verdict(kind.condition, by: durable.jobs[number].outerTargets[i])
      if reason != .none { return reason }
    }
    return .none
  }
}
