import ReeveModel

/// What the journal's durable facts come to, reckoned as plainly as can be and apart from the master's own tables.
struct Books: Sendable {
  /// All that was submitted under one id.
  struct Job: Sendable {
    var parts: [Part]
    var isOpen: Bool
    var isStopped = false
    /// New rounds that have begun.
    var rounds = 0
    /// Who waits for all of it.
    var dependents: [Int] = []

    var count: Int { parts.reduce(0) { $0 + $1.layout.count } }
    var tasks: [Int] { parts.flatMap { Array($0.tasks) } }
  }

  /// What was submitted at one time.
  struct Part: Sendable {
    var spec: JobSpec
    var layout: TaskLayout
    var firstTask: Int
    var tasks: Range<Int> { firstTask..<firstTask + layout.count }
  }

  /// What a task waits for: some tasks, all of which have to end, and how; or all of a job.
  struct Edge: Sendable {
    var targets: [Int]
    var whole: JobID?
    var condition: DependencyKind.Condition
  }

  struct Task: Sendable {
    var job: JobID
    var template: TaskTemplate
    var edges: [Edge]
    var dependents: [Int] = []
    var priority: Int32
    var isHeld = false
    /// Its edges were all met once, in this round.
    var wasReady = false
    /// It may wait though it is queued: it has been tried before, or its array is limited.
    var mayWait = false
    var round = 0
    var state: TaskState
    var attempt = AttemptID.none
    var isCancelOrdered = false
    /// It had an attempt that was lost or came back.
    var wasRequeued = false
    var reason = FailureReason.none
  }

  private(set) var jobs: [JobID: Job] = [:]
  /// Whose tasks frameworks place, and no policy.
  private(set) var frameworkJobs: Set<JobID> = []
  private var parts: [JobNumber: Part] = [:]
  /// By number; the first stands for none.
  private(set) var tasks: [Task] = []
  private(set) var highestAttempt = AttemptID.none
  private(set) var highestTerm = Term(0)
  private(set) var highestGeneration = Generation.none
  private(set) var policy = PolicySetting()
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

  /// The states of what an edge is to, and whether all of it has ended.
  private func states(of edge: Edge) -> (states: [TaskState], areOver: Bool) {
    let job = edge.whole.flatMap { jobs[$0] }
    var states = (job?.tasks ?? edge.targets).map { tasks[$0 - 1].state }
    if job?.isStopped == true { states.append(.cancelled) }
    return (states, states.allSatisfy(\.isTerminal) && job?.isOpen != true)
  }

  func isMet(_ edge: Edge) -> Bool {
    let (states, areOver) = states(of: edge)
    guard areOver else { return false }
    return switch edge.condition {
    case .succeeded: states.allSatisfy { $0 == .succeeded }
    case .failed: states.contains(.failed)
    case .ended: true
    }
  }

  func isUnmeetable(_ edge: Edge) -> Bool {
    let (states, areOver) = states(of: edge)
    return edge.condition == .succeeded
      ? states.contains { $0.isTerminal && $0 != .succeeded } : areOver && !isMet(edge)
  }

  /// Who waits for a task, or for all of its job.
  func dependents(of number: Int) -> [Int] {
    tasks[number - 1].dependents + (jobs[tasks[number - 1].job]?.dependents ?? [])
  }

  func isReady(_ task: Task) -> Bool { task.edges.allSatisfy(isMet) }

  func tasks(in runs: [TaskRun]) -> [TaskNumber] {
    runs.flatMap { run in (run.first.rawValue..<run.end.rawValue).map { TaskNumber($0) } }
  }

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
    case .ended(let ends): for end in ends { finish(end.task.index, end.reason) }
    case .retried(let ends):
      for end in ends {
        lastWall = max(lastWall, end.ended)
        tasks[end.task.index - 1].state = .queued
        tasks[end.task.index - 1].mayWait = true
      }
    case .calledOff(let runs, let reason, let wall):
      lastWall = max(lastWall, wall)
      for task in tasks(in: runs) { finish(task.index, reason) }
    case .endOrdered(let numbers, _):
      for number in numbers { tasks[number.index - 1].isCancelOrdered = true }
    case .held(let runs): for task in tasks(in: runs) { tasks[task.index - 1].isHeld = true }
    case .released(let runs): for task in tasks(in: runs) { tasks[task.index - 1].isHeld = false }
    case .prioritySet(let runs, let priority):
      for task in tasks(in: runs) { tasks[task.index - 1].priority = priority }
    case .roundBegan(let runs): beginRound(tasks(in: runs))
    case .policySet(let policy): self.policy = policy
    case .jobClosed(let number, let reason, let wall):
      lastWall = max(lastWall, wall)
      guard let id = parts[number]?.spec.id else { return }
      jobs[id]?.isOpen = false
      jobs[id]?.isStopped = reason != .none
      for waiting in jobs[id]?.dependents ?? [] { queueIfReady(waiting) }
    case .rackGranted(let grant):
      racks = max(racks, grant.rack.index)
      highestGeneration = max(highestGeneration, grant.generation)
    case .nodePlaced(let node, _):
      nodes = max(nodes, node.number.index)
      nodeNames[node.number] = node.name
    case .frameworkSubscribed(let framework):
      guard frameworkJobs.insert(framework.info.id).inserted else { return }
      add(framework.openJob(before: TaskNumber(UInt64(tasks.count)), TemplateNumber(0)))
    case .nodeMarked, .nodeAwaited, .nodeReturned, .nodeForgotten, .frameworkRemoved, .endsAcknowledged,
      .roleSet, .roleForgotten:
      break
    }
  }

  private mutating func add(_ job: SubmittedJob) {
    lastWall = max(lastWall, job.submitted)
    let (spec, first, layout) = (job.spec, tasks.count + 1, TaskLayout(of: job.spec))
    let templates = job.templates
    let part = Part(spec: spec, layout: layout, firstTask: first)
    parts[job.number] = part
    jobs[spec.id, default: Job(parts: [], isOpen: spec.isOpen)].parts.append(part)
    for place in 0..<layout.count {
      let entry = layout.entry(at: place)
      let template = templates[Int(spec.taskTemplates[entry])]
      let edges = edges(of: place, entry, of: job, first, layout)
      let array = layout.array(at: place)
      var task = Task(
        job: spec.id,
        template: template,
        edges: edges,
        priority: template.priority,
        state: .blocked
      )
      task.isHeld = spec.isHeld
      task.mayWait = array.map { spec.arrays[$0].parallel > 0 } ?? false
      tasks.append(task)
    }
    for i in part.tasks {
      for edge in tasks[i - 1].edges {
        for d in edge.targets { tasks[d - 1].dependents.append(i) }
        if let whole = edge.whole { jobs[whole]?.dependents.append(i) }
      }
    }
    for i in part.tasks { queueIfReady(i) }
    unfinishedCount += layout.count
  }

  private func edges(
    of place: Int,
    _ entry: Int,
    of job: SubmittedJob,
    _ first: Int,
    _ layout: TaskLayout
  ) -> [Edge] {
    var edges: [Edge] = []
    for edge in job.spec.dependencyRange(entry) {
      let kind = job.spec.dependencyKind(edge)
      let targets = layout.places(ofEntry: Int(job.spec.dependencies[edge]))
      let element = targets.lowerBound + place - layout.places(ofEntry: entry).lowerBound
      let places = kind.isEach ? element..<element + 1 : targets
      edges.append(Edge(targets: places.map { first + $0 }, condition: kind.condition))
    }
    for (outer, target) in zip(job.spec.outerDependencies, job.outerTargets) where Int(outer.entry) == entry {
      var edge = Edge(targets: [], condition: outer.kind.condition)
      let known = parts[target.job]?.firstTask ?? 1
      let element = target.places.lowerBound + place - layout.places(ofEntry: entry).lowerBound
      if target.isWhole {
        edge.whole = outer.job
      } else if outer.kind.isEach {
        edge.targets = [known + element]
      } else {
        edge.targets = target.places.map { known + $0 }
      }
      edges.append(edge)
    }
    return edges
  }

  private mutating func queueIfReady(_ number: Int) {
    guard tasks[number - 1].state == .blocked, isReady(tasks[number - 1]) else { return }
    tasks[number - 1].state = .queued
    tasks[number - 1].wasReady = true
  }

  private mutating func finish(_ number: Int, _ reason: FailureReason) {
    tasks[number - 1].reason = reason
    tasks[number - 1].state = reason.outcome
    tasks[number - 1].isHeld = false
    unfinishedCount -= 1
    for d in dependents(of: number) { queueIfReady(d) }
  }

  private mutating func beginRound(_ numbers: [TaskNumber]) {
    var reopened: Set<JobID> = []
    for number in numbers {
      let i = number.index - 1
      reopened.insert(tasks[i].job)
      tasks[i].state = .blocked
      tasks[i].isCancelOrdered = false
      tasks[i].wasReady = false
      tasks[i].mayWait = true
      tasks[i].round += 1
      unfinishedCount += 1
    }
    for job in reopened { jobs[job]?.rounds += 1 }
    for number in numbers { queueIfReady(number.index) }
  }

  func count(_ state: TaskState, of job: JobID) -> Int {
    jobs[job]?.tasks.count { tasks[$0 - 1].state == state } ?? 0
  }

  var unfinished: [String] {
    tasks.indices.filter { !tasks[$0].state.isTerminal }.map {
      "task \($0 + 1) of \(tasks[$0].job) is \(tasks[$0].state) with attempt \(tasks[$0].attempt)"
    }
  }
}
