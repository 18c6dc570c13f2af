import Foundation
import Glibc
import Synchronization
import Testing

/// A cluster of real processes in a directory of the test's own: `reeve up`, and all that comes of it.
final class TemporaryCluster: Sendable {
  private struct State {
    var up: Program?
    var address = ""
    var token = ""
    var programs = 0
  }

  /// The test's. The cluster's data are in `data`, the rest is free for the test's own files.
  let directory: String
  private let options: [String]
  private let state = Mutex(State())

  var data: String { "\(directory)/data" }
  var address: String { state.withLock { $0.address } }
  var token: String { state.withLock { $0.token } }

  private init(directory: String, options: [String]) {
    self.directory = directory
    self.options = options
  }

  /// Runs a test with a cluster, and leaves neither files nor processes behind, however it ends. Where one process shall
  /// play all nodes, `virtual` is what it is told of their tasks.
  static func run(
    nodes: Int = 2,
    racks: Int = 1,
    cpus: Int = 2,
    virtual: [String]? = nil,
    _ body: (TemporaryCluster) async throws -> Void
  ) async throws {
    try await prepare(nodes: nodes, racks: racks, cpus: cpus, virtual: virtual) { cluster in
      try await cluster.start()
      try await body(cluster)
    }
  }

  /// The same without a start.
  static func prepare(
    nodes: Int = 1,
    racks: Int = 1,
    cpus: Int = 2,
    virtual: [String]? = nil,
    _ body: (TemporaryCluster) async throws -> Void
  ) async throws {
    var template = Array("/tmp/reeve-cluster-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw TestFailure("cannot make a temporary directory") }
    let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let options =
      [virtual == nil ? "--nodes" : "--virtual", "\(nodes)", "--racks", "\(racks)"]
      + ["--cpus", "\(cpus)", "--memory", "4GiB"] + (virtual ?? [])
    let cluster = TemporaryCluster(directory: directory, options: options)
    var failure: (any Error)?
    do { try await body(cluster) } catch { failure = error }
    if failure != nil { cluster.attachLogs() }
    let left = cluster.endAll()
    if left.isEmpty { try? FileManager.default.removeItem(atPath: directory) }
    if let failure { throw failure }
    #expect(left.isEmpty, "processes that do not end")
  }

  // MARK: The cluster

  /// Starts `up` and waits until it says how to reach it.
  func start(_ more: String...) async throws {
    let up = try program(["up", "--data", data] + options + more)
    state.withLock { $0.up = up }
    try await up.says("export REEVE_TOKEN_FILE=", within: .seconds(60))
    let lines = up.stdout.split(separator: "\n")
    func value(_ name: String) throws -> String {
      guard let line = lines.first(where: { $0.hasPrefix("export \(name)=") }) else {
        throw TestFailure("`up` does not say \(name): \(up.stdout)")
      }
      return String(line.dropFirst("export \(name)=".count))
    }
    let (address, token) = (try value("REEVE_ADDRESS"), try value("REEVE_TOKEN_FILE"))
    state.withLock { ($0.address, $0.token) = (address, token) }
  }

  /// Ends `up` as Ctrl-C does; its data stay.
  func stop() async throws {
    guard let up = state.withLock({ $0.up.take() }) else { return }
    up.send(SIGINT)
    let ended = try await up.end(within: .seconds(30))
    #expect(ended.status == 0, "`up` ends well: \(ended.stderr)")
  }

  /// Kills `up` itself; its roles are left to find out.
  func killUp() {
    state.withLock { $0.up.take() }?.endNow()
  }

  /// The process of a role, such as `agent` and `node-1`.
  func pid(_ verb: String, _ name: String? = nil) throws -> pid_t {
    guard let up = state.withLock({ $0.up }) else { throw TestFailure("the cluster is not up") }
    let roles = Processes.roles(of: up.pid)
    guard let role = roles.first(where: { $0.verb == verb && (name == nil || $0.name == name) }) else {
      throw TestFailure("no process is the \(verb) \(name ?? "")")
    }
    return role.pid
  }

  /// Kills a role's process, and waits until another has its place.
  func killRole(_ verb: String, _ name: String? = nil) async throws {
    let old = try pid(verb, name)
    kill(old, SIGKILL)
    try await waitUntil("there is another \(verb)", within: .seconds(20)) {
      let new = try? pid(verb, name)
      return new != nil && new != old
    }
  }

  /// What a role has logged.
  func log(_ name: String) -> String { text("data/log/\(name).log") }

  // MARK: Programs

  /// Runs `reeve` to its end.
  func reeve(_ arguments: String..., environment: [String: String] = [:]) async throws -> Ended {
    try await program(arguments, environment: environment).end(within: .seconds(120))
  }

  func reeve(_ arguments: [String], environment: [String: String] = [:]) async throws -> Ended {
    try await program(arguments, environment: environment).end(within: .seconds(120))
  }

  /// Starts `reeve`.
  func begin(_ arguments: String...) throws -> Program { try program(arguments) }
  func begin(_ arguments: [String]) throws -> Program { try program(arguments) }

  /// Runs lines of bash in a directory of their own, where `reeve` finds this cluster.
  func shell(_ script: String) async throws -> Ended {
    let work = "\(directory)/work"
    try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
    let file = try write("cd '\(work)'\n\(script)", to: "script")
    let programs = URL(filePath: try Built.reeve()).deletingLastPathComponent().path
    let environment = ["PATH": "\(programs):/usr/local/bin:/usr/bin:/bin"]
    return try await program("/bin/bash", [file], environment: environment).end(within: .seconds(120))
  }

  private func program(_ arguments: [String], environment: [String: String] = [:]) throws -> Program {
    try program(try Built.reeve(), arguments, environment: environment)
  }

  func program(
    _ path: String,
    _ arguments: [String],
    environment: [String: String]
  ) throws -> Program {
    let (number, address, token) = state.withLock { state in
      state.programs += 1
      return (state.programs, state.address, state.token)
    }
    var all = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": directory, "LANG": "C.UTF-8"]
    if !address.isEmpty { all["REEVE_ADDRESS"] = address }
    if !token.isEmpty { all["REEVE_TOKEN_FILE"] = token }
    all.merge(environment) { $1 }
    return try Program(path, arguments, environment: all, files: "\(directory)/program-\(number)")
  }

  // MARK: Files

  /// Makes a file and gives its path.
  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: "\(directory)/\(name)"))
    return "\(directory)/\(name)"
  }

  /// What a file holds; nothing where there is none.
  func text(_ name: String) -> String {
    String(decoding: FileManager.default.contents(atPath: "\(directory)/\(name)") ?? Data(), as: UTF8.self)
  }

  func lines(_ name: String) -> [String] { text(name).split(separator: "\n").map(String.init) }

  // MARK: The end

  /// Ends `up` politely and kills whatever is left then. Works in a cancelled task: it waits for the processes only.
  private func endAll() -> [String] {
    if let up = state.withLock({ $0.up.take() }) {
      up.send(SIGTERM)
      wait(seconds: 15) { up.hasEnded }
      up.endNow()
    }
    // Tasks outlive agents and supervisors outlive both, as they should; here they have had their time.
    for round in 0..<5 {
      let left = Processes.mentioning(directory)
      if left.isEmpty { return [] }
      for pid in left { kill(pid, SIGKILL) }
      wait(seconds: round + 1) { Processes.mentioning(directory).isEmpty }
    }
    return Processes.mentioning(directory).map(Processes.describe)
  }

  private func wait(seconds: Int, _ condition: () -> Bool) {
    for _ in 0..<seconds * 100 where !condition() { usleep(10_000) }
  }

  private func attachLogs() {
    let logs = (try? FileManager.default.contentsOfDirectory(atPath: "\(data)/log")) ?? []
    for name in logs.sorted() {
      Attachment.record(String(text("data/log/\(name)").suffix(20_000)), named: name)
    }
    guard let up = state.withLock({ $0.up }) else { return }
    Attachment.record(up.stdout + up.stderr, named: "up")
  }
}

/// The programs that are built beside the tests.
enum Built {
  static func reeve() throws -> String { try find("reeve") }

  private static func find(_ name: String) throws -> String {
    var buffer = [CChar](repeating: 0, count: 4_096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let own = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    for path in [own] + CommandLine.arguments where path.hasPrefix("/") {
      let candidate = URL(fileURLWithPath: path).deletingLastPathComponent().appendingPathComponent(name).path
      let supervisor = URL(fileURLWithPath: candidate).deletingLastPathComponent().path + "/reeve-spawn"
      if access(candidate, X_OK) == 0, access(supervisor, X_OK) == 0 { return candidate }
    }
    throw TestFailure(
      "there are no \(name) and reeve-spawn beside the tests (\(own)): run `swift build` first"
    )
  }
}
