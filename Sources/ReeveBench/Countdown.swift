import Synchronization

/// A count that several tasks share.
final class Countdown: Sendable {
  private let left: Mutex<Int>
  init(_ count: Int) { left = Mutex(count) }

  /// - Returns: whether there was one left.
  func take() -> Bool {
    left.withLock { left in
      guard left > 0 else { return false }
      left -= 1
      return true
    }
  }

  func add(_ count: Int) { left.withLock { $0 += count } }
}
