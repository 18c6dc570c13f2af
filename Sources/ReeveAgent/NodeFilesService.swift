import Foundation
import GRPCCore
import ReeveExecution
import ReeveModel
import ReeveShell
import ReeveWire

/// Serves the output of this node's tasks, while they run and afterwards.
struct NodeFilesService: Reeve_V1_NodeFiles.SimpleServiceProtocol {
  let sandboxes: Sandboxes

  private static let chunk = 256 << 10
  /// How soon new output is looked for while a task runs.
  private static let pause = Duration.milliseconds(50)

  @concurrent func readLog(
    request: Reeve_V1_ReadLogRequest,
    response: RPCWriter<Reeve_V1_LogChunk>,
    context: ServerContext
  ) async throws {
    let attempt = AttemptID(request.attempt)
    var offset = request.offset
    guard request.follow else { return try await send(request, to: response, from: &offset) }
    let changes = Outbox<Bool>()
    sandboxes.follow(attempt, changes)
    let clock = Task {
      while !Task.isCancelled {
        try await Task.sleep(for: Self.pause)
        changes.post(false)
      }
    }
    defer {
      clock.cancel()
      sandboxes.unfollow(attempt, changes)
    }
    try await send(request, to: response, from: &offset)
    while let news = await changes.next() {
      try await send(request, to: response, from: &offset)
      if news.contains(true) { return }
    }
  }

  /// Sends what there is from `offset` on.
  @concurrent private func send(
    _ request: Reeve_V1_ReadLogRequest,
    to response: RPCWriter<Reeve_V1_LogChunk>,
    from offset: inout UInt64
  ) async throws {
    while true {
      let bytes = try sandboxes.read(
        request.stderr ? .stderr : .stdout,
        of: AttemptID(request.attempt),
        name: request.keptAs,
        from: offset,
        count: Self.chunk
      )
      guard !bytes.isEmpty else { return }
      var chunk = Reeve_V1_LogChunk()
      chunk.offset = offset
      chunk.data = Data(bytes)
      try await response.write(chunk)
      offset += UInt64(bytes.count)
    }
  }
}
