import GRPCCore
package import ReeveModel
import ReeveShell
import ReeveWire
import Synchronization

/// Many requests on one stream: a unary call costs ten times as much.
extension ReeveClient {
  /// So many requests may be unanswered.
  package static var window: Int { 64 }

  /// Submits what `next` gives until that is `nil`; answers come in the same order.
  @concurrent package func submissions(
    _ next: @escaping @Sendable () async -> JobSpec?,
    onAnswer: @escaping @Sendable (Result<Submitted, Refusal>) async throws -> Void
  ) async throws {
    let window = Window(Self.window)
    try await call { stub in
      try await stub.submissions(
        options: callOptions,
        requestProducer: { writer in
          while await window.enter(), let job = await next() {
            try await writer.write(Reeve_V1_SubmitRequest(job))
          }
        },
        onResponse: { response in
          defer { window.close() }
          for try await reply in response.messages {
            window.leave()
            try await onAnswer(try Self.result(reply))
          }
        }
      )
    }
  }

  private static func result(_ reply: Reeve_V1_SubmitReply) throws -> Result<Submitted, Refusal> {
    do {
      return .success(try Submitted(wire: reply))
    } catch let refusal as Refusal {
      return .failure(refusal)
    }
  }
}

/// Lets so many in before one has left. For one that enters.
private final class Window: Sendable {
  private struct State {
    var free: Int
    var isClosed = false
    var sleeper: CheckedContinuation<Void, Never>?
  }

  private let state: Mutex<State>

  init(_ size: Int) { state = Mutex(State(free: size)) }

  /// `false` once closed.
  func enter() async -> Bool {
    await withCheckedContinuation { continuation in
      let isReady = state.withLock { state in
        if state.isClosed { return true }
        if state.free > 0 {
          state.free -= 1
          return true
        }
        state.sleeper = continuation
        return false
      }
      if isReady { continuation.resume() }
    }
    return state.withLock { !$0.isClosed }
  }

  func leave() {
    let sleeper = state.withLock { state -> CheckedContinuation<Void, Never>? in
      if let sleeper = state.sleeper.take() { return sleeper }
      state.free += 1
      return nil
    }
    sleeper?.resume()
  }

  func close() {
    let sleeper = state.withLock { state in
      state.isClosed = true
      return state.sleeper.take()
    }
    sleeper?.resume()
  }
}
