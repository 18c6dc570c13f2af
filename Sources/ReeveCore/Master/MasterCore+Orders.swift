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
    var runs: [TaskRun] = []
    for selector in what {
      switch select(selector) {
      case .success(let selected):
        guard !selected.isEmpty else {
          return effects.append(.obeyed(request, .failure(meansNothing(selector))))
        }
        runs += selected
      case .failure(let refusal): return effects.append(.obeyed(request, .failure(refusal)))
      }
    }
    let count =
      switch order {
      case .cancel: end(Self.distinct(runs), .cancelled, at: now.wall, into: &effects)
      case .hold: hold(Self.distinct(runs), into: &effects)
      case .release: release(Self.distinct(runs), into: &effects)
      case .priority(let priority): prioritise(Self.distinct(runs), priority, into: &effects)
      case .retry(let alsoCancelled):
        beginRound(of: Self.distinct(runs), alsoCancelled: alsoCancelled, at: now, into: &effects)
      case .policy(let order): set(order, at: now, into: &effects)
      }
    effects.append(.obeyed(request, .success(count)))
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
    let wanted = runs(what) { state, _ in state == .failed || alsoCancelled && state == .cancelled }
    guard !wanted.isEmpty else { return 0 }
    commit(.roundBegan(wanted), into: &effects)
    touch(wanted)
    // What depends on a task that stays as it ended comes to the same end again.
    for job in Set(wanted.map { durable.jobs.job(of: $0.first) }).sorted() {
      callOff(unmeetable(in: job), .dependencyFailed, at: now.wall, into: &effects)
    }
    return wanted.taskCount
  }

  private mutating func set(_ order: QueueOrder, at now: Now, into effects: inout [MasterEffect]) -> Int {
    guard order != durable.order else { return 0 }
    commit(.policySet(order), into: &effects)
    batch.begin(order)
    takeUp(at: now)
    return durable.jobs.jobs.reduce(0) { $0 + $1.counts[.queued] }
  }
}
