import Synchronization

/// What waits to be written to one stream: posted from a core's thread, written by the stream's own task.
///
/// A stream that is idle is written to at once. While a write is under way what is posted gathers, and goes out together.
package final class Outbox<Message: Sendable>: Sendable {
  private struct State {
    var waiting: [Message] = []
    var sleeper: CheckedContinuation<Void, Never>?
    var isClosed = false
  }

  private let state = Mutex(State())

  package init() {}

  package func post(_ message: Message) {
    let sleeper = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard !state.isClosed else { return nil }
      state.waiting.append(message)
      return state.sleeper.take()
    }
    sleeper?.resume()
  }

  /// Nothing is taken in any more; what waits may still be taken out.
  package func close() {
    let sleeper = state.withLock { state in
      state.isClosed = true
      return state.sleeper.take()
    }
    sleeper?.resume()
  }

  private func wake() { state.withLock { $0.sleeper.take() }?.resume() }

  /// All that waits, as soon as there is something; `nil` when closed and empty, and in a task that is cancelled. For one
  /// reader at a time.
  /// - Parameter isLast: nobody reads on where the task is cancelled: the outbox is closed then.
  /// - Returns: what waited, in its order.
  package func next(isLast: Bool = true) async -> [Message]? {
    while true {
      let (ready, closed) = state.withLock { state in
        var ready: [Message] = []
        swap(&ready, &state.waiting)
        return (ready, state.isClosed)
      }
      if !ready.isEmpty { return ready }
      if closed || Task.isCancelled { return nil }
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          let now = state.withLock { state in
            guard state.waiting.isEmpty, !state.isClosed, !Task.isCancelled else { return true }
            state.sleeper = continuation
            return false
          }
          if now { continuation.resume() }
        }
      } onCancel: {
        if isLast { close() } else { wake() }
      }
    }
  }
}
