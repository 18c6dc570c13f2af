import Foundation
import Glibc
import ReeveClient
import ReeveShell
import Synchronization

/// A cluster of separate roles in a directory of the test's own, each of whose lines goes through a proxy of the test's.
final class ChaosCluster: Sendable {
  let directory: String
  let roles: [Role: RoleProcess]
  private let proxies: [Proxy]
  /// The proxy of a line, and the peer's name in it.
  private let lines: [Line: (proxy: Proxy, peer: String)]
  private let ports: [Role: Int]
  private let lifeline: [Int32]
  let address: ClusterAddress

  /// Runs `body` with a cluster, and leaves neither files nor processes behind, however it ends.
  static func run(_ body: (ChaosCluster) async throws -> Void) async throws {
    var template = Array("/tmp/reeve-chaos-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw ChaosError("cannot make a temporary directory") }
    let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let cluster = try ChaosCluster(directory: directory)
    defer { cluster.removeAll() }
    try await body(cluster)
  }

  private init(directory: String) throws {
    self.directory = directory
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw ChaosError("cannot make a pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    lifeline = ends
    for name in ["data", "log"] {
      try FileManager.default.createDirectory(
        atPath: "\(directory)/\(name)",
        withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700]
      )
    }
    let token = try Token.readOrCreate("\(directory)/data/token")
    let plan = try Wiring(directory: directory)
    (proxies, lines, ports) = (plan.proxies, plan.lines, plan.own)
    let program = try Programs.reeve()
    var roles: [Role: RoleProcess] = [:]
    for role in Layout.roles {
      roles[role] = RoleProcess(
        role,
        program: program,
        arguments: plan.arguments(of: role),
        environment: ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": directory, "LANG": "C.UTF-8"],
        log: "\(directory)/log/\(role).log",
        lifeline: ends[0]
      )
    }
    self.roles = roles
    address = ClusterAddress(addresses: [plan.client], token: token)
    plan.nodes.withLock { $0 = (0..<Layout.nodes).compactMap { roles[.node($0)] } }
  }

  /// Keeps all roles until `end`.
  func keep(in group: inout ThrowingTaskGroup<Void, any Error>) {
    for role in roles.values { group.addTask { try await role.keep() } }
  }

  /// Asks all roles to end.
  func end() { for role in roles.values { role.end() } }

  /// What a role's processes have logged.
  func log(of role: Role) -> String {
    let bytes = FileManager.default.contents(atPath: "\(directory)/log/\(role).log") ?? Data()
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A connection to a role, past every proxy.
  func connect(to role: Role) -> Int32? { ports[role].flatMap { Sockets.connect(to: $0) } }

  // MARK: Faults

  /// Begins what the fault does; `heal` ends it where it lasts.
  func begin(_ fault: Fault) {
    switch fault {
    case .kill(let role): roles[role]?.send(SIGKILL)
    case .terminate(let role): roles[role]?.send(SIGTERM)
    case .pause(let role, _): roles[role]?.send(SIGSTOP)
    case .cut(let line, let cut, _): if let (proxy, peer) = lines[line] { proxy.cut(peer, cut) }
    case .killRoles: for role in roles.values { role.send(SIGKILL) }
    case .killMachine: killMachine()
    }
  }

  func heal(_ fault: Fault) {
    switch fault {
    case .pause(let role, _): roles[role]?.send(SIGCONT)
    case .cut(let line, _, _): if let (proxy, peer) = lines[line] { proxy.cut(peer, nil) }
    case .kill, .terminate, .killRoles, .killMachine: break
    }
  }

  func healAll() {
    for (proxy, peer) in lines.values { proxy.cut(peer, nil) }
    for role in roles.values { role.send(SIGCONT) }
  }

  /// Those who could tell of a death die first.
  private func killMachine() {
    for role in roles.values { role.send(SIGSTOP) }
    let all = Processes.mentioning(directory)
    let supervisors = all.filter { Processes.words($0, "cmdline").first?.hasSuffix("reeve-spawn") == true }
    for pid in supervisors { kill(pid, SIGKILL) }
    for role in roles.values { role.send(SIGKILL) }
    for _ in 0..<20 {
      let left = Processes.mentioning(directory).filter { pid in
        !Processes.words(pid, "cmdline").contains("--exit-with-parent")
      }
      if left.isEmpty { return }
      for pid in left { kill(pid, SIGKILL) }
      usleep(2_000)
    }
  }

  // MARK: The end

  private func removeAll() {
    end()
    for proxy in proxies { proxy.close() }
    for _ in 0..<100 where roles.values.contains(where: { $0.pid > 0 }) { usleep(10_000) }
    close(lifeline[1])
    for _ in 0..<50 {
      let left = Processes.mentioning(directory)
      if left.isEmpty { break }
      for pid in left { kill(pid, SIGKILL) }
      usleep(20_000)
    }
    close(lifeline[0])
    try? FileManager.default.removeItem(atPath: directory)
  }
}

/// Who listens where, and what each role is started with.
private struct Wiring {
  let proxies: [Proxy]
  let lines: [Line: (proxy: Proxy, peer: String)]
  /// Where each role listens.
  let own: [Role: Int]
  let client: Address
  /// Whose processes may be at the lower ends of a rack's proxy.
  let nodes: Shared<[RoleProcess]>
  private let directory: String
  private let supervisor: String

  init(directory: String) throws {
    self.directory = directory
    supervisor = try Programs.find("reeve-spawn")
    let nodes = Shared<[RoleProcess]>([])
    self.nodes = nodes
    let ports = Sockets.freePorts(Layout.roles.count)
    let own = Dictionary(uniqueKeysWithValues: zip(Layout.roles, ports))
    self.own = own
    var proxies: [Proxy] = []
    var lines: [Line: (proxy: Proxy, peer: String)] = [:]
    func line(_ line: Line, to role: Role) throws {
      let proxy = try Proxy(to: own[role] ?? 0)
      proxies.append(proxy)
      lines[line] = (proxy, "")
    }
    try line(.clientToMaster, to: .master)
    for rack in 0..<Layout.racks { try line(.rackToMaster(rack), to: .master) }
    for node in 0..<Layout.nodes {
      try line(.nodeToMaster(node), to: .master)
      try line(.masterToNode(node), to: .node(node))
    }
    for rack in 0..<Layout.racks {
      // A rack tells one address to all its nodes.
      let proxy = try Proxy(to: own[.rack(rack)] ?? 0) { port in
        let known = nodes.withLock { $0 }
        let owner = Sockets.owner(ofPort: port, among: known.map(\.pid).filter { $0 > 0 })
        return known.first { $0.pid == owner }.map { "\($0.role)" } ?? ""
      }
      proxies.append(proxy)
      for node in 0..<Layout.nodes where Layout.rack(of: node) == rack {
        lines[.nodeToRack(node)] = (proxy, "\(Role.node(node))")
      }
    }
    (self.proxies, self.lines) = (proxies, lines)
    client = Address(host: "127.0.0.1", port: lines[.clientToMaster]?.proxy.port ?? 0)
  }

  func arguments(of role: Role) -> [String] {
    let listens = ["--address", "127.0.0.1:\(own[role] ?? 0)"]
    let data = "\(directory)/data"
    let token = ["--token-file", "\(data)/token"]
    switch role {
    case .master: return ["master", "--data", data] + listens
    case .rack(let rack):
      let reached = lines.first { line, _ in
        if case .nodeToRack(let node) = line { Layout.rack(of: node) == rack } else { false }
      }
      return ["rack", "--name", "\(role)", "--master", proxy(.rackToMaster(rack))] + token + listens
        + ["--advertise", "127.0.0.1:\(reached?.value.proxy.port ?? 0)"]
    case .node(let node):
      return ["agent", "--name", "\(role)", "--rack", "rack-\(Layout.rack(of: node))", "--data", data]
        + ["--supervisor", supervisor, "--cpus", "2", "--memory", "4GiB", "--disk", "1GiB"]
        + ["--master", proxy(.nodeToMaster(node))] + token + listens
        + ["--advertise", proxy(.masterToNode(node))]
    }
  }

  private func proxy(_ line: Line) -> String { "127.0.0.1:\(lines[line]?.proxy.port ?? 0)" }
}

/// A value that threads share.
final class Shared<Value: Sendable>: Sendable {
  private let value: Mutex<Value>
  init(_ value: Value) { self.value = Mutex(value) }
  func withLock<R: Sendable>(_ body: (inout Value) throws -> R) rethrows -> R {
    try value.withLock { value in try body(&value) }
  }
}

/// The programs that are built beside the tests.
enum Programs {
  static func reeve() throws -> String { try find("reeve") }

  static func find(_ name: String) throws -> String {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    for path in [own] + CommandLine.arguments where path.hasPrefix("/") {
      let candidate = URL(filePath: path).deletingLastPathComponent().appending(path: name).path
      if access(candidate, X_OK) == 0 { return candidate }
    }
    throw ChaosError("there is no \(name) beside the tests (\(own)): run `swift build` first")
  }
}

/// Processes as `/proc` shows them.
enum Processes {
  /// Whose command line or environment speaks of `text`.
  static func mentioning(_ text: String) -> [pid_t] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.compactMap { pid_t($0) }.filter { pid in
      pid != getpid() && ["cmdline", "environ"].contains { words(pid, $0).contains { $0.contains(text) } }
    }
  }

  static func words(_ pid: pid_t, _ file: String) -> [String] {
    guard let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/\(file)") else { return [] }
    return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }
}
