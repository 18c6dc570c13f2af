import Synchronization

/// One value that a stream's reader learns on the way, and others may look at.
package final class Heard<Value: Sendable>: Sendable {
  private let state = Mutex<Value?>(nil)

  package init() {}

  package var value: Value? {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }
}
