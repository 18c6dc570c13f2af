import Glibc
import ReeveClient
import ReeveMaster
import ReeveModel

/// A master that comes back to a long history: from the start of its process to its first answer.
struct RestartScenario: Scenario {
  let name = "restart"
  let summary =
    "a master started on 1,000,000 ended and 100,000 queued tasks: milliseconds to its first answer"

  private static let ended = 1_000_000
  private static let queued = 100_000
  private static let patience = Duration.seconds(120)

  @concurrent func run(_ setting: BenchSetting, report: @Sendable (Figure) -> Void) async throws {
    // The same history in jobs of two sizes: a job costs more than a task.
    for (name, tasksPerJob) in [("", 1_000), ("_single", 1)] {
      let place = try TemporaryDirectory("restart")
      defer { place.remove() }
      let data = "\(place.path)/data"
      try write(tasksPerJob: tasksPerJob, to: data)
      // Of what is replayed, a snapshot is due at half its own size: so much may follow one at the worst.
      let replaying = try await start(on: data, setting)
      report(Figure("restart.replayed\(name)", replaying.milliseconds, "ms"))
      let compacting = ContinuousClock.now
      try MasterFiles(data: data, warn: { _ in }).compact(warn: { _ in })
      report(Figure("restart.compaction\(name)", (ContinuousClock.now - compacting).milliseconds, "ms"))
      var times: [Double] = []
      for _ in 0..<setting.repeats { times.append(try await start(on: data, setting).milliseconds) }
      report(Figure("restart.ready\(name)", Samples(times).median, "ms"))
      report(Figure("restart.ready\(name)_max", Samples(times).most, "ms"))
    }
  }

  /// The history that a master's core makes, turn by turn, through the journal that a master writes.
  private func write(tasksPerJob: Int, to data: String) throws {
    let files = try MasterFiles(data: data) { _ in }
    let batch = max(1, 100_000 / tasksPerJob)
    var load = MasterLoad()
    load.facts = []
    load.begin()
    for _ in 0..<Self.ended / 100_000 {
      load.submit(jobs: batch, tasksPerJob: tasksPerJob)
      try load.finish()
      try flush(&load, to: files)
    }
    load.disconnect()
    load.submit(jobs: batch * Self.queued / 100_000, tasksPerJob: tasksPerJob)
    try flush(&load, to: files)
  }

  /// As many facts a turn as under load.
  private func flush(_ load: inout MasterLoad, to files: MasterFiles) throws {
    let facts = load.facts ?? []
    load.facts = []
    for start in stride(from: 0, to: facts.count, by: 32) {
      let group = Array(facts[start..<min(start + 32, facts.count)])
      _ = try files.append(group, at: WallTime(microseconds: 1_000_000_000))
    }
  }

  /// - Returns: the time until it answers what `reeve ps` asks.
  @concurrent private func start(on data: String, _ setting: BenchSetting) async throws -> Duration {
    unlink("\(data)/address")
    let start = ContinuousClock.now
    // Snapshots are not to be made meanwhile.
    let arguments = ["master", "--data", data, "--address", "127.0.0.1:0", "--snapshot-every", "1TiB"]
    let master = try Program([setting.executable] + arguments)
    defer {
      kill(master.pid, SIGTERM)
      master.wait()
    }
    while readSmallFile("\(data)/address") == nil {
      guard master.poll() == nil, ContinuousClock.now - start < Self.patience else {
        throw Refusal(.unavailable, "The master did not come up on \(data) within \(Self.patience).")
      }
      try await Task.sleep(for: .milliseconds(2))
    }
    let place = try ClusterAddress.find { name in
      switch name {
      case "REEVE_ADDRESS": readSmallFile("\(data)/address")?.split(separator: "\n").first.map(String.init)
      case "REEVE_TOKEN_FILE": "\(data)/token"
      default: nil
      }
    }
    let client = ReeveClient(place)
    defer { client.close() }
    let jobs = try await client.jobs(Query.JobFilter())
    let time = ContinuousClock.now - start
    guard !jobs.isEmpty else { throw Refusal(.unavailable, "The master has forgotten its jobs.") }
    return time
  }
}
