package import GRPCCore
package import ReeveModel
import Synchronization

/// The stream has been silent for longer than its other end may be.
package struct Silence: Error, CustomStringConvertible {
  package let span: TimeSpan
  package var description: String { "nothing was heard for \(span)" }
}

/// What the other end of a stream is told of why it was ended: a gRPC server passes on nothing else than its own errors.
package func rpcError(for error: any Error) -> any Error {
  switch error {
  case is RPCError, is Refusal, is CancellationError: error
  case is Silence: RPCError(code: .deadlineExceeded, message: "\(error)")
  default: RPCError(code: .invalidArgument, message: "\(error)")
  }
}

/// Runs one stream until either end ends it: writes what the outbox holds, beats once a second, and hears what comes.
///
/// - Parameters:
///   - outbox: what is to be written; closed at the end.
///   - heartbeat: what is written each second.
///   - silenceMax: how long nothing may come before the other end counts as gone; heartbeats come once a second.
///   - inbound: the messages of the other end.
///   - write: writes what has gathered, in its order.
///   - hear: takes in one message, and throws to end the stream.
/// - Throws: what ended the stream, if it was not its other end's orderly finish.
@concurrent package func converse<Inbound: AsyncSequence & Sendable, Down: Sendable>(
  outbox: Outbox<Down>,
  heartbeat: Down,
  silenceMax: TimeSpan,
  inbound: Inbound,
  write: @escaping @concurrent @Sendable ([Down]) async throws -> Void,
  hear: @escaping @Sendable (Inbound.Element) throws -> Void
) async throws where Inbound.Element: Sendable {
  let lastHeard = LastHeard()
  defer { outbox.close() }
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask {
      for try await message in inbound {
        lastHeard.mark()
        try hear(message)
      }
    }
    group.addTask { try await pump(outbox, write) }
    group.addTask {
      var lastBeat = BootClock.boot()
      while true {
        try await Task.sleep(for: untilNextBeat())
        outbox.post(heartbeat)
        let now = BootClock.boot()
        // A process that was stopped itself accuses nobody: what waits in its sockets is read first.
        let slept = now - lastBeat
        lastBeat = now
        guard slept < .seconds(2) else {
          lastHeard.mark()
          continue
        }
        let silence = now - lastHeard.time
        if silence > silenceMax { throw Silence(span: silence) }
      }
    }
    defer { group.cancelAll() }
    try await group.next()
  }
}

/// About a second. All streams of a machine beat at twenty moments of it: a thousand beats are no thousand wake-ups of both
/// ends, and not all at once either.
private func untilNextBeat() -> Duration {
  .microseconds(1_000_000 - BootClock.boot().microseconds % 50_000)
}

/// Opens a stream with `body`, and gives it up where its other end says nothing in time: what connects may be cut off before
/// the first word, and then neither end is ever told.
///
/// - Parameters:
///   - span: how long that first word may take.
///   - body: opens the stream, marks when it was answered, and returns when it has ended.
/// - Throws: `Silence`, or what `body` throws.
@concurrent package func openStream(
  answeredWithin span: TimeSpan,
  _ body: @escaping @concurrent @Sendable (Heard<Bool>) async throws -> Void
) async throws {
  let answered = Heard<Bool>()
  try await withThrowingTaskGroup(of: Bool.self) { group in
    group.addTask {
      try await body(answered)
      return true
    }
    group.addTask {
      try await Task.sleep(for: .microseconds(span.microseconds))
      guard answered.value == true else { throw Silence(span: span) }
      return false
    }
    defer { group.cancelAll() }
    while let isOver = try await group.next(), !isOver {}
  }
}

/// When the other end was last heard.
private final class LastHeard: Sendable {
  private let microseconds = Atomic<Int64>(BootClock.boot().microseconds)
  var time: Instant { Instant(microseconds: microseconds.load(ordering: .relaxed)) }
  func mark() { microseconds.store(BootClock.boot().microseconds, ordering: .relaxed) }
}

/// Writes what an outbox holds until it is closed, all that has gathered at a time.
@concurrent package func pump<Message: Sendable>(
  _ outbox: Outbox<Message>,
  _ write: @concurrent @Sendable ([Message]) async throws -> Void
) async throws {
  while let messages = await outbox.next() { try await write(messages) }
}

extension RPCWriter {
  /// Writes messages together: they wake the other end once.
  ///
  /// - Throws: what `wire` throws, when those before are written.
  package func write<Message>(
    _ messages: [Message],
    as wire: (Message) throws -> Element,
    gather: ([Element]) throws -> [Element] = { $0 }
  ) async throws {
    var made: [Element] = []
    made.reserveCapacity(messages.count)
    var failure: (any Error)?
    do { for message in messages { made.append(try wire(message)) } } catch { failure = error }
    if !made.isEmpty { try await write(contentsOf: try gather(made)) }
    if let failure { throw failure }
  }
}
