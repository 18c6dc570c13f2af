import ReeveClient
import ReeveModel
import Synchronization
import Testing

extension TemporaryCluster {
  /// Runs `body` with a client in this process: a thousand calls are no thousand programs.
  func withClient<R: Sendable>(_ body: @Sendable (ReeveClient) async throws -> R) async throws -> R {
    let cluster = try ClusterAddress.find { name in
      switch name {
      case "REEVE_ADDRESS": address
      case "REEVE_TOKEN_FILE": token
      default: nil
      }
    }
    return try await ReeveClient.with(cluster, body: body)
  }

  /// Each task has said `out ID` and nothing else.
  func checkOutput(of tasks: [TaskRecord]) async throws {
    let wrong = try await withClient { client in
      var wrong: [String] = []
      for task in tasks {
        let output = Mutex<[UInt8]>([])
        let job = JobID(String(task.id.prefix { $0 != "/" }))
        let wanted = LogsWanted(job: job, task: task.name, stdout: true, stderr: true, follow: false)
        _ = try await client.logs(wanted) { _, bytes in output.withLock { $0 += bytes } }
        let text = String(decoding: output.withLock { $0 }, as: UTF8.self)
        if text != "out \(task.name)\n" { wrong.append("\(task.name): \(text)") }
      }
      return wrong
    }
    #expect(wrong.isEmpty, "the output of \(wrong.count) tasks is not their own")
  }
}
