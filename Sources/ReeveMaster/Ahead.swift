import Dispatch
import Synchronization

/// Works on pieces on all cores, some ahead of the one who takes the results, which is done in order and on one thread.
struct Ahead<Piece: Sendable>: ~Copyable {
  private final class Slot: Sendable {
    private let result = Mutex<Result<Piece, any Error>?>(nil)
    private let isDone = DispatchSemaphore(value: 0)

    func work(_ body: () throws -> Piece) {
      let done = Result { try body() }
      result.withLock { $0 = done }
      isDone.signal()
    }

    func wait() throws -> Piece {
      isDone.wait()
      guard let done = result.withLock({ $0.take() }) else { preconditionFailure("a piece is taken twice") }
      return try done.get()
    }
  }

  /// What is under way, or done and not taken; the oldest first.
  private var slots: [(slot: Slot, bytes: Int)] = []
  private var bytes = 0
  /// Of pieces as they come; in memory they may be ten times as large when they are done.
  private static var bytesMax: Int { 8 << 20 }
  private static var countMax: Int { 64 }

  /// Begins to work on a piece, and takes older ones where enough is under way.
  mutating func add(
    bytes size: Int,
    _ work: @escaping @Sendable () throws -> Piece,
    take: (Piece) throws -> Void
  ) throws {
    let slot = Slot()
    // Not among those who may all be waiting here.
    DispatchQueue.global(qos: .userInitiated).async { slot.work(work) }
    slots.append((slot, size))
    bytes += size
    while slots.count > 1, bytes > Self.bytesMax || slots.count > Self.countMax { try takeOldest(take) }
  }

  /// Takes all that is left.
  mutating func finish(take: (Piece) throws -> Void) throws {
    while !slots.isEmpty { try takeOldest(take) }
  }

  private mutating func takeOldest(_ take: (Piece) throws -> Void) throws {
    let (slot, size) = slots.removeFirst()
    bytes -= size
    try take(slot.wait())
  }
}
