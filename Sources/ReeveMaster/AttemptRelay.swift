import Foundation
import GRPCCore
import ReeveModel
import ReeveShell
import ReeveWire

/// Brings one stream of one attempt to a client, from where it broke off when the agent went away and came back.
///
/// Where the node stays away, what came with the task's end stands in.
struct AttemptRelay: Sendable {
  let relay: LogRelay
  let view: TaskView
  let isStderr: Bool

  /// Longer than it takes until a node counts as lost.
  private static let patience = TimeSpan.seconds(15)
  private static let pause = Duration.milliseconds(200)

  @concurrent func run(from address: String) async {
    let sent = Heard<UInt64>()
    sent.value = 0
    var address = address
    var giveUp = BootClock.boot() + Self.patience
    while !Task.isCancelled {
      let before = sent.value ?? 0
      do {
        return try await read(from: address, sent)
      } catch is ClientGone {
        return
      } catch {
        if sent.value ?? 0 > before { giveUp = BootClock.boot() + Self.patience }
      }
      guard BootClock.boot() < giveUp, let (now, newAddress) = await relay.look(), now.attempt == view.attempt
      else { return await sendTail(after: sent.value ?? 0) }
      address = newAddress
      try? await Task.sleep(for: Self.pause)
    }
  }

  private struct ClientGone: Error {}

  @concurrent private func read(from address: String, _ sent: Heard<UInt64>) async throws {
    let channel = try relay.shell.nodes.channel(to: try Address(parsing: address))
    var read = Reeve_V1_ReadLogRequest()
    read.task = view.number.rawValue
    read.attempt = view.attempt.rawValue
    read.stderr = isStderr
    read.follow = relay.request.follow
    read.keptAs = "\(view.job)/\(view.name)"
    read.offset = sent.value ?? 0
    try await Reeve_V1_NodeFiles.Client(wrapping: channel).readLog(read, options: callOptions) { answer in
      for try await chunk in answer.messages {
        try await send(chunk.data)
        sent.value = chunk.offset + UInt64(chunk.data.count)
      }
    }
  }

  @concurrent private func sendTail(after sent: UInt64) async {
    guard sent == 0, let end = await relay.look()?.0.details?.end else { return }
    let tail = isStderr ? end.stderrTail : end.stdoutTail
    if !tail.isEmpty { try? await send(Data(tail)) }
  }

  @concurrent private func send(_ bytes: Data) async throws {
    do {
      try await relay.response.write(Reeve_V1_LogsReply(bytes, isStderr: isStderr))
    } catch { throw ClientGone() }
  }
}

extension Reeve_V1_LogsReply {
  fileprivate init(_ bytes: Data, isStderr: Bool) {
    self.init()
    data = bytes
    stderr = isStderr
  }
}
