import ReeveModel

// What is in the queue, and in which order.
extension MasterCore {
  /// Moves what became ready into the batch framework's queue; of very much, as when the order changes, a part, so that nobody
  /// is kept waiting meanwhile.
  mutating func enqueueReady(at now: Now) {
    for task in waitingRoom.takeDue(at: now.boot) {
      queued.append(task)
      touch(task)
    }
    if !queued.isEmpty {
      var pieces = settings.piecesMax
      var rest = queued[...]
      queued = []
      while pieces > 0, let run = rest.popFirst() { enqueue(run, &pieces) }
      // What is left of the last comes first.
      queued += rest
    }
    guard batch.tellsUsersApart else { return }
    let total = racks.links.reduce(Resources.zero) { $0 + ($1.offer?.total ?? .zero) }
    batch.weigh(in: total) { [durable] in durable.account(of: $0) }
  }

  /// Takes up all that is queued: when leading begins, and when the order changes.
  mutating func takeUp(at now: Now) {
    batch.begin(durable.policy)
    expectations = Expectations()
    queued.removeAll()
    waitingRoom.clearArrays()
    accounts.clearReturned()
    for (task, setback) in durable.setbacks where setback.retries > 0 { backOff(task, setback, at: now) }
    for (task, attempt) in durable.active {
      if let key = arrayKey(of: task, attempt.job) { waitingRoom.note(task, of: key) }
    }
    for i in durable.jobs.jobs.indices where durable.jobs.jobs[i].counts[.queued] > 0 {
      queued += durable.jobs.jobs[i].runs(in: 0..<durable.jobs.jobs[i].count) { state, isHeld in
        state == .queued && !isHeld
      }
    }
  }

  /// A task that failed waits before it is tried again; what has passed of that is known by the age of the failure.
  mutating func backOff(_ task: TaskNumber, _ setback: Setback, at now: Now) {
    let job = durable.jobs.job(of: task)
    let place = durable.jobs[job].place(task)
    guard durable.jobs[job].states[place] == .queued else { return }
    let rule = durable.templates[durable.jobs[job].template(at: place).index].retry
    let wait = rule.wait(after: setback.retries - 1)
    let age = max(0, now.wall.microseconds - setback.retriedAt.microseconds)
    guard age < wait.microseconds else { return }
    waitingRoom.backOff(task, until: now.boot + TimeSpan(microseconds: wait.microseconds - age))
  }

  /// Of consecutive tasks, perhaps of several jobs, those that may go.
  private mutating func enqueue(_ run: TaskRun, _ pieces: inout Int) {
    var next = run.first
    while next < run.end {
      guard pieces > 0 else {
        queued.append(TaskRun(first: next, count: UInt32(run.end.rawValue - next.rawValue)), joining: false)
        return
      }
      let job = durable.jobs.job(of: next)
      let start = durable.jobs[job].place(next)
      let end = min(durable.jobs[job].count, start + Int(run.end.rawValue - next.rawValue))
      let runs = durable.jobs[job].runs(in: start..<end) { state, isHeld in state == .queued && !isHeld }
      var reached = end
      for run in runs where pieces > 0 {
        reached = enqueue(durable.jobs[job].places(run), of: job, &pieces)
      }
      next = durable.jobs[job].task(pieces > 0 ? end : reached)
    }
  }

  /// Queued tasks, in pieces that share a template, a priority and whatever else their place depends on.
  /// - Returns: how far it came with as many pieces as it had left.
  private mutating func enqueue(_ places: Range<Int>, of job: JobNumber, _ pieces: inout Int) -> Int {
    var start = places.lowerBound
    while start < places.upperBound, pieces > 0 {
      let template = durable.jobs[job].template(at: start)
      let array = durable.jobs[job].layout.array(at: start)
      let changed = durable.jobs[job].priorities.run(in: start..<places.upperBound)
      let end = durable.jobs[job].end(ofTasksLike: start, before: changed.places.upperBound)
      let priority = changed.value ?? durable.templates[template.index].priority
      enqueue(start..<end, of: job, template, priority, array)
      start = end
      pieces -= 1
    }
    return start
  }

  private mutating func enqueue(
    _ places: Range<Int>,
    of job: JobNumber,
    _ template: TemplateNumber,
    _ priority: Int32,
    _ array: Int?
  ) {
    let shape = batch.number(of: durable.templates[template.index].shape)
    let framework = durable.jobs[job].framework
    guard framework == .batch else {
      for run in withoutBackOffs(places, of: job) {
        accounts[framework].returned.add(
          ReadyRun(rank: 0, first: run.first, count: run.count, job: job),
          shape: shape
        )
      }
      return
    }
    if batch.policy.looksAtEstimates, durable.templates[template.index].timeLimit == nil {
      expect(template)
    }
    let task = durable.candidate(template, priority: priority, in: job, expectations)
    let rank = batch.policy.rank(of: task)
    let key = array.flatMap { limitKey(of: $0, in: job) }
    for run in withoutBackOffs(places, of: job) {
      let ready = ReadyRun(rank: rank, first: run.first, count: run.count, job: job)
      if let key {
        admit(ready, of: key, template)
      } else {
        addToQueue(ready, template)
      }
    }
  }

  private mutating func addToQueue(_ run: ReadyRun, _ template: TemplateNumber) {
    let shape = batch.number(of: durable.templates[template.index].shape)
    let limit = durable.templates[template.index].timeLimit
    batch.add(run, shape: shape, of: durable.jobs.user(of: run.job), limit: limit)
  }

  private mutating func expect(_ template: TemplateNumber) {
    let kind = durable.kind(of: template)
    expectations.note(template, of: kind, durable.runTimes[kind]) { [jobs = durable.jobs] in
      jobs[jobs.job(of: $0)].counts[.queued] > 0
    }
  }

  /// Tasks whose like turned out to run for another time than was expected stand elsewhere in the queue.
  mutating func requeue(_ kinds: Set<TaskKind>) {
    for kind in kinds {
      guard let expected = expectations[kind], expected != durable.runTimes[kind] else { continue }
      for template in expectations.forget(kind) { queued += durable.queuedTasks(of: template) }
    }
  }

  /// The kinds of tasks that end, where others wait by what is expected of theirs.
  func kinds(of ends: [TaskEnd]) -> Set<TaskKind> {
    guard !expectations.isEmpty else { return [] }
    return Set(ends.compactMap { end in durable.active[end.task].map { durable.kind(of: $0.template) } })
  }

  private func withoutBackOffs(_ places: Range<Int>, of job: JobNumber) -> [TaskRun] {
    guard waitingRoom.hasBackOffs else { return [durable.jobs[job].run(places)] }
    var runs: [TaskRun] = []
    for place in places {
      let task = durable.jobs[job].task(place)
      if !waitingRoom.isInBackOff(task) { runs.append(task) }
    }
    return runs
  }

  /// Whether a task may be given out as the run says that it stands in: it is queued, and neither held, nor in another place
  /// of the queue by now, nor kept by what has come since.
  func isReady(_ task: TaskNumber, _ run: ReadyRun) -> Bool {
    let place = durable.jobs[run.job].place(task)
    guard durable.jobs[run.job].states[place] == .queued, !durable.jobs[run.job].states.isHeld(place),
      !waitingRoom.isInBackOff(task)
    else { return false }
    if waitingRoom.hasArrays, let key = arrayKey(of: task, run.job), !waitingRoom.isOut(task, of: key) {
      return false
    }
    if durable.jobs[run.job].framework != .batch { return true }
    // Where nothing can have moved it, it stands where it did.
    if durable.jobs[run.job].priorities.isEmpty, !batch.policy.looksAtEstimates { return true }
    return batch.policy.rank(of: durable.candidate(task, in: run.job, expectations)) == run.rank
  }
}

// Arrays of which only so many tasks may be on their way at one time.
extension MasterCore {
  func limitKey(of array: Int, in job: JobNumber) -> WaitingRoom.ArrayKey? {
    durable.jobs[job].spec.arrays[array].parallel > 0 ? WaitingRoom.ArrayKey(job: job, array: array) : nil
  }

  func arrayKey(of task: TaskNumber, _ job: JobNumber) -> WaitingRoom.ArrayKey? {
    guard !durable.jobs[job].spec.arrays.isEmpty else { return nil }
    return durable.jobs[job].layout.array(at: durable.jobs[job].place(task)).flatMap {
      limitKey(of: $0, in: job)
    }
  }

  private mutating func admit(_ run: ReadyRun, of key: WaitingRoom.ArrayKey, _ template: TemplateNumber) {
    // Those that came back, or stand elsewhere now, are among those that may be on their way.
    let out = waitingRoom.out(run, of: key)
    for task in out { addToQueue(ReadyRun(rank: run.rank, first: task, job: run.job), template) }
    guard out.count < run.count else { return }
    waitingRoom.add(run, of: key)
    admitNext(of: key)
  }

  /// Lets as many tasks of an array go as may.
  private mutating func admitNext(of key: WaitingRoom.ArrayKey) {
    let limit = Int(durable.jobs[key.job].spec.arrays[key.array].parallel)
    let admitted = waitingRoom.admit(key, limit: limit) {
      [durable, expectations, policy = batch.policy] task, run in
      let place = durable.jobs[key.job].place(task)
      return durable.jobs[key.job].states[place] == .queued && !durable.jobs[key.job].states.isHeld(place)
        && policy.rank(of: durable.candidate(task, in: key.job, expectations)) == run.rank
    }
    for run in admitted {
      addToQueue(run, durable.jobs[key.job].template(at: durable.jobs[key.job].place(run.first)))
    }
  }

  /// A task has ended: the next of its array may go, and nothing waits to try it again.
  mutating func leaveQueue(_ task: TaskNumber) {
    waitingRoom.forgetBackOff(task)
    leaveArray(task)
  }

  /// A task has ended, or is held: the next of its array may go.
  private mutating func leaveArray(_ task: TaskNumber) {
    guard waitingRoom.hasArrays, let key = arrayKey(of: task, durable.jobs.job(of: task)) else { return }
    waitingRoom.leave(task, of: key)
    if durable.jobs[key.job].counts.unfinished == 0 {
      waitingRoom.forget(key)
    } else {
      admitNext(of: key)
    }
  }

  /// Held tasks go on waiting to be tried again, but are not on their way.
  mutating func leaveArrays(_ runs: [TaskRun]) {
    guard waitingRoom.hasArrays else { return }
    for run in runs {
      for number in run.first.rawValue..<run.end.rawValue { leaveArray(TaskNumber(number)) }
    }
  }

  mutating func leaveQueue(_ runs: [TaskRun]) {
    guard waitingRoom.hasArrays || waitingRoom.hasBackOffs else { return }
    for run in runs {
      for number in run.first.rawValue..<run.end.rawValue { leaveQueue(TaskNumber(number)) }
    }
  }
}
