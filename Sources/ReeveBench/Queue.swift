import Glibc
import ReeveClient
import ReeveCore
import ReeveModel

/// What a long queue costs: to take it on, to keep it, to look at it and to put it in another order.
struct QueueScenario: Scenario {
  let name = "queue"
  let summary =
    "arrays and queues of 100,000 and 1,000,000 tasks: to take on, to keep, to list, to reorder, to pick from; small jobs a second"

  @concurrent func run(_ setting: BenchSetting, report: @Sendable (Figure) -> Void) async throws {
    measurePicks(report)
    var one = setting
    (one.nodes, one.racks, one.cpus) = (1, 1, "1")
    try await BenchCluster.with(one) { cluster in
      // It has the only core, so that all else waits in the queue.
      _ = try await cluster.client.submit(.bench(["/bin/sleep", "100000"]).ofOne())
      try await measureArrays(cluster, report)
      try await measureSubmissions(cluster, report)
      try await measureLists(cluster, report)
      try await measureMillion(cluster, report)
    }
  }

  private static let million = 1_000_000

  /// In this process: a million tasks in a thousand shapes, no two of one run, taken one by one as each order has them.
  private func measurePicks(_ report: @Sendable (Figure) -> Void) {
    for order in QueueOrder.allCases {
      var queue = BatchFramework()
      queue.begin(PolicySetting(order))
      var chance = SeededRandom(1)
      for number in 1...UInt64(Self.million) {
        let task = Candidate(
          priority: Int32.random(in: 0...100, using: &chance),
          estimate: .seconds(Int64.random(in: 1...3_600, using: &chance))
        )
        let shape = queue.number(of: Shape(Resources(cpuMillis: .random(in: 1...1_000, using: &chance))))
        let run = ReadyRun(rank: queue.policy.rank(of: task), first: TaskNumber(number), job: JobNumber(1))
        queue.add(run, shape: shape, of: UserNumber(UInt32(number % 10) + 1), limit: nil)
      }
      queue.weigh(in: Resources(cpuMillis: 1 << 40)) { _ in UserAccount() }
      var taken = 0
      let start = ContinuousClock.now
      while let run = queue.first { taken += queue.accept(run, count: 1) { _, _ in true }.count }
      let time = ContinuousClock.now - start
      report(Figure("queue.pick_\(order.word)", time.milliseconds * 1_000 / Double(taken), "us"))
    }
  }

  private func measureArrays(_ cluster: BenchCluster, _ report: @Sendable (Figure) -> Void) async throws {
    var times: [Double] = []
    let before = cluster.masterMemory
    for _ in 0..<100 {
      let job = JobSpec.bench(["/bin/true"]).ofOne(array: Self.million)
      let start = ContinuousClock.now
      _ = try await cluster.client.submit(job)
      times.append((ContinuousClock.now - start).milliseconds)
    }
    report(Figure("queue.array_api_p50", Samples(times).median, "ms"))
    report(Figure("queue.array_api_p99", Samples(times).percentile(99), "ms"))
    report(Figure("queue.array_memory", Double(cluster.masterMemory - before) / 100, "KiB"))
    times = []
    for _ in 0..<20 {
      let arguments = ["submit", "-q", "--array", "0-\(Self.million - 1)", "--", "/bin/true"]
      times.append(try cluster.command(arguments).milliseconds)
    }
    report(Figure("queue.array_command_p50", Samples(times).median, "ms"))
    try await cancelAll(cluster)
  }

  private func measureSubmissions(_ cluster: BenchCluster, _ report: @Sendable (Figure) -> Void) async throws
  {
    let clients = 16
    let perClient = 1_000
    let client = cluster.client
    var start = ContinuousClock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<clients {
        group.addTask {
          let left = Countdown(perClient)
          try await client.submissions {
            left.take() ? .bench(["/bin/true"]).ofOne() : nil
          } onAnswer: {
            _ = try $0.get()
          }
        }
      }
      try await group.waitForAll()
    }
    let count = Double(clients * perClient)
    report(Figure("queue.submissions_streams", count / (ContinuousClock.now - start).seconds, "jobs/s"))
    start = .now
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<clients {
        group.addTask {
          for _ in 0..<perClient / 2 { _ = try await client.submit(.bench(["/bin/true"]).ofOne()) }
        }
      }
      try await group.waitForAll()
    }
    report(Figure("queue.submissions_unary", count / 2 / (ContinuousClock.now - start).seconds, "jobs/s"))
    try await cancelAll(cluster)
  }

  private func measureLists(_ cluster: BenchCluster, _ report: @Sendable (Figure) -> Void) async throws {
    let job = JobSpec.distinct(100_000)
    _ = try await cluster.client.submit(job)
    report(Figure("queue.counts_p50", try await counts(of: job.id, cluster).median, "ms"))
    var start = ContinuousClock.now
    let seen = Countdown(0)
    try await cluster.client.tasks(Query.TaskFilter(what: TaskSelector(job: job.id), limit: 5_000)) {
      seen.add($0.count)
    }
    report(Figure("queue.list_api", (ContinuousClock.now - start).milliseconds, "ms"))
    start = .now
    _ = try cluster.command(["ps", "--json", job.id.text])
    report(Figure("queue.list_json", (ContinuousClock.now - start).milliseconds, "ms"))
    try await cancelAll(cluster)
  }

  private func measureMillion(_ cluster: BenchCluster, _ report: @Sendable (Figure) -> Void) async throws {
    let job = JobSpec.distinct(Self.million)
    let small = JobSpec.distinct(10)
    _ = try await cluster.client.submit(small)
    let before = cluster.masterMemory
    let asking = Task { try await counts(of: small.id, cluster, times: 2_000) }
    let start = ContinuousClock.now
    _ = try await cluster.client.submit(job)
    report(Figure("queue.million_api", (ContinuousClock.now - start).seconds, "s"))
    asking.cancel()
    report(Figure("queue.counts_meanwhile_p99", try await asking.value.percentile(99), "ms"))
    let bytes = Double(cluster.masterMemory - before) * 1_024 / Double(Self.million)
    report(Figure("queue.million_memory", bytes, "B/task"))
    report(Figure("queue.million_counts_p50", try await counts(of: job.id, cluster).median, "ms"))
    for order in [QueueOrder.priority, .sjf, .fair, .fcfs] {
      let start = ContinuousClock.now
      _ = try await cluster.client.order(.policy(PolicySetting(order)), [])
      report(Figure("queue.million_to_\(order.word)", (ContinuousClock.now - start).milliseconds, "ms"))
    }
    try await cancelAll(cluster)
  }

  /// One after the other; fewer where it is cancelled.
  private func counts(of job: JobID, _ cluster: BenchCluster, times: Int = 500) async throws -> Samples {
    var spans: [Double] = []
    while spans.count < times, !Task.isCancelled {
      let start = ContinuousClock.now
      do { _ = try await cluster.client.job(job) } catch is CancellationError { break }
      spans.append((ContinuousClock.now - start).milliseconds)
    }
    return Samples(spans)
  }

  private func cancelAll(_ cluster: BenchCluster) async throws {
    _ = try await cluster.client.order(.cancel, [TaskSelector(job: "", state: "pending")])
  }
}

/// Graphs: a million edges, to take on and to resolve, on nodes that are played.
struct GraphScenario: Scenario {
  let name = "graph"
  let summary = "100,000 tasks that run nothing with 1,000,000 edges among them: seconds to take on, tasks/s"

  @concurrent func run(_ setting: BenchSetting, report: @Sendable (Figure) -> Void) async throws {
    var nodes = setting
    (nodes.nodes, nodes.isVirtual, nodes.cpus, nodes.memory) = (200, true, "64", "64GiB")
    try await BenchCluster.with(nodes) { cluster in
      _ = try await cluster.run(.trues(20_000))
      let job = JobSpec.layers(100, of: 1_000, edges: 10)
      let start = ContinuousClock.now
      _ = try await cluster.client.submit(job)
      report(Figure("graph.accepted", (ContinuousClock.now - start).seconds, "s"))
      let ends = try await cluster.client.watch([job.id])
      guard ends.first?.counts[.succeeded] == job.count else {
        throw Refusal(.unavailable, "Not all of the graph succeeded: \(ends)")
      }
      let rate = Double(job.count) / (ContinuousClock.now - start).seconds
      report(Figure("graph.resolved", rate, "tasks/s"))
    }
  }
}

extension BenchCluster {
  /// What the master has in memory, in KiB.
  fileprivate var masterMemory: Int {
    let pids = processes.first { $0.role == "master" }?.pids ?? []
    return pids.reduce(0) { sum, pid in
      let status = readSmallFile("/proc/\(pid)/status") ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
      return sum + (Int(line.filter(\.isNumber)) ?? 0)
    }
  }
}

extension JobSpec {
  fileprivate func ofOne(array count: Int = 0) -> JobSpec {
    var job = self
    job.append(name: "t", template: 0, arguments: [], after: [])
    if count > 0 {
      job.arrays = [TaskArray(entry: 0, runs: [TaskArray.IndexRun(first: 0, count: UInt32(count))])]
    }
    return job
  }

  /// Tasks that differ in their arguments.
  fileprivate static func distinct(_ count: Int) -> JobSpec {
    var job = bench(["/bin/true"])
    for i in 0..<count { job.append(name: "t-\(i)", template: 0, arguments: ["\(i)"], after: []) }
    return job
  }

  /// Each task waits for some of the layer before it.
  fileprivate static func layers(_ layers: Int, of width: Int, edges: Int) -> JobSpec {
    var job = bench(["/bin/true"])
    for i in 0..<layers * width {
      let (layer, place) = i.quotientAndRemainder(dividingBy: width)
      let first = (layer - 1) * width
      let after = layer == 0 ? [] : (0..<edges).map { UInt32(first + (place + $0 * 97) % width) }
      job.append(name: "t-\(i)", template: 0, arguments: [], after: after)
    }
    return job
  }
}
