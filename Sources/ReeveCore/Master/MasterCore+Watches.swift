import ReeveModel

extension MasterCore {
  /// Notes that a task changed, for whoever watches and for its framework.
  mutating func touch(_ task: TaskNumber) {
    guard watches.watchesAny || accounts.hasOthers else { return }
    let job = durable.jobs.job(of: task)
    if durable.jobs[job].framework != .batch { accounts[durable.jobs[job].framework].note(task) }
    if watches.watchesAny { watches.changed(task, of: durable.jobs[job].head) }
  }

  /// The same of a job as a whole.
  mutating func touchJob(_ head: JobNumber) { watches.changed(head) }

  mutating func touch(_ runs: [TaskRun]) {
    guard watches.watchesAny || accounts.hasOthers else { return }
    for run in runs {
      let job = durable.jobs.job(of: run.first)
      if durable.jobs[job].framework != .batch {
        for number in run.first.rawValue..<run.end.rawValue {
          accounts[durable.jobs[job].framework].note(TaskNumber(number))
        }
      }
      if watches.watchesAny { watches.changed(run, of: durable.jobs[job].head) }
    }
  }

  mutating func openWatch(_ jobs: [JobID], for request: RequestNumber, into effects: inout [MasterEffect]) {
    var numbers: Set<JobNumber> = []
    for id in jobs {
      guard let number = durable.jobs[id] else {
        let refusal = Refusal(.notFound, field: "job", "There is no job \"\(id)\".")
        effects.append(.watchEnded(request, refusal))
        return
      }
      numbers.insert(number)
    }
    if numbers.isEmpty {
      effects.append(.watchEnded(request, nil))
    } else {
      watches.watch(numbers, for: request)
    }
  }

  mutating func openFollow(
    _ what: TaskSelector,
    for request: RequestNumber,
    into effects: inout [MasterEffect]
  ) {
    switch select(what) {
    case .failure(let refusal): effects.append(.followRefused(request, refusal))
    case .success(let runs):
      guard runs.taskCount == 1 else {
        return effects.append(.followRefused(request, severalTasks(what, runs)))
      }
      watches.follow(runs[0].first, for: request)
      tellFollowers(of: runs[0].first, [request], into: &effects)
    }
  }

  mutating func tellWatchers(at now: Now, into effects: inout [MasterEffect]) {
    guard watches.watchesAny else { return }
    for (task, requests) in watches.takeChangedTasks() { tellFollowers(of: task, requests, into: &effects) }
    let changed = watches.takeChangedJobs(at: now.boot, interval: settings.progressInterval) {
      [durable] in durable.jobs.ended($0) != .none
    }
    for (job, requests) in changed {
      let progress = progress(of: job)
      for request in requests {
        effects.append(.progress(request, progress))
        if progress.ended != .none, watches.endWatch(job, for: request) {
          effects.append(.watchEnded(request, nil))
        }
      }
    }
  }

  private mutating func tellFollowers(
    of task: TaskNumber,
    _ requests: [RequestNumber],
    into effects: inout [MasterEffect]
  ) {
    let view = view(of: task, in: durable.jobs.job(of: task), details: true)
    let node = durable.active[task]?.node ?? NodeNumber(0)
    let address =
      durable.roster.has(node) ? racks[durable.roster[node].rack].nodes[node]?.address ?? "" : ""
    for request in requests { effects.append(.followed(request, view, nodeAddress: address)) }
    if view.state.isTerminal { watches.endFollow(task) }
  }
}
