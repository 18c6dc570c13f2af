package import ReeveCore
package import ReeveModel

/// What a master lives through by chance: jobs with graphs, racks and nodes, starts, ends, losses, nodes that are waited for
/// or forgotten, hand-backs, cancels and new terms. The same under the same seed.
package struct RandomHistory {
  package internal(set) var story = MasterStory()
  var dice: SeededRandom
  /// Of frameworks that are subscribed.
  var sessions: [String: SessionNumber] = [:]
  var streams: UInt64 = 0
  var accepts = 0
  private var jobs = 0
  private var additions = 0
  private static let racks = 3

  package init(seed: UInt64) { dice = SeededRandom(seed) }

  /// All records so far.
  package var facts: [Fact] { story.facts }

  package mutating func live(_ steps: Int) {
    connectAll()
    for _ in 0..<steps { step() }
  }

  private mutating func step() {
    story.time += Int64.random(in: 1...50, using: &dice)
    switch Int.random(in: 0..<60, using: &dice) {
    case 0..<5: submit()
    case 5..<12: offer()
    case 12..<20:
      report { [attempts = some { $0 == .assigned }, story] in $0.started = attempts.map { story.start($0) } }
    case 20..<32: end()
    case 32: giveBack { $0.returned = $1 }
    case 33, 34: lose()
    case 35: mark()
    case 36: cancel()
    case 37: connect(Int.random(in: 0..<Self.racks, using: &dice))
    case 38:
      story = MasterStory(after: story.facts)
      sessions = [:]
      connectAll()
    case 39: forget()
    case 41..<46: lose()
    case 46, 47: order()
    case 48: add()
    case 49: story.turn(.ordered(story.request(), .close, [randomJob()]))
    case 50..<59: share()
    default: _ = story.place("node-\(Int.random(in: 0..<9, using: &dice))")
    }
  }

  private mutating func submit() {
    jobs += 1
    let count = Int.random(in: 1...30, using: &dice)
    let isGraph = Bool.random(using: &dice)
    let edges = (0..<count).map { i in
      isGraph && i > 0 && Bool.random(using: &dice)
        ? (0..<Int.random(in: 1...3, using: &dice)).map { _ in UInt32.random(in: 0..<UInt32(i), using: &dice)
        } : []
    }
    let cores = Int.random(in: 1...4, using: &dice)
    var spec = JobSpec.of(count, id: "job-\(jobs)", cores: cores, edges: edges)
    if Bool.random(using: &dice) { spec.templates[0].onNodeLoss = .wait }
    if Bool.random(using: &dice) { spec.templates[0].retry = RetryRule(limit: 2, delay: .milliseconds(20)) }
    if dice.one(in: 3) {
      let entry = UInt32.random(in: 0..<UInt32(count), using: &dice)
      let run = TaskArray.IndexRun(first: 3, step: 2, count: UInt32.random(in: 1...9, using: &dice))
      spec.arrays = [TaskArray(entry: entry, runs: [run], parallel: UInt32.random(in: 0...3, using: &dice))]
    }
    if dice.one(in: 3), jobs > 1 {
      spec.outerDependencies = [
        OuterDependency(
          entry: 0,
          job: JobID("job-\(Int.random(in: 1..<jobs, using: &dice))"),
          DependencyKind(DependencyKind.Condition.allCases.randomElement(using: &dice) ?? .ended)
        )
      ]
    }
    spec.isOpen = dice.one(in: 4)
    let request = story.request()
    story.turn(.submitted(request, spec))
  }

  /// More for a job, which may not be open.
  private mutating func add() {
    guard jobs > 0 else { return }
    additions += 1
    var spec = JobSpec.of(Int.random(in: 1...5, using: &dice), id: randomJob().job)
    spec.name = ""
    spec.addition = "more-\(additions)"
    spec.taskNames = PackedStrings((0..<spec.entryCount).map { "\(spec.addition)-\($0)" })
    if dice.one(in: 2) { spec.outerDependencies = [OuterDependency(entry: 0, job: JobID(""), task: "t0")] }
    story.turn(.submitted(story.request(), spec))
  }

  private mutating func randomJob() -> TaskSelector {
    TaskSelector(job: JobID("job-\(Int.random(in: 1...max(1, jobs), using: &dice))"))
  }

  // MARK: Racks

  private func session(_ rack: Int) -> SessionNumber { SessionNumber(UInt64(rack) + 1) }

  private mutating func connect(_ rack: Int) {
    // Half of what it had is still there.
    var statement = RackReport()
    statement.waiting = some { $0 == .assigned }.map(story.named)
    statement.started = some { $0 == .running }.map { story.start($0) }
    let incarnation = UInt64.random(in: 1...3, using: &dice)
    story.connect("rack-\(rack)", on: session(rack), incarnation: incarnation, stating: statement)
  }

  private mutating func connectAll() {
    for rack in 0..<Self.racks {
      connect(rack)
      _ = story.place("node-\(rack)", rack: "rack-\(rack)")
    }
  }

  private mutating func offer() {
    let rack = Int.random(in: 0..<Self.racks, using: &dice)
    story.offer(.cores(Int.random(in: 0...16, using: &dice), memory: 64), on: session(rack))
  }

  private mutating func report(_ fill: (inout RackReport) -> Void) {
    let rack = Int.random(in: 0..<Self.racks, using: &dice)
    story.report(on: session(rack), fill)
  }

  /// Some tasks of a state, by their numbers.
  private mutating func some(_ isWanted: (TaskState) -> Bool) -> [Int] {
    let durable = story.core.durable
    return (0..<durable.jobs.taskCount).map { $0 + 1 }.filter {
      durable.state(of: TaskNumber(UInt64($0))).map(isWanted) ?? false && Bool.random(using: &dice)
    }
  }

  private mutating func end() {
    let ends = some(\.hasAttempt).map { task in
      var end = story.end(task, dice.one(in: 4) ? .exitCode : .none)
      end.status = end.reason == .none ? 0 : Int32.random(in: -9...9, using: &dice)
      end.usage.cpu = TimeSpan(microseconds: Int64.random(in: 0...9, using: &dice))
      if end.reason != .none {
        let tail = [UInt8](repeating: 7, count: Int.random(in: 0...20, using: &dice))
        end.detail = TaskEnd.Detail(message: "failed", stdoutTail: tail, stderrTail: tail)
      }
      return end
    }
    report { $0.ends = ends }
  }

  private mutating func giveBack(_ fill: (inout RackReport, [TaskAttempt]) -> Void) {
    let attempts = some(\.hasAttempt).map(story.named)
    report { fill(&$0, attempts) }
  }

  /// A node is lost, and the rack tells of some attempts that were there.
  private mutating func lose() {
    let node = NodeNumber(UInt32(Int.random(in: 1...max(1, nodeCount), using: &dice)))
    let attempts = some(\.hasAttempt).map { story.lost($0, on: node) }
    report {
      $0.nodes = [.node(node, .lost, .cores(4))]
      $0.lost = attempts
    }
  }

  private mutating func forget() {
    // The first stays: what starts or ends does so there.
    let name = "node-\(Int.random(in: 1..<9, using: &dice))"
    guard let node = story.core.durable.roster.node(named: name) else { return }
    if dice.one(in: 2) { report { $0.nodes = [.node(node, .lost, .cores(4))] } }
    let request = story.request()
    story.turn(.forgetRequested(request, node: name))
  }

  private var nodeCount: Int { story.core.durable.roster.nodes.count }

  private mutating func mark() {
    let isLost = Bool.random(using: &dice)
    let nodes = (0..<nodeCount).map { i in
      NodeStatus.node(NodeNumber(UInt32(i) + 1), isLost ? .lost : .up, .cores(4))
    }
    report { $0.nodes = nodes }
  }

  private mutating func cancel() {
    guard jobs > 0 else { return }
    let job = JobID("job-\(Int.random(in: 1...jobs, using: &dice))")
    let task = Bool.random(using: &dice) ? nil : "t0"
    let request = story.request()
    story.turn(.ordered(request, .cancel, [TaskSelector(job: job, task: task)]))
  }

  private mutating func order() {
    guard jobs > 0 else { return }
    let job = randomJob()
    let orders: [UserOrder] = [
      .hold, .release, .priority(Int32.random(in: -2...2, using: &dice)),
      .retry(alsoCancelled: Bool.random(using: &dice)),
      .policy(PolicySetting(.priority)), .policy(PolicySetting(.sjf)), .policy(PolicySetting(.fair)),
      .policy(PolicySetting(.fcfs, backfills: true)),
    ]
    let order = orders[Int.random(in: 0..<orders.count, using: &dice)]
    let isOfCluster = if case .policy = order { true } else { false }
    story.turn(.ordered(story.request(), order, isOfCluster ? [] : [job]))
  }
}

extension DurableState {
  /// All parts of a snapshot, cut small.
  package func parts(tasks: Int = 7, bytes: Int = 300) -> [SnapshotPart] {
    var size = PartSize()
    (size.tasks, size.bytes) = (tasks, bytes)
    var parts: [SnapshotPart] = []
    forEachPart(at: WallTime(microseconds: 12), size: size) { parts.append($0) }
    return parts
  }
}
