import Synchronization

/// Lets so many in at a time; for one who enters and one who leaves.
package final class Window: Sendable {
  private struct State {
    var room: Int
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let state: Mutex<State>

  package init(_ size: Int) { state = Mutex(State(room: size)) }

  package func enter() async {
    await withCheckedContinuation { continuation in
      let mayEnter = state.withLock { state in
        guard state.room > 0 else {
          state.waiter = continuation
          return false
        }
        state.room -= 1
        return true
      }
      if mayEnter { continuation.resume() }
    }
  }

  package func leave() {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard let waiter = state.waiter.take() else {
        state.room += 1
        return nil
      }
      return waiter
    }
    waiter?.resume()
  }
}
