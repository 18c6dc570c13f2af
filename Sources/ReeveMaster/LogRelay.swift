import Foundation
import GRPCCore
import ReeveCore
import ReeveModel
import ReeveShell
import ReeveWire

/// Brings the output of one task from its node to a client: of the attempt that runs, then of the next, until it ends.
///
/// A node that cannot be reached, for its agent or this master has just started again, is asked again from where it was
/// left off.
struct LogRelay: Sendable {
  let shell: MasterShell
  let request: Reeve_V1_LogsRequest
  let response: RPCWriter<Reeve_V1_LogsReply>

  private static let pause = Duration.milliseconds(200)
  /// So often is a node tried for what is over; then what came with the end stands in.
  private static let triesMax = 25

  /// What of one attempt's streams has been relayed.
  private struct Relayed {
    var attempt = AttemptID.none
    /// Bytes of the standard output and of the standard error.
    var offsets: [UInt64] = [0, 0]
    var isWhole = false
    var tries = 0
  }

  @concurrent func run() async throws {
    let selector = TaskSelector(job: request.job, task: request.task.isEmpty ? nil : request.task)
    do throws(Refusal) { try selector.validateNamed() } catch {
      return try await response.write(Reeve_V1_LogsReply(problem: error))
    }
    let number = shell.nextRequest()
    let outbox = Outbox<MasterShell.FollowMessage>()
    shell.follows.insert(outbox, for: number)
    defer {
      _ = shell.follows.remove(number)
      shell.post(.closed(number))
    }
    shell.post(.followOpened(number, selector))
    var relayed = Relayed()
    while let messages = await outbox.next() {
      // Only the last counts: what a task was meanwhile is over.
      guard let last = messages.last else { continue }
      switch last {
      case .refused(let refusal):
        try await response.write(Reeve_V1_LogsReply(problem: refusal))
        return
      case .changed(let known, var address):
        let view = shell.complete(known)
        if known.needsOutcome { address = await shell.address(ofNode: view.node) }
        if try await bring(view, from: address, &relayed) { return }
        guard view.started != .none, !relayed.isWhole else { continue }
        // Also tells whether the client is still there.
        try await response.write(Reeve_V1_LogsReply())
        try await Task.sleep(for: Self.pause)
        // Asked anew: its address may be another by now.
        shell.post(.closed(number))
        shell.post(.followOpened(number, selector))
      }
    }
  }

  /// - Returns: whether that was all.
  @concurrent private func bring(
    _ view: TaskView,
    from address: String,
    _ relayed: inout Relayed
  ) async throws -> Bool {
    if view.attempt != relayed.attempt { relayed = Relayed(attempt: view.attempt) }
    if view.started != .none, !relayed.isWhole { try await relay(view, from: address, &relayed) }
    guard view.state.isTerminal || !request.follow else { return false }
    var missing: Refusal?
    if view.started != .none, !relayed.isWhole {
      guard relayed.tries >= Self.triesMax else { return false }
      try await standIn(view, relayed)
      missing = Refusal(
        .unavailable,
        "The output of \(view.job)/\(view.name) is on its node, which cannot be reached: not all of it is shown. "
          + "`reeve logs \(view.job)/\(view.name)` shows it once the node is back."
      )
    }
    try await response.write(Reeve_V1_LogsReply(ended: view, missing: missing))
    return true
  }

  /// Both streams at once, from where they were left off.
  @concurrent private func relay(
    _ view: TaskView,
    from address: String,
    _ relayed: inout Relayed
  ) async throws {
    let wanted = [request.stdout, request.stderr]
    let offsets = relayed.offsets
    relayed.tries += 1
    relayed.isWhole = true
    await withTaskGroup(of: (stream: Int, offset: UInt64, isWhole: Bool).self) { group in
      for stream in [0, 1] where wanted[stream] {
        group.addTask { await relay(view, stream, from: address, offset: offsets[stream]) }
      }
      for await part in group {
        relayed.offsets[part.stream] = part.offset
        relayed.isWhole = relayed.isWhole && part.isWhole
      }
    }
  }

  @concurrent private func relay(
    _ view: TaskView,
    _ stream: Int,
    from address: String,
    offset: UInt64
  ) async -> (stream: Int, offset: UInt64, isWhole: Bool) {
    let reached = Heard<UInt64>()
    do {
      let channel = try shell.nodes.channel(to: try Address(parsing: address))
      var read = Reeve_V1_ReadLogRequest()
      read.task = view.number.rawValue
      read.attempt = view.attempt.rawValue
      read.stderr = stream == 1
      read.follow = request.follow
      read.offset = offset
      read.keptAs = "\(view.job)/\(view.name)"
      try await Reeve_V1_NodeFiles.Client(wrapping: channel).readLog(read, options: callOptions) { answer in
        for try await chunk in answer.messages {
          try await response.write(Reeve_V1_LogsReply(chunk.data, isStderr: stream == 1))
          reached.value = chunk.offset + UInt64(chunk.data.count)
        }
      }
      return (stream, reached.value ?? offset, true)
    } catch {
      return (stream, reached.value ?? offset, false)
    }
  }

  /// What came with the task's end, for streams of which nothing could be had.
  @concurrent private func standIn(_ view: TaskView, _ relayed: Relayed) async throws {
    let tails = [view.details?.end?.stdoutTail ?? [], view.details?.end?.stderrTail ?? []]
    for (stream, isWanted) in [request.stdout, request.stderr].enumerated() where isWanted {
      guard relayed.offsets[stream] == 0, !tails[stream].isEmpty else { continue }
      try await response.write(Reeve_V1_LogsReply(.init(tails[stream]), isStderr: stream == 1))
    }
  }
}

extension Reeve_V1_LogsReply {
  fileprivate init(problem: Refusal) {
    self.init()
    self.problem = Reeve_V1_Problem(problem)
  }

  fileprivate init(_ bytes: Data, isStderr: Bool) {
    self.init()
    data = bytes
    stderr = isStderr
  }

  fileprivate init(ended view: TaskView, missing: Refusal?) {
    self.init()
    ended = Reeve_V1_TaskViewColumns([view])
    if let missing { self.missing = Reeve_V1_Problem(missing) }
  }
}
