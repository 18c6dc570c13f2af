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
  private var tasks = TaskTable()
  private var templates: [TaskTemplate] = []
  private var roster = Roster()
  /// Tasks whose columns have come; the others are only known by their jobs.
  private var told = 0

  package init() {}

  package mutating func take(_ part: SnapshotPart) throws(SnapshotFlaw) {
    switch part {
    case .head(let head): try take(head)
    case .jobs(let jobs):
      // In place: out of an array each would be copied, and all that it refers to counted up and down.
      let jobs = jobs.span
      for i in jobs.indices { try take(jobs[i].job, ended: jobs[i].ended) }
    case .tasks(let tasks): try take(tasks)
    case .details(let details): for detail in details { try take(detail) }
    }
  }

  /// The state, and when its last fact was written. Nothing more can be taken.
  package mutating func finish() throws(SnapshotFlaw) -> (state: DurableState, wall: WallTime) {
    guard let head else { throw SnapshotFlaw("it has no head") }
    guard jobs.jobs.count == head.jobCount, tasks.count == head.taskCount, told == head.taskCount else {
      throw SnapshotFlaw(
        "it has \(jobs.jobs.count) jobs and \(told) tasks, where its head says \(head.jobCount) and \(head.taskCount)"
      )
    }
    try countTasks()
    let state = DurableState(
      term: head.term,
      lastGeneration: head.lastGeneration,
      nextAttempt: head.nextAttempt,
      jobs: jobs,
      tasks: tasks,
      templates: templates,
      roster: roster
    )
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
    self.head = head
    jobs.reserveCapacity(min(head.jobCount, Self.reservedMax))
    templates.reserveCapacity(min(head.jobCount, Self.reservedMax))
    tasks.reserveCapacity(min(head.taskCount, Self.reservedMax))
  }

  /// Jobs or tasks: what a head says is no reason to take more memory than the rest turns out to need.
  private static let reservedMax = 4 << 20

  private mutating func take(_ job: SubmittedJob, ended: WallTime) throws(SnapshotFlaw) {
    guard head != nil, told == 0, job.number == jobs.next, job.firstTask == tasks.next,
      job.firstTemplate.index == templates.count, jobs.append(job)
    else { throw SnapshotFlaw("job \(job.number) \"\(job.spec.id)\" does not follow \(jobs.jobs.count)") }
    jobs[job.number].ended = ended
    templates.append(contentsOf: job.spec.templates)
    tasks.append(job)
  }

  private mutating func take(_ part: SnapshotTasks) throws(SnapshotFlaw) {
    let base = told
    guard let head, part.first == TaskNumber(UInt64(base) + 1), part.count <= tasks.count - base else {
      throw SnapshotFlaw("\(part.count) tasks from \(part.first) on do not follow \(base)")
    }
    guard part.hasWholeColumns else { throw SnapshotFlaw("columns from \(part.first) on differ in length") }
    let free = AttemptID(term: head.term, number: head.nextAttempt)
    for i in 0..<part.count {
      let rack = part.racks[i]
      guard rack.rawValue == 0 && !part.states[i].hasAttempt || isRack(rack), part.attempts[i] < free else {
        throw SnapshotFlaw("task \(base + i + 1) has attempt \(part.attempts[i]) on rack \(rack)")
      }
      tasks.outcomes[base + i] = part.outcome(i)
    }
    let range = base..<base + part.count
    tasks.states.replaceSubrange(range, with: part.states)
    tasks.attempts.replaceSubrange(range, with: part.attempts)
    tasks.racks.replaceSubrange(range, with: part.racks)
    for task in part.cancelOrdered {
      guard let i = tasks.known(task), range.contains(i) else {
        throw SnapshotFlaw("task \(task) with a cancel is not among \(range)")
      }
      tasks.cancelOrdered[i] = true
    }
    for waiting in part.awaiting {
      guard let i = tasks.known(waiting.task), range.contains(i), tasks.states[i].hasAttempt,
        tasks.awaited[waiting.task] == nil, waiting.node == NodeNumber(0) || roster.has(waiting.node)
      else { throw SnapshotFlaw("task \(waiting.task) cannot wait for node \(waiting.node)") }
      tasks.awaited[waiting.task] = waiting.node
    }
    told = range.upperBound
  }

  private mutating func take(_ told: SnapshotDetail) throws(SnapshotFlaw) {
    guard tasks.known(told.task) != nil, tasks.details[told.task] == nil else {
      throw SnapshotFlaw("details of task \(told.task) do not fit")
    }
    tasks.details[told.task] = told.detail
  }

  private func isRack(_ rack: RackNumber) -> Bool { rack.index >= 1 && rack.index <= roster.racks.count }

  /// Works out again what follows from the tasks' states.
  ///
  /// Jobs are read in place: a copy of each, short as it lives, would cost more than all the counting.
  private mutating func countTasks() throws(SnapshotFlaw) {
    var next = 0
    for number in 1..<jobs.next.rawValue {
      let number = JobNumber(number)
      let range = next..<next + jobs[number].taskCount
      next = range.upperBound
      if jobs[number].hasDependencies {
        for i in range { tasks.unmet[i] = unmet(of: i - range.lowerBound, in: jobs[number]) }
      }
      let counts = try count(range)
      jobs[number].counts = counts
      let ended = jobs[number].ended
      guard (counts.unfinished == 0) == (ended != .none) else {
        throw SnapshotFlaw("job \(number) ended at \(ended) with \(counts.unfinished) unfinished tasks")
      }
    }
  }

  private mutating func count(_ range: Range<Int>) throws(SnapshotFlaw) -> TaskCounts {
    var counts = TaskCounts()
    for i in range {
      let state = tasks.states[i]
      counts[state] += 1
      guard state.isTerminal || (state == .blocked) == (tasks.unmet[i] > 0) else {
        throw SnapshotFlaw("task \(i + 1) is \(state) and waits for \(tasks.unmet[i])")
      }
      if state.hasAttempt { hold(i, state) }
    }
    return counts
  }

  private func unmet(of place: Int, in job: Job) -> UInt32 {
    job.spec.dependencies[job.spec.dependencyRange(place)].reduce(0) {
      tasks.states[tasks.place(job.task(Int($1)))] == .succeeded ? $0 : $0 + 1
    }
  }

  private mutating func hold(_ i: Int, _ state: TaskState) {
    let rack = tasks.racks[i]
    roster[rack].assigned += templates[tasks.templates[i].index].resources
    if state == .assigned { roster[rack].waitingCount += 1 } else { roster[rack].runningCount += 1 }
  }
}

extension SnapshotTasks {
  fileprivate var hasWholeColumns: Bool {
    [
      attempts.count, racks.count, nodes.count, reasons.count, statuses.count, started.count, ended.count,
      usages.count, launches.count, losses.count,
    ].allSatisfy { $0 == count }
  }

  fileprivate func outcome(_ i: Int) -> TaskTable.Outcome {
    TaskTable.Outcome(
      node: nodes[i],
      status: statuses[i],
      started: started[i],
      ended: ended[i],
      usage: usages[i],
      launches: launches[i],
      losses: losses[i],
      reason: reasons[i]
    )
  }
}
