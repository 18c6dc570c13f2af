import Glibc
import ReeveClient
import ReeveModel

/// A cluster of processes in a directory of its own.
struct BenchCluster: Sendable {
  let client: ReeveClient
  /// What leads other processes to it.
  let variables: [String: String]
  let directory: String
  let executable: String
  private let up: Program
  /// Those that have a supervisor.
  private let realNodes: Int

  private static let patience = Duration.seconds(60)

  /// Runs `body` with a new cluster, and leaves nothing of it.
  static func with<R: Sendable>(
    _ setting: BenchSetting,
    body: @Sendable (BenchCluster) async throws -> R
  ) async throws -> R {
    let directory = try TemporaryDirectory("cluster")
    defer { directory.remove() }
    let cluster = try await BenchCluster(setting, directory: directory.path)
    defer { cluster.end() }
    return try await body(cluster)
  }

  private init(_ setting: BenchSetting, directory: String) async throws {
    self.directory = directory
    executable = setting.executable
    realNodes = setting.isVirtual ? 0 : setting.nodes
    var arguments = [executable, "up", "--data", "\(directory)/data"]
    arguments += [
      setting.isVirtual ? "--virtual" : "--nodes", "\(setting.nodes)", "--racks", "\(setting.racks)",
    ]
    if let cpus = setting.cpus { arguments += ["--cpus", cpus] }
    if let memory = setting.memory { arguments += ["--memory", memory] }
    if let time = setting.runTime { arguments += ["--run-time", time] }
    let announcement = "\(directory)/up"
    up = try Program(arguments, output: announcement)
    do {
      variables = try await Self.announced(in: announcement, by: up)
    } catch {
      kill(up.pid, SIGTERM)
      up.wait()
      throw error
    }
    client = ReeveClient(try ClusterAddress.find { [variables] in variables[$0] })
  }

  /// Waits for the lines that `up` prints when all nodes are there.
  private static func announced(in path: String, by up: Program) async throws -> [String: String] {
    let deadline = ContinuousClock.now + patience
    while ContinuousClock.now < deadline {
      var variables: [String: String] = [:]
      for line in (readSmallFile(path) ?? "").split(separator: "\n") where line.hasPrefix("export ") {
        let parts = line.dropFirst("export ".count).split(separator: "=", maxSplits: 1)
        if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
      }
      if variables["REEVE_ADDRESS"] != nil, variables["REEVE_TOKEN_FILE"] != nil { return variables }
      if let status = up.poll() {
        throw Refusal(.unavailable, "`reeve up` ended with \(status) before the cluster was there.")
      }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw Refusal(.unavailable, "The cluster was not up within \(patience).")
  }

  private func end() {
    client.close()
    let supervisors = supervisorPIDs
    kill(up.pid, SIGTERM)
    up.wait()
    // They are made to outlive their agents.
    for pid in supervisors { kill(pid, SIGTERM) }
    for pid in supervisors { while kill(pid, 0) == 0 { usleep(1_000) } }
  }

  /// Its processes by what they do.
  var processes: [(role: String, pids: [pid_t])] {
    let roles = ProcessTimes.children(of: up.pid)
    let named = ["master", "rack", "agent"].map { name in
      (name, roles.filter { $0.role == name }.map(\.pid))
    }
    return named + (realNodes > 0 ? [("supervisor", supervisorPIDs)] : [])
  }

  private var supervisorPIDs: [pid_t] {
    (0..<realNodes).compactMap { node in
      readSmallFile("\(directory)/data/agent/node-\(node)/spawn.pid")
        .flatMap { pid_t($0.prefix { $0.isNumber }) }
    }
  }

  /// Submits a job and waits until its end is known.
  ///
  /// - Throws: where some task of it did not succeed.
  func run(_ job: JobSpec) async throws -> Duration {
    let start = ContinuousClock.now
    _ = try await client.submit(job)
    let ends = try await client.watch([job.id])
    let time = ContinuousClock.now - start
    guard let end = ends.first, end.counts[.succeeded] == job.count else {
      throw Refusal(.unavailable, "Of \(job.count) tasks of job \(job.id) not all succeeded: \(ends)")
    }
    return time
  }

  /// Runs `reeve` with these arguments to its end.
  func command(_ arguments: [String]) throws -> Duration {
    let start = ContinuousClock.now
    let status = try Program([executable] + arguments, variables: variables).wait()
    let time = ContinuousClock.now - start
    guard status == 0 else {
      throw Refusal(.unavailable, "`reeve \(arguments.joined(separator: " "))` ended with \(status).")
    }
    return time
  }
}
