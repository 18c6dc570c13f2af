import ReeveModel

/// What the journal's durable facts come to, reckoned as plainly as can be and apart from the master's own tables.
struct Books: Sendable {
  struct Job: Sendable {
    var spec: JobSpec
    var firstTask: Int
  }

  struct Task: Sendable {
    var job: JobID
    var template: TaskTemplate
    var dependencies: [Int]
    var dependents: [Int] = []
    var state: TaskState
    var attempt = AttemptID.none
    var isCancelOrdered = false
    /// It had an attempt that was lost or came back.
    var wasRequeued = false
    var reason = FailureReason.none
  }

  private(set) var jobs: [JobID: Job] = [:]
  /// By number; the first stands for none.
  private(set) var tasks: [Task] = []
  private(set) var highestAttempt = AttemptID.none
  private(set) var highestTerm = Term(0)
  private(set) var highestGeneration = Generation.none
  private(set) var racks = 0
  private(set) var nodes = 0
  /// The latest wall time that a master put into the journal.
  private(set) var lastWall = WallTime.none
  /// Nodes by the numbers that the roster gives them.
  private(set) var nodeNames: [NodeNumber: String] = [:]
  private(set) var unfinishedCount = 0
  private var taskOf: [AttemptID: Int] = [:]

  func task(_ number: TaskNumber) -> Task? {
    number.rawValue >= 1 && number.rawValue <= UInt64(tasks.count) ? tasks[number.index - 1] : nil
  }

  func task(of attempt: AttemptID) -> TaskNumber? { taskOf[attempt].map { TaskNumber(UInt64($0)) } }

  /// Whether the attempt is its task's, and may still count.
  func isCurrent(_ attempt: AttemptID) -> Bool {
    guard let number = taskOf[attempt] else { return false }
    return tasks[number - 1].attempt == attempt && tasks[number - 1].state.hasAttempt
  }

  /// Whether the attempt's own end is what its task ended with.
  func hasEnded(_ attempt: AttemptID) -> Bool {
    guard let number = taskOf[attempt] else { return false }
    return tasks[number - 1].attempt == attempt && tasks[number - 1].state.isTerminal
  }

  func hasSucceeded(_ number: Int) -> Bool { tasks[number - 1].state == .succeeded }

  mutating func apply(_ fact: Fact) {
    switch fact {
    case .termBegan(let term): highestTerm = max(highestTerm, term)
    case .jobSubmitted(let job): add(job)
    case .assigned(_, let first, let numbers):
      for (k, number) in numbers.enumerated() {
        let attempt = first.advanced(by: k)
        tasks[number.index - 1].state = .assigned
        tasks[number.index - 1].attempt = attempt
        taskOf[attempt] = number.index
        highestAttempt = max(highestAttempt, attempt)
      }
    case .returned(let attempts), .lost(let attempts):
      for a in attempts {
        tasks[a.task.index - 1].state = .queued
        tasks[a.task.index - 1].wasRequeued = true
      }
    case .started(let starts): for start in starts { tasks[start.task.index - 1].state = .running }
    case .ended(let ends): for end in ends { finish(end) }
    case .cancelOrdered(let numbers):
      for number in numbers { tasks[number.index - 1].isCancelOrdered = true }
    case .rackGranted(let grant):
      racks = max(racks, grant.rack.index)
      highestGeneration = max(highestGeneration, grant.generation)
    case .nodePlaced(let node, _):
      nodes = max(nodes, node.number.index)
      nodeNames[node.number] = node.name
    case .nodeMarked, .nodeAwaited, .nodeReturned, .nodeForgotten: break
    }
  }

  private mutating func add(_ job: SubmittedJob) {
    lastWall = max(lastWall, job.submitted)
    let first = tasks.count + 1
    for i in 0..<job.spec.count {
      let dependencies = job.spec.dependencies[job.spec.dependencyRange(i)].map { first + Int($0) }
      tasks.append(
        Task(
          job: job.spec.id,
          template: job.spec.templates[Int(job.spec.taskTemplates[i])],
          dependencies: dependencies,
          state: dependencies.isEmpty ? .queued : .blocked
        )
      )
      for d in dependencies { tasks[d - 1].dependents.append(first + i) }
    }
    unfinishedCount += job.spec.count
    jobs[job.spec.id] = Job(spec: job.spec, firstTask: first)
  }

  private mutating func finish(_ end: TaskEnd) {
    let i = end.task.index - 1
    tasks[i].reason = end.reason
    if end.attempt == .none { lastWall = max(lastWall, end.ended) }
    tasks[i].state =
      switch end.reason {
      case .none: .succeeded
      case .cancelled: .cancelled
      default: .failed
      }
    unfinishedCount -= 1
    for d in tasks[i].dependents where tasks[d - 1].state == .blocked {
      if tasks[d - 1].dependencies.allSatisfy(hasSucceeded) { tasks[d - 1].state = .queued }
    }
  }

  func count(_ state: TaskState, of job: JobID) -> Int {
    guard let job = jobs[job] else { return 0 }
    return (job.firstTask..<job.firstTask + job.spec.count).count { tasks[$0 - 1].state == state }
  }

  var unfinished: [String] {
    tasks.indices.filter { !tasks[$0].state.isTerminal }.map {
      "task \($0 + 1) of \(tasks[$0].job) is \(tasks[$0].state) with attempt \(tasks[$0].attempt)"
    }
  }
}
