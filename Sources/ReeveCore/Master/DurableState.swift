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
  package private(set) var policy = PolicySetting()
  /// How long tasks of a kind run.
  package private(set) var runTimes = LearntRunTimes()
  package internal(set) var jobs = JobTable()
  /// Tasks that have an attempt.
  package private(set) var active: [TaskNumber: ActiveTask] = [:]
  package private(set) var setbacks: [TaskNumber: Setback] = [:]
  /// Tasks that wait for their node, which is lost and may come back with their attempt; number 0 where it may be any of
  /// those that the rack has lost.
  package private(set) var awaited: [TaskNumber: NodeNumber] = [:]
  package private(set) var templates: [TaskTemplate] = []
  /// Of each template; tasks of one kind are expected to run for about as long.
  private var kinds: [TaskKind] = []
  package private(set) var roster = Roster()
  package private(set) var frameworks = FrameworkTable()
  /// Who waits for tasks of a job from outside.
  var outerDependents: [JobNumber: OuterDependents] = [:]

  package init() {}

  /// From its parts, which have been found to fit together.
  init(
    _ head: SnapshotHead,
    jobs: JobTable,
    active: [TaskNumber: ActiveTask],
    setbacks: [TaskNumber: Setback],
    awaited: [TaskNumber: NodeNumber],
    templates: [TaskTemplate],
    roster: Roster,
    frameworks: FrameworkTable
  ) {
    term = head.term
    lastGeneration = head.lastGeneration
    nextAttempt = head.nextAttempt
    policy = head.policy
    runTimes = head.runTimes
    self.jobs = jobs
    self.active = active
    self.setbacks = setbacks
    self.awaited = awaited
    self.templates = templates
    self.roster = roster
    self.frameworks = frameworks
    for job in jobs.jobs { noteKinds(of: job.spec) }
    for i in jobs.jobs.indices where jobs.jobs[i].spec.hasDependencies {
      noteOuterDependencies(of: jobs.jobs[i])
      recountUnmet(of: jobs.jobs[i].number)
    }
  }

  package var firstFreeAttempt: AttemptID { AttemptID(term: term, number: nextAttempt) }

  /// Templates are numbered from 0.
  package var nextTemplate: TemplateNumber { TemplateNumber(UInt32(templates.count)) }

  /// Where a task is; `nil` where no task has that number.
  package func state(of task: TaskNumber) -> TaskState? {
    jobs.number(of: task).map { jobs[$0].states[jobs[$0].place(task)] }
  }

  private mutating func noteKinds(of spec: JobSpec) {
    for template in spec.templates { kinds.append(TaskKind(of: template, in: spec)) }
  }

  func kind(of template: TemplateNumber) -> TaskKind { kinds[template.index] }

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
      for (job, places) in jobs.places(of: runs) {
        callOff(places, of: job, CalledOff(reason, at: wall), queued: &queued)
      }
    case .endOrdered(let tasks, let reason): for task in tasks { active[task]?.ordered = reason }
    case .held(let runs): for run in runs { setHeld(true, run) }
    case .released(let runs):
      for run in runs {
        setHeld(false, run)
        queued.append(run)
      }
    case .prioritySet(let runs, let priority):
      for (job, places) in jobs.places(of: runs) { jobs[job].setPriority(priority, places) }
      queued += runs
    case .roundBegan(let runs): beginRound(of: runs, queued: &queued)
    case .policySet(let policy): self.policy = policy
    case .frameworkSubscribed(let framework):
      let isNew = framework.number == frameworks.next
      frameworks.subscribe(framework)
      if isNew { add(framework.openJob(before: jobs.nextTask, nextTemplate), queued: &queued) }
    case .frameworkRemoved(let number):
      frameworks.remove(number) { jobs[jobs.job(of: $0)].framework == number }
    case .endsAcknowledged(let tasks): for task in tasks { frameworks.acknowledge(task) }
    case .roleSet(let role): frameworks.set(role)
    case .roleForgotten(let name): frameworks.forgetRole(name)
    case .jobClosed(let job, let reason, let wall):
      jobs.close(job, reason, at: wall)
      letGoWhatWaitsForAll(of: job, queued: &queued)
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
    guard let head = job.spec.addition.isEmpty ? number : jobs[job.spec.id] else {
      preconditionFailure("\(job.spec.id) is not there to be added to")
    }
    jobs.append(Job(job, head: head, framework: frameworks.framework(ofJob: head)))
    templates.append(contentsOf: job.templates)
    noteKinds(of: job.spec)
    noteOuterDependencies(of: jobs[number])
    recountUnmet(of: number)
    if jobs[number].count == 0 { jobs[number].ended = job.submitted }
    let all = 0..<jobs[number].count
    if jobs[number].counts[.blocked] > 0 {
      for place in all where isReady(place, of: number) { jobs[number].move(place, to: .queued) }
    }
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
      roster[rack].hold(templates[template.index].resources)
      frameworks.hold(templates[template.index].resources, jobs[job].framework)
      jobs.hold(templates[template.index].resources, of: job)
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
    roster[rack].noteStart()
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
    // Who had to make room has not failed.
    if end.reason != .preempted {
      setback.retries &+= 1
      setback.retriedAt = end.ended
    }
    setback.reason = end.reason
    setback.status = end.status
    setbacks[end.task] = setback
    queued.append(end.task)
  }

  private mutating func finish(_ end: TaskEnd, queued: inout [TaskRun]) {
    let attempt = release(end.task)
    let job = attempt.job
    let place = jobs[job].place(end.task)
    if jobs[job].framework != .batch {
      let told = UnacknowledgedEnd(
        reason: end.reason,
        status: end.status,
        node: attempt.node,
        attempt: attempt.attempt
      )
      frameworks.noteEnd(end.task, told, of: jobs[job].framework)
    }
    if end.reason == .none, end.started != .none {
      runTimes.learn(end.runTime, of: kind(of: attempt.template))
    }
    if !setbacks.isEmpty { setbacks[end.task] = nil }
    jobs[job].move(place, to: end.reason.outcome)
    jobs[job].lastEnd = LastEnd(reason: end.reason, status: end.status)
    noteEnd(of: job, at: end.ended)
    letGo(after: place, of: job, queued: &queued)
    letGoOutside(after: place..<place + 1, of: job, queued: &queued)
  }

  /// What runs again has no end that its framework would have to know.
  mutating func forgetEnds(of runs: [TaskRun]) {
    for run in runs {
      for number in run.first.rawValue..<run.end.rawValue { frameworks.acknowledge(TaskNumber(number)) }
    }
  }

  private mutating func callOff(
    _ ranges: [Range<Int>],
    of job: JobNumber,
    _ end: CalledOff,
    queued: inout [TaskRun]
  ) {
    jobs[job].noteCalledOff(ranges, end)
    jobs[job].lastEnd = LastEnd(reason: end.reason)
    for places in ranges {
      for place in places {
        jobs[job].move(place, to: end.reason.outcome)
        if !setbacks.isEmpty { setbacks[jobs[job].task(place)] = nil }
        if jobs[job].framework != .batch {
          let told = UnacknowledgedEnd(reason: end.reason)
          frameworks.noteEnd(jobs[job].task(place), told, of: jobs[job].framework)
        }
        // One after the other: an edge to an array is met by the end of its last task, and only then.
        letGo(after: place, of: job, queued: &queued)
      }
      jobs[job].setHeld(false, places)
      noteEnd(of: job, at: end.at)
      letGoOutside(after: places, of: job, queued: &queued)
    }
  }

  /// Takes back what a task's attempt held.
  private mutating func release(_ task: TaskNumber) -> ActiveTask {
    guard let attempt = active.removeValue(forKey: task) else {
      preconditionFailure("task \(task) has no attempt that could be over")
    }
    if !awaited.isEmpty { awaited[task] = nil }
    let resources = templates[attempt.template.index].resources
    roster[attempt.rack].release(resources, hasStarted: attempt.hasStarted)
    frameworks.release(resources, jobs[attempt.job].framework)
    jobs.release(resources, of: attempt.job)
    return attempt
  }

  private mutating func noteEnd(of job: JobNumber, at wall: WallTime) {
    guard jobs[job].counts.unfinished == 0 else { return }
    jobs[job].ended = wall
    jobs[job].compact()
    jobs.noteEnd(of: job)
  }

  private mutating func setHeld(_ isHeld: Bool, _ run: TaskRun) {
    let job = jobs.job(of: run.first)
    jobs[job].setHeld(isHeld, jobs[job].places(run))
  }
}
