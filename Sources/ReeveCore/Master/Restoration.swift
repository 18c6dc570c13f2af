package import ReeveModel

/// Why the parts of a snapshot do not come to a state. They were whole when they were written, so it is a fault of the
/// program that wrote them, or of this one.
package struct SnapshotFlaw: Error, Equatable, Sendable, CustomStringConvertible {
  package let description: String
  init(_ description: String) { self.description = description }
}

/// Puts the durable half of the master together from the parts of a snapshot.
///
/// Nothing is taken on trust: whatever would later trap, or make the books wrong, is a flaw.
package struct Restoration: Sendable {
  private var head: SnapshotHead?
  private var jobs = JobTable()
  private var templates: [TaskTemplate] = []
  private var roster = Roster()
  private var active: [TaskNumber: ActiveTask] = [:]
  private var setbacks: [TaskNumber: Setback] = [:]
  private var awaited: [TaskNumber: NodeNumber] = [:]
  private var frameworks = FrameworkTable()
  private var closed: [(JobNumber, FailureReason, WallTime)] = []

  package init() {}

  package mutating func take(_ part: SnapshotPart) throws(SnapshotFlaw) {
    switch part {
    case .head(let head): try take(head)
    case .jobs(let jobs):
      // In place: out of an array each would be copied, and all that it refers to counted up and down.
      let jobs = jobs.span
      for i in jobs.indices { try take(jobs[i]) }
    case .active(let rows): for row in rows { try take(row) }
    case .setbacks(let rows): for row in rows { try take(row) }
    case .awaited(let rows): for row in rows { try take(row) }
    case .unacknowledged(let rows): for row in rows { try take(row) }
    }
  }

  /// The state, and when its last fact was written. Nothing more can be taken.
  package mutating func finish() throws(SnapshotFlaw) -> (state: DurableState, wall: WallTime) {
    guard let head else { throw SnapshotFlaw("it has no head") }
    guard jobs.jobs.count == head.jobCount, jobs.taskCount == head.taskCount, active.count == head.activeCount
    else {
      throw SnapshotFlaw(
        "it has \(jobs.jobs.count) jobs, \(jobs.taskCount) tasks and \(active.count) active ones, where its head says "
          + "\(head.jobCount), \(head.taskCount) and \(head.activeCount)"
      )
    }
    for (job, reason, wall) in closed { jobs.close(job, reason, at: wall) }
    frameworks.settle()
    let state = DurableState(
      head,
      jobs: jobs,
      active: active,
      setbacks: setbacks,
      awaited: awaited,
      templates: templates,
      roster: roster,
      frameworks: frameworks
    )
    try check(state)
    return (state, head.wall)
  }

  private mutating func take(_ head: SnapshotHead) throws(SnapshotFlaw) {
    guard self.head == nil else { throw SnapshotFlaw("it has two heads") }
    guard head.term.rawValue < 1 << 24, head.nextAttempt >= 1, head.nextAttempt < 1 << 40 else {
      throw SnapshotFlaw("attempt \(head.term).\(head.nextAttempt) is out of range")
    }
    for rack in head.racks {
      guard rack.rack == roster.nextRack, roster.rack(named: rack.name) == nil else {
        throw SnapshotFlaw("rack \(rack.rack) \"\(rack.name)\" does not follow \(roster.racks.count)")
      }
      roster.grant(rack)
    }
    for node in head.nodes {
      guard node.node.number == roster.nextNode, roster.node(named: node.node.name) == nil,
        isRack(node.rack)
      else {
        throw SnapshotFlaw("node \(node.node.number) \"\(node.node.name)\" of rack \(node.rack) does not fit")
      }
      roster.place(node.node, in: node.rack)
      roster.mark(node.node.number, lost: node.isLost, before: node.lostBefore)
      if node.isReturning { roster.place(node.node, in: node.rack) }
      if node.isForgotten { roster.forget(node.node.number) }
    }
    for told in head.frameworks {
      guard told.framework.number == frameworks.next, frameworks[told.framework.info.id] == nil else {
        throw SnapshotFlaw("framework \(told.framework.number) does not follow \(frameworks.rows.count - 1)")
      }
      frameworks.restore(told)
    }
    for role in head.roles { frameworks.set(role) }
    self.head = head
    jobs.reserveCapacity(min(head.jobCount, Self.reservedMax))
    templates.reserveCapacity(min(head.jobCount, Self.reservedMax))
    active.reserveCapacity(min(head.activeCount, Self.reservedMax))
  }

  /// What a head says is no reason to take more memory than the rest turns out to need.
  private static let reservedMax = 4 << 20

  private mutating func take(_ told: SnapshotJob) throws(SnapshotFlaw) {
    let job = told.job
    guard head != nil, active.isEmpty, job.number == jobs.next, job.firstTask == jobs.nextTask,
      job.firstTemplate.index == templates.count, let head = head(of: job),
      job.outerTargets.count == job.spec.outerDependencies.count,
      zip(job.spec.outerDependencies, job.spec.outerDependencies.dropFirst()).allSatisfy({
        $0.entry <= $1.entry
      }),
      told.closed == .none || job.spec.isOpen
    else { throw SnapshotFlaw("job \(job.number) \"\(job.spec.id)\" does not follow \(jobs.jobs.count)") }
    var new = Job(job, head: head, framework: frameworks.framework(ofJob: head))
    guard new.restore(told) else {
      throw SnapshotFlaw("job \(job.number) has not \(new.count) tasks, or ends of others")
    }
    for (outer, target) in zip(job.spec.outerDependencies, job.outerTargets) {
      guard isTarget(target, of: new, outer) else {
        throw SnapshotFlaw("job \(job.number) cannot wait for \(target.count) tasks of job \(target.job)")
      }
    }
    guard (new.counts.unfinished == 0) == (new.ended != .none) else {
      throw SnapshotFlaw(
        "job \(job.number) ended at \(new.ended) with \(new.counts.unfinished) unfinished tasks"
      )
    }
    guard jobs.append(new) else { throw SnapshotFlaw("two jobs are called \"\(job.spec.id)\"") }
    if told.closed != .none { closed.append((job.number, told.closedFor, told.closed)) }
    templates.append(contentsOf: job.templates)
  }

  /// What a job that follows is a part of, perhaps of itself alone; `nil` where that is not there.
  private func head(of job: SubmittedJob) -> JobNumber? {
    if job.spec.addition.isEmpty { return job.number }
    return jobs[job.spec.id].flatMap { jobs.open($0) == nil ? nil : $0 }
  }

  /// Whether there are such tasks; task by task, as many as those that wait for them.
  private func isTarget(_ target: OuterTarget, of job: Job, _ outer: OuterDependency) -> Bool {
    guard target.job.rawValue >= 1, target.job <= job.number, Int(outer.entry) < job.spec.entryCount else {
      return false
    }
    let layout = target.job == job.number ? job.layout : jobs[target.job].layout
    guard target.places.upperBound <= layout.count else { return false }
    if target.isWhole {
      return !outer.kind.isEach && target.job < job.number && jobs[target.job].head == target.job
    }
    let entry = layout.places(ofEntry: layout.entry(at: target.places.lowerBound))
    return outer.kind.isEach
      ? target.places == entry && job.layout.places(ofEntry: Int(outer.entry)).count == entry.count
      : target.count == 1 || target.places == entry
  }

  private mutating func take(_ row: NumberedTask<ActiveTask>) throws(SnapshotFlaw) {
    let (task, attempt) = (row.task, row.value)
    guard let head, let job = jobs.number(of: task), job == attempt.job, active[task] == nil,
      isRack(attempt.rack), attempt.attempt < AttemptID(term: head.term, number: head.nextAttempt),
      attempt.template == jobs[job].template(at: jobs[job].place(task)),
      jobs[job].states[jobs[job].place(task)] == (attempt.hasStarted ? .running : .assigned),
      !attempt.hasStarted || attempt.node.index <= roster.nodes.count
    else { throw SnapshotFlaw("task \(task) cannot have attempt \(attempt.attempt) on rack \(attempt.rack)") }
    active[task] = attempt
    let resources = templates[attempt.template.index].resources
    roster[attempt.rack].hold(resources, hasStarted: attempt.hasStarted)
    frameworks.hold(resources, jobs[job].framework)
    jobs.hold(resources, of: attempt.job)
  }

  private mutating func take(_ row: NumberedTask<Setback>) throws(SnapshotFlaw) {
    guard let job = jobs.number(of: row.task), !jobs[job].states[jobs[job].place(row.task)].isTerminal,
      setbacks[row.task] == nil
    else { throw SnapshotFlaw("task \(row.task) cannot have been through anything") }
    setbacks[row.task] = row.value
  }

  private mutating func take(_ row: NumberedTask<NodeNumber>) throws(SnapshotFlaw) {
    guard active[row.task] != nil, awaited[row.task] == nil,
      row.value == NodeNumber(0) || roster.has(row.value)
    else { throw SnapshotFlaw("task \(row.task) cannot wait for node \(row.value)") }
    awaited[row.task] = row.value
  }

  private mutating func take(_ row: NumberedTask<UnacknowledgedEnd>) throws(SnapshotFlaw) {
    guard let job = jobs.number(of: row.task), jobs[job].framework != .batch,
      jobs[job].states[jobs[job].place(row.task)].isTerminal, frameworks.unacknowledged[row.task] == nil
    else { throw SnapshotFlaw("task \(row.task) has no end that a framework waits for") }
    frameworks.noteEnd(row.task, row.value, of: jobs[job].framework)
  }

  private func isRack(_ rack: RackNumber) -> Bool { rack.index >= 1 && rack.index <= roster.racks.count }

  /// Whether every task that has an attempt is told of, and none is blocked that waits for nothing.
  private func check(_ state: DurableState) throws(SnapshotFlaw) {
    var held = 0
    for i in state.jobs.jobs.indices {
      held += state.jobs.jobs[i].counts[.assigned] + state.jobs.jobs[i].counts[.running]
      if state.jobs.jobs[i].counts[.blocked] > 0 { try checkBlocked(state.jobs.jobs[i], state) }
    }
    guard held == active.count else {
      throw SnapshotFlaw("\(held) tasks have an attempt, and \(active.count) are told of")
    }
  }

  private func checkBlocked(_ job: Job, _ state: DurableState) throws(SnapshotFlaw) {
    for place in 0..<job.count where job.states[place] == .blocked && state.isReady(place, of: job.number) {
      throw SnapshotFlaw("task \(job.task(place)) is blocked and waits for nothing")
    }
  }
}
