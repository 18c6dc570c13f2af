import Foundation

/// A task as `ps JOB --json` tells of it, as far as tests look.
struct TaskRecord: Decodable {
  var id: String
  var name: String
  var state: String
  var phase: String
  var reason: String?
  var node: String?
  var rack: String?
  var attempts: Int
  var exitCode: Int?
  var signal: Int?
  var submitted: String
  var started: String?
  var ended: String?
  var message: String?
  var stdoutTail: String?
  var stderrTail: String?
}

/// A job as `ps --json` tells of it.
struct JobRecord: Decodable {
  var id: String
  var name: String
  var state: String
  var tasks: Int
  var pending: Int
  var running: Int
  var completed: Int
  var failed: Int
  var cancelled: Int
  var reason: String?
  var exitCode: Int?
  var signal: Int?
}

struct SubmittedRecord: Decodable {
  var id: String
  var tasks: Int
  var known: Bool
}

/// What `--json` makes of an error.
struct ErrorRecord: Decodable {
  var code: String
  var field: String
  var message: String
}

extension Ended {
  func error() throws -> ErrorRecord {
    do {
      return try JSONDecoder().decode(ErrorRecord.self, from: Data(stderr.utf8))
    } catch {
      throw TestFailure("ended with \(status), its error is no JSON: \(stderr)")
    }
  }
}

extension TemporaryCluster {
  func tasks(_ job: String) async throws -> [TaskRecord] { try await reeve("ps", job, "--json").decoded() }
  func job(_ id: String) async throws -> JobRecord { try await reeve("show", id, "--json").decoded() }
  func task(_ id: String) async throws -> TaskRecord { try await reeve("show", id, "--json").decoded() }
}

/// A job file.
struct JobFile: Encodable {
  struct Task: Encodable {
    var id: String
    var command: String
    var after: [String] = []
    var cpus: Double?
    var memory: String? = "1MiB"
    var grace: String?
    var time: String?
  }

  var tasks: [Task]

  init(_ tasks: [Task]) { self.tasks = tasks }

  var text: String {
    get throws { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
  }
}

extension TemporaryCluster {
  /// Submits a job and waits for its end.
  func run(_ job: JobFile, id: String) async throws -> Ended {
    try await reeve("submit", "-q", "--id", id, "-f", try write(try job.text, to: "\(id).json"), "--wait")
  }

  /// Submits a job.
  func submit(_ job: JobFile, id: String) async throws {
    let ended = try await reeve("submit", "-q", "--id", id, "-f", try write(try job.text, to: "\(id).json"))
    guard ended.status == 0 else { throw TestFailure("not submitted: \(ended.stderr)") }
  }
}
