import FoundationEssentials
import GRPCCore
package import ReeveModel
import ReeveShell
import ReeveWire
import Synchronization

/// Which output of a task is wanted.
package struct LogsWanted: Sendable {
  package var job: JobID
  package var task: String
  package var stdout: Bool
  package var stderr: Bool
  /// Until the task has ended.
  package var follow: Bool

  package init(job: JobID, task: String, stdout: Bool, stderr: Bool, follow: Bool) {
    self.job = job
    self.task = task
    self.stdout = stdout
    self.stderr = stderr
    self.follow = follow
  }
}

/// What there is to say at the end of a task's output.
package struct LogsEnd: Sendable {
  /// How the task ended, where it has.
  package var task: TaskView?
  /// Why some of the output was not told, where it was not.
  package var missing: Refusal?
}

extension ReeveClient {
  /// Output of one task as it comes; waits for the task to start. Across a restart of the master nothing is told twice.
  @concurrent package func logs(
    _ wanted: LogsWanted,
    patience: Patience = Patience(),
    onOutput: @escaping @Sendable (_ stderr: Bool, _ bytes: [UInt8]) -> Void
  ) async throws -> LogsEnd {
    let told = Told()
    var outage = Outage(patience)
    while true {
      let before = told.total
      told.rewind()
      do {
        return try await logsOnce(wanted) { stderr, bytes in
          let new = told.new(bytes, stderr: stderr)
          if !new.isEmpty { onOutput(stderr, Array(new)) }
        }
      } catch {
        if told.total != before { outage.end() }
        try await outage.wait(after: error)
      }
    }
  }

  private func logsOnce(
    _ wanted: LogsWanted,
    onOutput: @escaping @Sendable (Bool, [UInt8]) -> Void
  ) async throws -> LogsEnd {
    var request = Reeve_V1_LogsRequest()
    request.job = wanted.job.text
    request.task = wanted.task
    request.stdout = wanted.stdout
    request.stderr = wanted.stderr
    request.follow = wanted.follow
    return try await call { [request] stub in
      try await stub.logs(request, options: callOptions) { response in
        var end = LogsEnd()
        for try await message in response.messages {
          if message.hasProblem { throw try Refusal(wire: message.problem) }
          if !message.data.isEmpty { onOutput(message.stderr, Array(message.data)) }
          if message.hasEnded { end.task = try TaskView(wire: message.ended) }
          if message.hasMissing { end.missing = try Refusal(wire: message.missing) }
        }
        guard end.task != nil || !wanted.follow else {
          throw Refusal(.unavailable, "The master ended the stream.")
        }
        return end
      }
    }
  }
}

/// How much of each output was told, and how much of it has come again on this stream.
private final class Told: Sendable {
  private struct Count {
    var told = 0
    var come = 0
  }

  private let counts = Mutex((out: Count(), err: Count()))

  var total: Int { counts.withLock { $0.out.told + $0.err.told } }

  func rewind() {
    counts.withLock {
      $0.out.come = 0
      $0.err.come = 0
    }
  }

  /// What of `bytes` was not told before.
  func new(_ bytes: [UInt8], stderr: Bool) -> ArraySlice<UInt8> {
    counts.withLock { counts in
      var count = stderr ? counts.err : counts.out
      let known = max(0, min(bytes.count, count.told - count.come))
      count.come += bytes.count
      count.told = max(count.told, count.come)
      if stderr { counts.err = count } else { counts.out = count }
      return bytes[known...]
    }
  }
}
