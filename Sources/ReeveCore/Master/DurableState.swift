package import ReeveModel

/// The durable half of the master: a pure function of the journal's facts.
///
/// It decides nothing. What `apply` is given was decided before, by this leader or by another. How an attempt ended is not
/// in it: that is the history's to keep.
package struct DurableState: Equatable, Sendable {
  package private(set) var term = Term(0)
  package private(set) var lastGeneration = Generation.none
  /// The number of the next assignment in this term.
  package private(set) var nextAttempt: UInt64 = 1
  package private(set) var order = QueueOrder.fcfs
  package private(set) var jobs = JobTable()
  /// Tasks that have an attempt.
  package private(set) var active: [TaskNumber: ActiveTask] = [:]
  package private(set) var setbacks: [TaskNumber: Setback] = [:]
  /// Tasks that wait for their node, which is lost and may come back with their attempt; number 0 where it may be any of
  /// those that the rack has lost.
  package private(set) var awaited: [TaskNumber: NodeNumber] = [:]
  package private(set) var templates: [TaskTemplate] = []
  package private(set) var roster = Roster()
  /// Who waits for tasks of a job from outside.
  private(set) var outerDependents: [JobNumber: [OuterEdge]] = [:]

  /// An entry of one job waits for tasks of another.
  struct OuterEdge: Equatable, Sendable {
    var job: JobNumber
    var entry: Int
    var condition: DependencyKind.Condition
    /// In the job that is waited for.
    var places: Range<Int>
  }

  package init() {}

  /// From its parts, which have been found to fit together.
  init(
    _ head: SnapshotHead,
    jobs: JobTable,
    active: [TaskNumber: ActiveTask],
    setbacks: [TaskNumber: Setback],
    awaited: [TaskNumber: NodeNumber],
    templates: [TaskTemplate],
    roster: Roster
  ) {
    term = head.term
    lastGeneration = head.lastGeneration
    nextAttempt = head.nextAttempt
    order = head.order
    self.jobs = jobs
    self.active = active
    self.setbacks = setbacks
    self.awaited = awaited
    self.templates = templates
    self.roster = roster
    for number in jobs.jobs.indices where !jobs.jobs[number].outerTargets.isEmpty {
      noteOuterDependencies(of: jobs.jobs[number])
    }
    for job in Set(outerDependents.values.flatMap { $0.map(\.job) }) { recountUnmet(of: job) }
  }

  package var firstFreeAttempt: AttemptID { AttemptID(term: term, number: nextAttempt) }

  /// Templates are numbered from 0.
  package var nextTemplate: TemplateNumber { TemplateNumber(UInt32(templates.count)) }

  /// Where a task is; `nil` where no task has that number.
  package func state(of task: TaskNumber) -> TaskState? {
    jobs.number(of: task).map { jobs[$0].states[jobs[$0].place(task)] }
  }

  /// What is known of an attempt, if it is its task's current one and has not ended.
  @inline(__always) package func current(_ task: TaskNumber, _ attempt: AttemptID) -> ActiveTask? {
    guard let known = active[task], known.attempt == attempt else { return nil }
    return known
  }

  /// Applies one fact for its own sake, where nobody asks what it made ready.
  package mutating func apply(_ fact: Fact) {
    var queued: [TaskRun] = []
    apply(fact, queued: &queued)
  }

  /// Applies one fact; `queued` gets the tasks that it made ready, or gave another place in the queue.
  package mutating func apply(_ fact: Fact, queued: inout [TaskRun]) {
    switch fact {
    case .termBegan(let term): begin(term)
    case .jobSubmitted(let job): add(job, queued: &queued)
    case .assigned(let rack, let first, let tasks): assign(tasks, to: rack, from: first)
    case .returned(let attempts): for a in attempts { putBack(a.task, lost: false, queued: &queued) }
    case .lost(let attempts): for a in attempts { putBack(a.task, lost: true, queued: &queued) }
    case .nodeAwaited(let attempts): for a in attempts { awaited[a.name.task] = a.node }
    case .nodeReturned(let tasks): for task in tasks { awaited[task] = nil }
    case .started(let starts): for start in starts { begin(start) }
    case .ended(let ends): for end in ends { finish(end, queued: &queued) }
    case .retried(let ends): for end in ends { retry(end, queued: &queued) }
    case .calledOff(let runs, let reason, let wall):
      for run in runs { callOff(run, reason, at: wall, queued: &queued) }
    case .endOrdered(let tasks, let reason): for task in tasks { active[task]?.ordered = reason }
    case .held(let runs): for run in runs { setHeld(true, run) }
    case .released(let runs):
      for run in runs {
        setHeld(false, run)
        queued.append(run)
      }
    case .prioritySet(let runs, let priority):
      for run in runs {
        let job = jobs.job(of: run.first)
        jobs[job].setPriority(priority, jobs[job].places(run))
        queued.append(run)
      }
    case .roundBegan(let runs): beginRound(of: runs, queued: &queued)
    case .policySet(let order): self.order = order
    case .rackGranted(let grant):
      roster.grant(grant)
      lastGeneration = max(lastGeneration, grant.generation)
    case .nodePlaced(let node, let rack): roster.place(node, in: rack)
    case .nodeMarked(let node, let lost): roster.mark(node, lost: lost, before: firstFreeAttempt)
    case .nodeForgotten(let node): roster.forget(node)
    }
  }

  private mutating func begin(_ term: Term) {
    precondition(term > self.term, "term \(term) does not follow \(self.term)")
    self.term = term
    nextAttempt = 1
  }

  private mutating func add(_ job: SubmittedJob, queued: inout [TaskRun]) {
    precondition(
      job.firstTask == jobs.nextTask && job.firstTemplate == nextTemplate,
      "numbers of \(job.spec.id)"
    )
    let number = job.number
    jobs.append(Job(job, outerUnmet: outerUnmet(of: job.spec, job.outerTargets)))
    templates.append(contentsOf: job.spec.templates)
    noteOuterDependencies(of: jobs[number])
    let all = 0..<jobs[number].count
    if job.spec.isHeld {
      jobs[number].setHeld(true, all)
    } else {
      queued += jobs[number].runs(in: all) { state, _ in state == .queued }
    }
  }
}

// Attempts.
extension DurableState {
  private mutating func assign(_ numbers: [TaskNumber], to rack: RackNumber, from first: AttemptID) {
    var attempt = first
    var job = JobNumber(0)
    for task in numbers {
      job = jobs.job(of: task, guess: job)
      let place = jobs[job].place(task)
      jobs[job].move(place, to: .assigned)
      let template = jobs[job].template(at: place)
      active[task] = ActiveTask(attempt: attempt, job: job, template: template, rack: rack)
      roster[rack].assigned += templates[template.index].resources
      roster[rack].waitingCount += 1
      attempt = attempt.advanced(by: 1)
    }
    precondition(first.term == term && first.number >= nextAttempt, "attempt \(first) is not of term \(term)")
    nextAttempt = attempt.number
  }

  private mutating func begin(_ start: TaskStart) {
    guard let job = active[start.task]?.job, let rack = active[start.task]?.rack else {
      preconditionFailure("task \(start.task) starts without an attempt")
    }
    jobs[job].move(jobs[job].place(start.task), to: .running)
    if !awaited.isEmpty { awaited[start.task] = nil }
    active[start.task]?.node = start.node
    active[start.task]?.started = start.started
    roster[rack].waitingCount -= 1
    roster[rack].runningCount += 1
  }

  private mutating func putBack(_ task: TaskNumber, lost: Bool, queued: inout [TaskRun]) {
    let attempt = release(task)
    jobs[attempt.job].move(jobs[attempt.job].place(task), to: .queued)
    // What came back unstarted was no attempt, as far as anybody counts.
    if lost || attempt.hasStarted { setbacks[task, default: Setback()].attempts &+= 1 }
    if lost { setbacks[task, default: Setback()].losses &+= 1 }
    queued.append(task)
  }

  private mutating func retry(_ end: TaskEnd, queued: inout [TaskRun]) {
    let attempt = release(end.task)
    jobs[attempt.job].move(jobs[attempt.job].place(end.task), to: .queued)
    var setback = setbacks[end.task] ?? Setback()
    setback.attempts &+= 1
    setback.retries &+= 1
    setback.retriedAt = end.ended
    setback.reason = end.reason
    setback.status = end.status
    setbacks[end.task] = setback
    queued.append(end.task)
  }

  private mutating func finish(_ end: TaskEnd, queued: inout [TaskRun]) {
    let job = release(end.task).job
    let place = jobs[job].place(end.task)
    if !setbacks.isEmpty { setbacks[end.task] = nil }
    jobs[job].move(place, to: end.reason.outcome)
    jobs[job].lastEnd = LastEnd(reason: end.reason, status: end.status)
    noteEnd(of: job, at: end.ended)
    if jobs[job].hasDependents { letGo(after: place, of: job, queued: &queued) }
    letGoOutside(after: place..<place + 1, of: job, queued: &queued)
  }

  private mutating func callOff(
    _ run: TaskRun,
    _ reason: FailureReason,
    at wall: WallTime,
    queued: inout [TaskRun]
  ) {
    let job = jobs.job(of: run.first)
    let places = jobs[job].places(run)
    let hasDependents = jobs[job].hasDependents
    for place in places {
      jobs[job].move(place, to: reason.outcome)
      if !setbacks.isEmpty { setbacks[jobs[job].task(place)] = nil }
      // One after the other: an edge to an array is met by the end of its last task, and only then.
      if hasDependents { letGo(after: place, of: job, queued: &queued) }
    }
    jobs[job].setHeld(false, places)
    jobs[job].noteCalledOff(places, reason, at: wall)
    jobs[job].lastEnd = LastEnd(reason: reason)
    noteEnd(of: job, at: wall)
    letGoOutside(after: places, of: job, queued: &queued)
  }

  /// Takes back what a task's attempt held.
  private mutating func release(_ task: TaskNumber) -> ActiveTask {
    guard let attempt = active.removeValue(forKey: task) else {
      preconditionFailure("task \(task) has no attempt that could be over")
    }
    if !awaited.isEmpty { awaited[task] = nil }
    roster[attempt.rack].assigned -= templates[attempt.template.index].resources
    if attempt.hasStarted {
      roster[attempt.rack].runningCount -= 1
    } else {
      roster[attempt.rack].waitingCount -= 1
    }
    return attempt
  }

  private mutating func noteEnd(of job: JobNumber, at wall: WallTime) {
    guard jobs[job].counts.unfinished == 0 else { return }
    jobs[job].ended = wall
    jobs[job].compact()
  }

  private mutating func setHeld(_ isHeld: Bool, _ run: TaskRun) {
    let job = jobs.job(of: run.first)
    jobs[job].setHeld(isHeld, jobs[job].places(run))
  }
}

// The graph.
extension DurableState {
  /// Lets go what waited in other jobs for tasks that have ended, as far as nothing else keeps it.
  private mutating func letGoOutside(after places: Range<Int>, of job: JobNumber, queued: inout [TaskRun]) {
    guard !outerDependents.isEmpty, let edges = outerDependents[job] else { return }
    for edge in edges where edge.places.overlaps(places) && jobs[job].isMet(edge.condition, by: edge.places) {
      if jobs[edge.job].meet(edge.entry) { queueReady(edge.entry, of: edge.job, queued: &queued) }
    }
  }

  /// The same within the job, for one task that has ended.
  private mutating func letGo(after place: Int, of job: JobNumber, queued: inout [TaskRun]) {
    let entry = jobs[job].layout.entry(at: place)
    for edge in jobs[job].dependents(ofEntry: entry) {
      let (waiting, kind) = (Int(edge.entry), edge.kind)
      if kind.isEach {
        let element = place - jobs[job].layout.places(ofEntry: entry).lowerBound
        queueIfReady(jobs[job].layout.places(ofEntry: waiting).lowerBound + element, of: job, queued: &queued)
      } else if jobs[job].isMet(kind.condition, byEntry: entry), jobs[job].meet(waiting) {
        queueReady(waiting, of: job, queued: &queued)
      }
    }
  }

  private mutating func queueReady(_ entry: Int, of job: JobNumber, queued: inout [TaskRun]) {
    for place in jobs[job].layout.places(ofEntry: entry) { queueIfReady(place, of: job, queued: &queued) }
  }

  private mutating func queueIfReady(_ place: Int, of job: JobNumber, queued: inout [TaskRun]) {
    guard jobs[job].states[place] == .blocked, jobs[job].isReady(place) else { return }
    jobs[job].move(place, to: .queued)
    queued.append(jobs[job].task(place))
  }

  private func outerUnmet(of spec: JobSpec, _ targets: [OuterTarget]) -> [Bool] {
    zip(spec.outerDependencies, targets).map { outer, target in
      !jobs[target.job].isMet(outer.condition, by: target.places)
    }
  }

  private mutating func noteOuterDependencies(of job: Job) {
    for (outer, target) in zip(job.spec.outerDependencies, job.outerTargets) {
      outerDependents[target.job, default: []].append(
        OuterEdge(
          job: job.number,
          entry: Int(outer.entry),
          condition: outer.condition,
          places: target.places
        )
      )
    }
  }

  private mutating func recountUnmet(of job: JobNumber) {
    let outer = outerUnmet(of: jobs[job].spec, jobs[job].outerTargets)
    jobs[job].recountUnmet(outerUnmet: outer)
  }

  private mutating func beginRound(of runs: [TaskRun], queued: inout [TaskRun]) {
    var reopened: Set<JobNumber> = []
    for run in runs {
      let job = jobs.job(of: run.first)
      reopened.insert(job)
      jobs[job].reopen(jobs[job].places(run))
      jobs[job].ended = .none
    }
    // Each once, however many edges there are between them.
    let waiting = reopened.flatMap { outerDependents[$0]?.map(\.job) ?? [] }
    for job in reopened.union(waiting) { recountUnmet(of: job) }
    for run in runs {
      let job = jobs.job(of: run.first)
      for place in jobs[job].places(run) { queueIfReady(place, of: job, queued: &queued) }
    }
  }
}
