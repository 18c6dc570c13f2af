package import ReeveModel

/// The durable half of the master: a pure function of the journal's facts.
///
/// It decides nothing. What `apply` is given was decided before, by this leader or by another.
package struct DurableState: Equatable, Sendable {
  package private(set) var term = Term(0)
  package private(set) var lastGeneration = Generation.none
  /// The number of the next assignment in this term.
  package private(set) var nextAttempt: UInt64 = 1
  package private(set) var jobs = JobTable()
  package private(set) var tasks = TaskTable()
  package private(set) var templates: [TaskTemplate] = []
  package private(set) var roster = Roster()

  package init() {}

  /// From its parts, which have been found to fit together.
  init(
    term: Term,
    lastGeneration: Generation,
    nextAttempt: UInt64,
    jobs: JobTable,
    tasks: TaskTable,
    templates: [TaskTemplate],
    roster: Roster
  ) {
    self.term = term
    self.lastGeneration = lastGeneration
    self.nextAttempt = nextAttempt
    self.jobs = jobs
    self.tasks = tasks
    self.templates = templates
    self.roster = roster
  }

  package var firstFreeAttempt: AttemptID { AttemptID(term: term, number: nextAttempt) }

  /// Templates are numbered from 0.
  package var nextTemplate: TemplateNumber { TemplateNumber(UInt32(templates.count)) }

  @inline(__always) package func template(of place: Int) -> TaskTemplate {
    templates[tasks.templates[place].index]
  }

  /// Applies one fact for its own sake, where nobody asks what it made ready.
  package mutating func apply(_ fact: Fact) {
    var queued: [TaskNumber] = []
    apply(fact, queued: &queued)
  }

  /// Applies one fact; `queued` gets the tasks that it made ready, in ascending order within a job.
  package mutating func apply(_ fact: Fact, queued: inout [TaskNumber]) {
    switch fact {
    case .termBegan(let term): begin(term)
    case .jobSubmitted(let job): add(job, queued: &queued)
    case .assigned(let rack, let first, let tasks): assign(tasks, to: rack, from: first)
    case .returned(let attempts): for a in attempts { putBack(a, lost: false, queued: &queued) }
    case .lost(let attempts): for a in attempts { putBack(a, lost: true, queued: &queued) }
    case .nodeAwaited(let attempts): for a in attempts { tasks.awaited[a.name.task] = a.node }
    case .nodeReturned(let tasks): for task in tasks { self.tasks.awaited[task] = nil }
    case .started(let starts): for start in starts { begin(start) }
    case .ended(let ends): for end in ends { finish(end, queued: &queued) }
    case .cancelOrdered(let tasks):
      for task in tasks { self.tasks.cancelOrdered[self.tasks.place(task)] = true }
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

  private mutating func add(_ job: SubmittedJob, queued: inout [TaskNumber]) {
    precondition(
      job.firstTask == tasks.next && job.firstTemplate == nextTemplate,
      "numbers of \(job.spec.id)"
    )
    jobs.append(job)
    templates.append(contentsOf: job.spec.templates)
    tasks.append(job)
    for i in 0..<job.spec.count where job.spec.dependencyRange(i).isEmpty {
      queued.append(TaskNumber(job.firstTask.rawValue + UInt64(i)))
    }
  }

  private mutating func assign(_ numbers: [TaskNumber], to rack: RackNumber, from first: AttemptID) {
    var attempt = first
    for task in numbers {
      let i = tasks.place(task)
      move(i, to: .assigned)
      tasks.attempts[i] = attempt
      tasks.racks[i] = rack
      tasks.outcomes[i].launches &+= 1
      roster[rack].assigned += template(of: i).resources
      roster[rack].waitingCount += 1
      attempt = attempt.advanced(by: 1)
    }
    precondition(first.term == term && first.number >= nextAttempt, "attempt \(first) is not of term \(term)")
    nextAttempt = attempt.number
  }

  private mutating func begin(_ start: TaskStart) {
    let i = tasks.place(start.task)
    let rack = tasks.racks[i]
    move(i, to: .running)
    if !tasks.awaited.isEmpty { tasks.awaited[start.task] = nil }
    roster[rack].waitingCount -= 1
    roster[rack].runningCount += 1
    tasks.outcomes[i].node = start.node
    tasks.outcomes[i].started = start.started
  }

  private mutating func putBack(_ attempt: TaskAttempt, lost: Bool, queued: inout [TaskNumber]) {
    let i = tasks.place(attempt.task)
    // What came back unstarted was no attempt, as far as anybody counts.
    if !lost, tasks.states[i] == .assigned { tasks.outcomes[i].launches &-= 1 }
    release(i)
    move(i, to: .queued)
    if lost { tasks.outcomes[i].losses &+= 1 }
    queued.append(attempt.task)
  }

  private mutating func finish(_ end: TaskEnd, queued: inout [TaskNumber]) {
    let i = tasks.place(end.task)
    release(i)
    let state: TaskState =
      switch end.reason {
      case .none: .succeeded
      case .cancelled: .cancelled
      default: .failed
      }
    let job = tasks.jobs[i]
    move(i, to: state)
    tasks.finish(i, as: state, with: end)
    if jobs[job].counts.unfinished == 0 { jobs[job].ended = end.ended }
    guard state == .succeeded else { return }
    for dependent in jobs[job].dependents(of: jobs[job].place(end.task)) {
      let task = jobs[job].task(Int(dependent))
      let d = tasks.place(task)
      tasks.unmet[d] -= 1
      if tasks.unmet[d] == 0, tasks.states[d] == .blocked {
        move(d, to: .queued)
        queued.append(task)
      }
    }
  }

  /// Takes back what the task's attempt held, if it has one.
  private mutating func release(_ i: Int) {
    guard tasks.states[i].hasAttempt else { return }
    if !tasks.awaited.isEmpty { tasks.awaited[TaskNumber(UInt64(i) + 1)] = nil }
    let rack = tasks.racks[i]
    roster[rack].assigned -= template(of: i).resources
    if tasks.states[i] == .assigned { roster[rack].waitingCount -= 1 } else { roster[rack].runningCount -= 1 }
  }

  @inline(__always) private mutating func move(_ i: Int, to next: TaskState) {
    let state = tasks.states[i]
    precondition(state.canBecome(next), "task \(i + 1) cannot go from \(state) to \(next)")
    tasks.states[i] = next
    let job = tasks.jobs[i]
    jobs[job].counts[state] -= 1
    jobs[job].counts[next] += 1
  }
}
