import ReeveModel

/// Who uses a world for what: machines, and clients with their errands.
struct Workload: Sendable {
  struct Node: Sendable {
    var name: String
    var label: String?
    var total: Resources
    /// What its agent is told; where it turns, that is so at every other start only.
    var attributes: [TaskTemplate.Variable]
    var turns: Bool
  }

  private(set) var racks: [String]
  private(set) var nodes: [Node]
  var clients: [[Client.Errand]]
  var chance: Generator
  private let span: TimeSpan
  /// Arrays "a" and "b" of jobs, and their indices.
  private var pairs: [(job: JobID, runs: [TaskArray.IndexRun])] = []

  init(_ options: SimulationOptions, _ chance: inout Generator) {
    let rackCount = options.racks ?? chance.within(1...3)
    let nodeCount = options.nodes ?? chance.within(rackCount...8)
    let jobCount = options.jobs ?? chance.within(4...24)
    let isLabelled = chance.chance(0.7)
    racks = (0..<rackCount).map { "r\($0)" }
    nodes = []
    for i in 0..<nodeCount {
      let total = Resources(
        cpuMillis: chance.pick([2_000, 4_000, 8_000]),
        memory: chance.pick([2, 4, 16]) << 30,
        disk: 10 << 30
      )
      let zone = TaskTemplate.Variable(name: "zone", value: chance.pick(["a", "b", "c"]))
      nodes.append(
        Node(
          name: "n\(i)",
          label: isLabelled ? "r\(i % rackCount)" : nil,
          total: total,
          attributes: chance.chance(0.8) ? [zone] : [],
          turns: chance.chance(0.3)
        )
      )
    }
    clients = []
    span = .seconds(Int64(chance.within(5...60)))
    self.chance = chance.branch()
    let clientCount = min(jobCount, self.chance.within(1...4))
    clients = Array(repeating: [], count: clientCount)
    for j in 0..<jobCount { addJob(j, for: j % clientCount) }
  }

  private mutating func addJob(_ j: Int, for client: Int) {
    let kind = chance.below(100)
    let time = Instant(microseconds: 0) + chance.span(.zero, span)
    var spec = JobSpec(id: JobID("j\(j)"), name: "job \(j)", user: "u\(client)")
    let isEndless = kind < 12
    let isTooLarge = kind >= 97
    let templates = chance.within(1...3)
    for _ in 0..<templates { spec.templates.append(template(isTooLarge: isTooLarge, isEndless: isEndless)) }
    fill(&spec, isEndless: isEndless)
    if !isEndless { makeRicher(&spec, j) }
    spec.outerDependencies.sort { $0.entry < $1.entry }
    spec.isOpen = !isEndless && !isTooLarge && chance.chance(0.15)
    var submit = Client.Errand(request: .submit(spec), time: time)
    // The job that it waits for may not be there yet, or not at all.
    submit.mayBeRefused =
      !spec.outerDependencies.isEmpty
      || spec.templates.contains { template in
        !template.constraints.isEmpty || nodes.contains { !template.resources.fits(in: $0.total) }
      }
    let first = clients[client].count
    clients[client].append(submit)
    clients[client].append(Client.Errand(request: .watch(spec.id), time: time, after: first))
    let mustCancel = isTooLarge || isEndless && spec.templates.contains { $0.timeLimit == nil }
    let submission = Submission(spec: spec, time: time, client: client, errand: first)
    for habit in Habit.allCases where chance.chance(habit.chance) {
      add(habit, to: submission, mustEnd: mustCancel)
    }
    // Somebody has to end it.
    if mustCancel { add(.cancelsJob, to: submission, mustEnd: true) }
    if spec.isOpen { addMore(to: submission) }
  }

  mutating func template(isTooLarge: Bool, isEndless: Bool) -> TaskTemplate {
    let node = chance.pick(nodes)
    let largest = node.total
    let whole = chance.chance(0.1)
    let resources = Resources(
      cpuMillis: whole
        ? largest.cpuMillis : min(largest.cpuMillis, chance.pick([100, 250, 500, 1_000, 2_000])),
      memory: min(largest.memory, chance.pick([32 << 20, 128 << 20, 512 << 20, 1 << 30, 2 << 30])),
      disk: chance.chance(0.2) ? 1 << 30 : 0
    )
    return TaskTemplate(
      command: ["work"],
      resources: isTooLarge ? Resources(cpuMillis: 1_000_000) : resources,
      constraints: chance.chance(0.2) ? constraints(metBy: node) : [],
      timeLimit: isEndless && chance.chance(0.4) || chance.chance(0.1)
        ? chance.span(.milliseconds(50), .seconds(3)) : nil,
      grace: chance.span(.milliseconds(10), .seconds(2)),
      priority: chance.chance(0.3) ? Int32(chance.within(-2...2)) : 0,
      onNodeLoss: chance.chance(0.5) ? chance.pick([.wait, .wait, .wait, .fail]) : .requeue,
      retry: chance.chance(0.2)
        ? RetryRule(
          limit: UInt16(chance.within(1...3)),
          delay: chance.pick([.zero, .milliseconds(100), .seconds(2)]),
          exitCodes: chance.chance(0.3) ? [1, 2] : []
        ) : RetryRule()
    )
  }

  /// What at least this node is for as long as there is no fault.
  private mutating func constraints(metBy node: Node) -> [AttributeConstraint] {
    let other = chance.pick(nodes).name
    guard !node.turns, chance.chance(0.8) else {
      return [AttributeConstraint("node", in: [node.name, other])]
    }
    guard let zone = node.attributes.first?.value else {
      return [AttributeConstraint("zone", in: ["a", chance.pick(["b", "c"])], isNegated: true)]
    }
    return chance.chance(0.5)
      ? [AttributeConstraint("zone", in: [zone])]
      : [AttributeConstraint("zone", in: ["a", "b", "c"].filter { $0 != zone }, isNegated: true)]
  }

  /// Arrays, edges of all kinds, within the job and to earlier ones, and what stops or holds it as a whole.
  private mutating func makeRicher(_ spec: inout JobSpec, _ j: Int) {
    if chance.chance(0.1) { spec.failuresMax = UInt32(chance.within(1...3)) }
    if chance.chance(0.25) {
      for entry in 0..<spec.entryCount where chance.chance(0.3) { spec.arrays.append(array(at: entry)) }
    }
    if chance.chance(0.3), !spec.dependencies.isEmpty {
      spec.dependencyKinds = spec.dependencies.map { _ in
        DependencyKind(chance.pick([.succeeded, .succeeded, .failed, .ended])).code
      }
    }
    if chance.chance(0.3) { pair(&spec) }
    if let array = spec.arrays.first, Int(array.entry) + 1 < spec.entryCount, chance.chance(0.3) {
      // One task of an array of its own.
      let task = "\(spec.taskNames[Int(array.entry)]).\(array.index(chance.below(array.count)))"
      spec.outerDependencies.append(
        OuterDependency(entry: array.entry + 1, job: JobID(""), task: task, DependencyKind(.ended))
      )
    }
    guard j > 0, chance.chance(0.2) else { return }
    spec.outerDependencies.append(
      OuterDependency(
        entry: UInt32(chance.below(spec.entryCount)),
        job: JobID("j\(chance.below(j))"),
        task: chance.chance(0.4) ? "t0" : "",
        DependencyKind(chance.pick(DependencyKind.Condition.allCases))
      )
    )
  }

  private mutating func array(at entry: Int) -> TaskArray {
    let first = UInt32(chance.below(50))
    var array = TaskArray(
      entry: UInt32(entry),
      runs: [
        TaskArray.IndexRun(
          first: first,
          step: UInt32(chance.within(1...3)),
          count: UInt32(chance.within(1...12))
        )
      ]
    )
    if chance.chance(0.3) { array.parallel = UInt32(chance.within(1...4)) }
    return array
  }

  /// Two arrays at the end of the job, the second of which waits for the first task by task.
  private mutating func pair(_ spec: inout JobSpec) {
    let entry = spec.entryCount
    for name in ["a", "b"] {
      let behaviour = Behaviour(
        milliseconds: Int64(chance.within(1...500)),
        status: chance.chance(0.2) ? 1 : 0
      )
      spec.append(
        name: name,
        template: chance.below(spec.templates.count),
        arguments: behaviour.arguments,
        after: EmptyCollection<UInt32>()
      )
    }
    spec.appendDependency(
      UInt32(entry),
      DependencyKind(chance.pick(DependencyKind.Condition.allCases), isEach: true)
    )
    let runs = array(at: entry).runs
    for place in [entry, entry + 1] { spec.arrays.append(TaskArray(entry: UInt32(place), runs: runs)) }
    // Task by task, also after such a pair of an earlier job.
    if let earlier = pairs.last, chance.chance(0.5) {
      for place in 0..<2 { spec.arrays[spec.arrays.count - 2 + place].runs = earlier.runs }
      spec.outerDependencies.append(
        OuterDependency(
          entry: UInt32(entry),
          job: earlier.job,
          task: "b",
          DependencyKind(chance.pick(DependencyKind.Condition.allCases), isEach: true)
        )
      )
    }
    pairs.append((spec.id, spec.arrays[spec.arrays.count - 1].runs))
  }

  /// One task, a chain, a fork with its join, any graph, many tasks of a kind, or a swarm of short ones.
  mutating func fill(_ spec: inout JobSpec, isEndless: Bool) {
    let kind = chance.below(6)
    let count = kind == 0 ? 1 : chance.within(2...(kind == 5 ? 300 : kind == 4 ? 40 : 12))
    let slowest = chance.pick(kind == 5 ? [2, 10, 30] : [20, 200, 2_000, 5_000])
    let failing = chance.chance(0.3) ? 0.1 : 0
    for i in 0..<count {
      let after: [UInt32] =
        switch kind {
        case 1: i == 0 ? [] : [UInt32(i - 1)]
        case 2: i == 0 ? [] : i == count - 1 ? (1..<max(2, i)).map { UInt32($0) } : [0]
        case 3: (0..<i).filter { _ in chance.chance(2 / Double(i + 1)) }.map { UInt32($0) }
        default: []
        }
      let template = chance.below(spec.templates.count)
      // Some outlast the loss of their node and its return.
      let isLong = spec.templates[template].onNodeLoss == .wait && kind != 5 && chance.chance(0.2)
      let behaviour = Behaviour(
        milliseconds: Int64(chance.within(1...(isLong ? 40_000 : slowest))),
        status: chance.chance(failing) ? Int32(chance.within(1...3)) : 0,
        statusWhenTold: chance.pick([0, 0, -15, 3])
      )
      spec.append(
        name: "t\(i)",
        template: template,
        arguments: (isEndless && chance.chance(0.5) ? .endless : behaviour).arguments,
        after: after.filter { $0 < UInt32(i) }
      )
    }
  }
}
