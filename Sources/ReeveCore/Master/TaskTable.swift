package import ReeveModel

/// Every task as the journal knows it: columns for what each decision reads, a row for what is only shown.
///
/// Tasks are numbered from 1; the columns begin with task 1.
package struct TaskTable: Equatable, Sendable {
  package var states: [TaskState] = []
  /// The current attempt, or the last one.
  package var attempts: [AttemptID] = []
  /// Valid while a task is assigned or runs.
  package var racks: [RackNumber] = []
  package var jobs: [JobNumber] = []
  package var templates: [TemplateNumber] = []
  /// Dependencies that have not succeeded.
  package var unmet: [UInt32] = []
  package var cancelOrdered: [Bool] = []
  package var outcomes: [Outcome] = []
  /// Tasks that wait for their node, which is lost and may come back with their attempt; number 0 where it may be any of
  /// those that the rack has lost.
  package var awaited: [TaskNumber: NodeNumber] = [:]
  /// What is known of those that failed.
  package var details: [TaskNumber: TaskEnd.Detail] = [:]

  /// What users are shown of a task's last attempt.
  package struct Outcome: Equatable, Sendable {
    package var node = NodeNumber(0)
    package var status: Int32 = 0
    package var started = WallTime.none
    package var ended = WallTime.none
    package var usage = TaskEnd.Usage()
    package var launches: UInt16 = 0
    /// How often its node was lost.
    package var losses: UInt8 = 0
    package var reason = FailureReason.none
  }

  package var count: Int { states.count }
  package var next: TaskNumber { TaskNumber(UInt64(states.count) + 1) }

  @inline(__always) package func place(_ task: TaskNumber) -> Int { Int(task.rawValue) - 1 }

  /// The place of a task that a message names; `nil` where no task has that number.
  package func known(_ task: TaskNumber) -> Int? {
    task.rawValue >= 1 && task.rawValue <= UInt64(states.count) ? Int(task.rawValue) - 1 : nil
  }

  /// The place of a task if `attempt` is its current one and has not ended.
  @inline(__always) package func current(_ task: TaskNumber, _ attempt: AttemptID) -> Int? {
    guard let i = known(task), attempts[i] == attempt, states[i].hasAttempt else { return nil }
    return i
  }

  package mutating func append(_ job: SubmittedJob) {
    let count = job.spec.count
    // Nothing is reserved: room for just these would copy all others at each submission.
    for i in 0..<count {
      let dependencies = job.spec.dependencyRange(i).count
      states.append(dependencies == 0 ? .queued : .blocked)
      unmet.append(UInt32(dependencies))
      templates.append(TemplateNumber(job.firstTemplate.rawValue + job.spec.taskTemplates[i]))
    }
    attempts.append(contentsOf: repeatElement(.none, count: count))
    racks.append(contentsOf: repeatElement(RackNumber(0), count: count))
    jobs.append(contentsOf: repeatElement(job.number, count: count))
    cancelOrdered.append(contentsOf: repeatElement(false, count: count))
    outcomes.append(contentsOf: repeatElement(Outcome(), count: count))
  }

  /// Makes room for so many in all, where that is known beforehand.
  mutating func reserveCapacity(_ count: Int) {
    states.reserveCapacity(count)
    attempts.reserveCapacity(count)
    racks.reserveCapacity(count)
    jobs.reserveCapacity(count)
    templates.reserveCapacity(count)
    unmet.reserveCapacity(count)
    cancelOrdered.reserveCapacity(count)
    outcomes.reserveCapacity(count)
  }

  package mutating func finish(_ i: Int, as state: TaskState, with end: TaskEnd) {
    states[i] = state
    outcomes[i].reason = end.reason
    outcomes[i].status = end.status
    outcomes[i].ended = end.ended
    guard end.attempt != .none else { return }
    outcomes[i].node = end.node
    outcomes[i].started = end.started
    outcomes[i].usage = end.usage
    if let detail = end.detail { details[end.task] = detail }
  }
}
