import ReeveModel

/// All that a run leaves behind, for the checks.
struct Record {
  /// What the client was told.
  var acknowledged: [JobID: JobSpec] = [:]
  /// What it wanted cancelled, whether or not it was answered.
  var cancelsSent: Set<JobID> = []
  /// Cancels that were answered, and how many tasks they are said to have reached.
  var cancelsAnswered: [(job: JobID, ordered: Int)] = []
  /// Answers that cannot be right, in sentences.
  var wrongAnswers: [String] = []
  /// What the last master showed of each job, when all had ended.
  var shown: [JobProgress] = []
  /// The journal, with the time of each fact.
  var facts: [(fact: Fact, at: Int64)] = []
  var history = History()
  var faults = FaultLog()
}

/// What was done to the cluster, and when; wall time in microseconds, as the journal's facts bear it.
struct FaultLog {
  struct Entry {
    var fault: Fault
    var from: Int64
    var to: Int64
    /// Of the machine's death: how many lines of the history were written before it.
    var lines = 0
  }

  var entries: [Entry] = []
  /// When there was no process of a role.
  var absences: [Role: [(from: Int64, to: Int64)]] = [:]
}

/// A task as the journal tells of it.
struct TaskAccount {
  var job: JobID
  var name: String
  var kind: Workload.Kind?
  var dependencies: [Int]
  /// All attempts, in order.
  var attempts: [AttemptID] = []
  var isCancelOrdered = false
  var ends: [TaskEnd] = []
  /// When attempts were given up. One whose start never came on record counts as handed back, though it may have run.
  var givenUp: [AttemptID: Int64] = [:]
  var losses = 0

  var label: String { "\(job)/\(name)" }
}

/// The journal's facts by task, reckoned apart from the master's tables.
struct Accounts {
  private(set) var tasks: [TaskAccount] = []
  private(set) var specs: [JobID: JobSpec] = [:]
  private(set) var taskOf: [AttemptID: Int] = [:]
  private(set) var nodeNames: [NodeNumber: String] = [:]
  private(set) var terms = 0

  init(_ facts: [(fact: Fact, at: Int64)]) {
    for (fact, at) in facts { apply(fact, at) }
  }

  private mutating func apply(_ fact: Fact, _ at: Int64) {
    switch fact {
    case .termBegan: terms += 1
    case .jobSubmitted(let job): add(job)
    case .assigned(_, let first, let numbers):
      for (k, number) in numbers.enumerated() {
        let attempt = first.advanced(by: k)
        tasks[number.index - 1].attempts.append(attempt)
        taskOf[attempt] = number.index - 1
      }
    case .returned(let attempts):
      for attempt in attempts { tasks[attempt.task.index - 1].givenUp[attempt.attempt] = at }
    case .lost(let attempts):
      for attempt in attempts {
        tasks[attempt.task.index - 1].givenUp[attempt.attempt] = at
        tasks[attempt.task.index - 1].losses += 1
      }
    case .ended(let ends): for end in ends { tasks[end.task.index - 1].ends.append(end) }
    case .calledOff(let runs, let reason, let wall): for run in runs { callOff(run, reason, wall) }
    case .endOrdered(let numbers, _): for n in numbers { tasks[n.index - 1].isCancelOrdered = true }
    case .nodePlaced(let node, _): nodeNames[node.number] = node.name
    case .started, .retried, .held, .released, .prioritySet, .roundBegan, .policySet, .jobClosed,
      .rackGranted,
      .nodeMarked,
      .nodeAwaited, .nodeReturned, .nodeForgotten, .frameworkSubscribed, .frameworkRemoved, .endsAcknowledged,
      .roleSet, .roleForgotten:
      break
    }
  }

  private mutating func callOff(_ run: TaskRun, _ reason: FailureReason, _ wall: WallTime) {
    for number in run.first.index..<run.end.index {
      let task = TaskNumber(UInt64(number))
      tasks[number - 1].ends.append(TaskEnd(attempt: .none, task: task, reason: reason, ended: wall))
      if reason == .cancelled { tasks[number - 1].isCancelOrdered = true }
    }
  }

  private mutating func add(_ job: SubmittedJob) {
    let first = tasks.count
    specs[job.spec.id] = job.spec
    for i in 0..<job.spec.count {
      let command = job.spec.command(i)
      tasks.append(
        TaskAccount(
          job: job.spec.id,
          name: job.spec.taskNames[i],
          kind: command.count > 2 ? Workload.Kind(rawValue: command[2]) : nil,
          dependencies: job.spec.dependencies[job.spec.dependencyRange(i)].map { first + Int($0) }
        )
      )
    }
  }
}
