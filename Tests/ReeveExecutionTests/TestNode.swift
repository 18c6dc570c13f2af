import Foundation
import Glibc
import ReeveExecution
import Synchronization
import Testing

/// A node's directory of a test's own, with a real supervisor once somebody connects.
struct TestNode {
  let directory: String
  let executable: String

  /// Runs a test in a fresh directory, and leaves neither files nor processes behind.
  static func run(_ body: (TestNode) async throws -> Void) async throws {
    var template = Array("/tmp/reeve-node-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw TestFailure("cannot make a temporary directory") }
    let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let node = TestNode(directory: directory, executable: try findSupervisor())
    var failure: (any Error)?
    do { try await body(node) } catch { failure = error }
    if FileManager.default.fileExists(atPath: "\(directory)/spawn.sock") {
      let (supervisor, _) = try node.connect(Events())
      supervisor.shutdown(grace: .zero)
      try await waitUntil("the supervisor is gone") {
        !FileManager.default.fileExists(atPath: "\(directory)/spawn.sock")
      }
    }
    try FileManager.default.removeItem(atPath: directory)
    if let failure { throw failure }
  }

  func connect(_ events: Events) throws -> (Supervisor, SupervisorState) {
    try Supervisor.connect(directory: directory, executable: executable) { events.add($0) }
  }

  func text(_ path: String) -> String {
    FileManager.default.contents(atPath: "\(directory)/\(path)").map { String(decoding: $0, as: UTF8.self) }
      ?? ""
  }

  var supervisorPID: Int32? { Int32(text("spawn.pid").split(separator: "\n").first ?? "") }

  func shell(_ attempt: UInt64, _ script: String, slot: Int? = nil, tag: [UInt8] = []) -> SpawnRequest {
    SpawnRequest(
      attempt: attempt,
      slot: "slots/\(slot ?? Int(attempt))",
      arguments: ["bash", "-c", script],
      environment: ["PATH=/usr/local/bin:/usr/bin:/bin", "GREETING=hello"],
      tag: tag
    )
  }

  func makeSlots() throws {
    try FileManager.default.createDirectory(atPath: "\(directory)/slots", withIntermediateDirectories: true)
  }

  private static func findSupervisor() throws -> String {
    if let path = ProcessInfo.processInfo.environment["REEVE_SPAWN"] { return path }
    for argument in CommandLine.arguments where argument.hasPrefix("/") {
      var place = URL(fileURLWithPath: argument)
      while place.path != "/" {
        place.deleteLastPathComponent()
        let candidate = place.appendingPathComponent("reeve-spawn").path
        if access(candidate, X_OK) == 0 { return candidate }
      }
    }
    throw TestFailure("there is no reeve-spawn beside the tests: build it first, or name it in REEVE_SPAWN")
  }
}

struct TestFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

func waitUntil(_ what: String, _ condition: () -> Bool) async throws {
  let deadline = ContinuousClock.now + .seconds(20)
  while !condition() {
    guard ContinuousClock.now < deadline else { throw TestFailure("waited in vain until \(what)") }
    try await Task.sleep(for: .milliseconds(2))
  }
}

/// Whether a process is there, were it only as a zombie.
func isAlive(_ pid: Int32) -> Bool { kill(pid, 0) == 0 }

/// All that a supervisor has said on one connection.
final class Events: Sendable {
  private let list = Mutex<[SupervisorEvent]>([])

  func add(_ events: [SupervisorEvent]) { list.withLock { $0 += events } }

  var all: [SupervisorEvent] { list.withLock { $0 } }

  var ends: [ProcessEnd] {
    all.compactMap { event in
      if case .ended(let end) = event { end } else { nil }
    }
  }

  var failures: [ProcessFailure] {
    all.compactMap { event in
      if case .failed(let failure) = event { failure } else { nil }
    }
  }

  func end(of attempt: UInt64) async throws -> ProcessEnd {
    try await waitUntil("attempt \(attempt) has ended") { ends.contains { $0.attempt == attempt } }
    return try #require(ends.first { $0.attempt == attempt })
  }

  func failure(of attempt: UInt64) async throws -> ProcessFailure {
    try await waitUntil("attempt \(attempt) has failed") { failures.contains { $0.attempt == attempt } }
    return try #require(failures.first { $0.attempt == attempt })
  }

  func pid(of attempt: UInt64) async throws -> Int32 {
    var result: Int32 = 0
    try await waitUntil("attempt \(attempt) has started") {
      for case .started(attempt, let pid, _) in all { result = pid }
      return result != 0
    }
    return result
  }
}
