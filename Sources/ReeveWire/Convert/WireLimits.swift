/// What numbers may be that come from other processes.
///
/// Far above anything real. They are there so that sums of what was let in cannot overflow, and numbers fit an `Int`.
package enum WireLimits {
  /// Bits of a number that counts or names something.
  static let numberBits = 62
  /// Bits of a size, a wall time or a length of time.
  static let amountBits = 58
  /// What a task may ask for, and what a rack may have: the scheduler refuses with better words what no node has.
  static let amounts: ClosedRange<Int64> = 0...1 << 58
  /// What a rack may have free. Below zero when a node has come back smaller than what runs on it.
  static let freeAmounts: ClosedRange<Int64> = -1 << 58...1 << 58
  /// What one node may have: 1 PiB.
  static let nodeAmounts: ClosedRange<Int64> = 0...1 << 50
  static let nodeFreeAmounts: ClosedRange<Int64> = -1 << 50...1 << 50
  /// Tasks of a state in one job.
  static let count: UInt64 = 1 << 48
  /// Terms are 24 bits of every attempt.
  static let term: UInt32 = 1 << 24
  /// Bytes of a message or of one tail of output. Agents send 4 KiB at most; a later version may send more.
  static let tail = 64 << 10
}
