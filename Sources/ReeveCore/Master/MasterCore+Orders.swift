import ReeveModel

// What users order: a record before it is answered, and carried out again by every new leader until it is done.
extension MasterCore {
  mutating func obey(
    _ order: UserOrder,
    _ what: [TaskSelector],
    for request: RequestNumber,
    at now: Now,
    into effects: inout [MasterEffect]
  ) {
    do throws(Refusal) {
      let count = try obey(order, what, at: now, into: &effects)
      effects.append(.obeyed(request, .success(count)))
    } catch { effects.append(.obeyed(request, .failure(error))) }
  }

  /// Nothing is done where some selector means nothing.
  private mutating func obey(
    _ order: UserOrder,
    _ what: [TaskSelector],
    at now: Now,
    into effects: inout [MasterEffect]
  ) throws(Refusal) -> Int {
    switch order {
    case .policy(let policy): return set(policy, at: now, into: &effects)
    case .role(let change): return try set(change, into: &effects)
    case .forgetRole(let name): return try forgetRole(name, into: &effects)
    case .removeFramework(let id): return try removeFramework(id, at: now, into: &effects)
    case .close:
      var heads: [JobNumber] = []
      for selector in what { heads.append(try openJob(selector)) }
      return heads.reduce(0) { $0 + close($1, .none, at: now.wall, into: &effects) }
    case .cancel:
      let runs = try runs(what)
      // Or it would be there for ever.
      for head in what.compactMap(openHead) { _ = close(head, .cancelled, at: now.wall, into: &effects) }
      return end(runs, .cancelled, at: now.wall, into: &effects)
    case .hold: return hold(try runs(what), into: &effects)
    case .release: return release(try runs(what), into: &effects)
    case .priority(let priority): return prioritise(try runs(what), priority, into: &effects)
    case .retry(let alsoCancelled):
      for selector in what { try checkRetry(selector) }
      return beginRound(
        of: try runs(what).filter(isOfQueue),
        alsoCancelled: alsoCancelled,
        at: now,
        into: &effects
      )
    }
  }

  /// What a framework was told has ended has ended for good: it does again what it wants done again.
  private func checkRetry(_ selector: TaskSelector) throws(Refusal) {
    guard let head = durable.jobs[JobID(selector.job)], durable.jobs[head].framework != .batch else { return }
    throw Refusal(
      .conflict,
      field: "job",
      "Job \"\(selector.job)\" is the tasks of a framework, which alone does them again."
    )
  }

  private func isOfQueue(_ run: TaskRun) -> Bool {
    durable.jobs[durable.jobs.job(of: run.first)].framework == .batch
  }

  /// All tasks that are meant, each once.
  private func runs(_ what: [TaskSelector]) throws(Refusal) -> [TaskRun] {
    var selected: [TaskRun] = []
    var names = EntryFinder()
    for selector in what {
      let runs = try select(selector, &names).get()
      if runs.isEmpty, openHead(selector) == nil { throw meansNothing(selector) }
      selected += runs
    }
    return Self.distinct(selected)
  }

  /// The open job that is meant as a whole.
  private func openHead(_ selector: TaskSelector) -> JobNumber? {
    guard selector.isWholeJob, let head = durable.jobs[JobID(selector.job)],
      durable.jobs.open(head)?.isOpen == true, durable.jobs[head].framework == .batch
    else { return nil }
    return head
  }

  private func openJob(_ selector: TaskSelector) throws(Refusal) -> JobNumber {
    if let head = openHead(selector) { return head }
    guard let head = durable.jobs[JobID(selector.job)] else { throw noJob(selector.job) }
    guard durable.jobs[head].framework == .batch else { throw isOfFramework(durable.jobs[head].spec.id) }
    guard selector.isWholeJob else {
      throw Refusal(
        .invalid,
        field: "job",
        "\(selector.description.quoted) is not a whole job, and only that is closed. Name the job alone."
      )
    }
    throw Refusal(
      .conflict,
      field: "job",
      durable.jobs.open(head) == nil
        ? "Job \"\(selector.job)\" is not an open one: nothing can be added to it."
        : "Job \"\(selector.job)\" is closed already."
    )
  }

  /// Nothing is added to a job any more; with a reason, because all of it is stopped.
  /// - Returns: how many tasks it has.
  mutating func close(
    _ head: JobNumber,
    _ reason: FailureReason,
    at wall: WallTime,
    into effects: inout [MasterEffect]
  ) -> Int {
    guard durable.jobs.open(head)?.isOpen == true else { return 0 }
    commit(.jobClosed(head, reason, at: wall), into: &effects)
    touchJob(head)
    callOffAfter(head, at: wall, into: &effects)
    return durable.jobs.counts(of: head).total
  }

  /// What several selectors mean, each task once.
  private static func distinct(_ runs: [TaskRun]) -> [TaskRun] {
    guard runs.count > 1 else { return runs }
    var distinct: [TaskRun] = []
    for run in runs.sorted(by: { $0.first < $1.first }) {
      guard let last = distinct.last, run.first < last.end else {
        distinct.append(run)
        continue
      }
      // Overlaps are of one job, for runs are.
      let end = max(last.end, run.end)
      distinct[distinct.count - 1].count = UInt32(end.rawValue - last.first.rawValue)
    }
    return distinct
  }

  /// Those of the tasks that are in one of some states.
  private func runs(_ runs: [TaskRun], where isWanted: (TaskState, _ isHeld: Bool) -> Bool) -> [TaskRun] {
    runs.flatMap { run in
      let job = durable.jobs.job(of: run.first)
      return durable.jobs[job].runs(in: durable.jobs[job].places(run), where: isWanted)
    }
  }

  /// Ends tasks by order: those without an attempt now, the others when their attempts are over.
  /// - Returns: how many had not ended, and had not been ordered to.
  mutating func end(
    _ what: [TaskRun],
    _ reason: FailureReason,
    at wall: WallTime,
    into effects: inout [MasterEffect]
  ) -> Int {
    let active = runs(what) { state, _ in state.hasAttempt }.flatMap { run in
      (run.first.rawValue..<run.end.rawValue).map { TaskNumber($0) }
    }.filter { durable.active[$0]?.ordered == FailureReason.none }
    if !active.isEmpty {
      commit(.endOrdered(active, reason), into: &effects)
      for task in active { orderKill(of: task) }
    }
    let waiting = runs(what) { state, _ in !state.isTerminal && !state.hasAttempt }
    callOff(waiting, reason, at: wall, into: &effects)
    return active.count + waiting.taskCount
  }

  private mutating func orderKill(of task: TaskNumber) {
    guard let known = durable.active[task] else { return }
    racks[known.rack].orders.kills.append(KillOrder(attempt: known.attempt, reason: .cancelled))
  }

  private mutating func hold(_ what: [TaskRun], into effects: inout [MasterEffect]) -> Int {
    let wanted = runs(what) { state, isHeld in !isHeld && (state == .queued || state == .blocked) }
    guard !wanted.isEmpty else { return 0 }
    commit(.held(wanted), into: &effects)
    touch(wanted)
    leaveArrays(wanted)
    return wanted.taskCount
  }

  private mutating func release(_ what: [TaskRun], into effects: inout [MasterEffect]) -> Int {
    let wanted = runs(what) { state, isHeld in isHeld && (state == .queued || state == .blocked) }
    guard !wanted.isEmpty else { return 0 }
    commit(.released(wanted), into: &effects)
    touch(wanted)
    return wanted.taskCount
  }

  private mutating func prioritise(
    _ what: [TaskRun],
    _ priority: Int32,
    into effects: inout [MasterEffect]
  ) -> Int {
    let wanted = runs(what) { state, _ in !state.isTerminal }
    guard !wanted.isEmpty else { return 0 }
    commit(.prioritySet(wanted, priority), into: &effects)
    touch(wanted)
    return wanted.taskCount
  }

  private mutating func beginRound(
    of what: [TaskRun],
    alsoCancelled: Bool,
    at now: Now,
    into effects: inout [MasterEffect]
  ) -> Int {
    let isWanted = { (state: TaskState) in state == .failed || alsoCancelled && state == .cancelled }
    let wanted = runs(what) { state, _ in isWanted(state) }
    guard !wanted.isEmpty else { return 0 }
    // What was not needed may be now.
    let reopened = runs(what) { state, _ in isWanted(state) || state == .skipped }
    commit(.roundBegan(reopened), into: &effects)
    touch(reopened)
    // What depends on a task that stays as it ended comes to the same end again.
    for (job, places) in durable.jobs.places(of: reopened) {
      callOffUnmeetable(in: job, places, at: now.wall, into: &effects)
    }
    return wanted.taskCount
  }

  private mutating func set(_ policy: PolicySetting, at now: Now, into effects: inout [MasterEffect]) -> Int {
    guard policy != durable.policy else { return 0 }
    commit(.policySet(policy), into: &effects)
    takeUp(at: now)
    return durable.jobs.jobs.reduce(0) { $0 + $1.counts[.queued] }
  }
}
