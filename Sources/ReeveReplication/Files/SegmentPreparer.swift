import Dispatch
import Glibc
import Synchronization

/// Fills the next segment's file with zeroes, ahead of need and on a thread of its own.
///
/// Really written, not only allocated: the first write to an allocated block turns it from unwritten to written, and that
/// change is a commit of the file system's own journal in every `fdatasync` (measured on ext4: 155 µs instead of 100).
/// The file keeps a temporary name until it is taken, so that whatever a crash leaves behind is no segment.
final class SegmentPreparer: Sendable {
  private enum State {
    case none
    /// Bears the failure that it follows: a shortage is over when a segment is there, not when one is tried.
    case underWay(after: JournalError?)
    case ready(capacity: Int)
    case failed(JournalError, retryFrom: ContinuousClock.Instant)
  }

  /// Small enough that an append beside it waits for the disk no longer than for one of these.
  private static let pieceBytes = 256 << 10
  /// After a failure; long enough not to fill and empty a full disk all the time.
  private static let pause = Duration.seconds(1)

  private let directory: String
  /// The temporary name of what is being, or has been, prepared.
  private let path: String
  private let state = Mutex(State.none)
  private let stopping = Atomic(false)
  private let queue = DispatchQueue(label: "reeve.journal.segment")

  init(directory: String) {
    self.directory = directory
    path = directory + "/next"
  }

  /// Why there is no next segment, from the first failed try to make one until one succeeds.
  var failure: JournalError? {
    state.withLock { state in
      switch state {
      case .failed(let error, _): error
      case .underWay(let error): error
      case .none, .ready: nil
      }
    }
  }

  /// The length of what is prepared; 0 if nothing is.
  var readyBytes: Int { state.withLock { if case .ready(let capacity) = $0 { capacity } else { 0 } } }

  /// What the disk can take beside that; `nil` where it does not say.
  var freeBytes: UInt? { Directory.freeBytes(near: directory) }

  var isUnderWay: Bool { state.withLock { if case .underWay = $0 { true } else { false } } }

  /// Begins to prepare a file of `capacity` bytes, unless there is one, or it failed just now. Returns at once.
  func prepare(capacity: Int) {
    let begins = state.withLock { state in
      switch state {
      case .underWay, .ready: return false
      case .failed(_, let retryFrom) where ContinuousClock.now < retryFrom: return false
      case .failed(let error, _): state = .underWay(after: error)
      case .none: state = .underWay(after: nil)
      }
      return true
    }
    if begins { queue.async { self.finish(capacity) } }
  }

  /// Gives the prepared file its header and its name; prepares it now if there is none that is large enough. On a disk
  /// that has no room for one of the usual length it is shorter, down to what is needed.
  ///
  /// When the name is durable the header has been for some time: a segment with a bad one was not interrupted but damaged.
  func segment(
    cluster: UInt128,
    firstPosition: UInt64,
    atLeast needed: Int,
    otherwise capacity: Int
  ) throws(JournalError) -> Segment {
    let capacity = try take(atLeast: needed, otherwise: capacity)
    let header = SegmentHeader(cluster: cluster, firstPosition: firstPosition, capacity: capacity)
    let (block, seed) = header.block()
    let file = try Descriptor(opening: path, flags: O_RDWR)
    try file.write(block[...], at: 0)
    try file.syncData()
    let name = directory + "/" + PositionName.segment.of(firstPosition)
    guard rename(path, name) == 0 else { throw .system(errno, "rename", path) }
    try Directory.sync(directory)
    return Segment(path: name, header: header, seed: seed)
  }

  /// Ends the work under way, removes what is prepared, and touches the directory no more.
  func stop() {
    stopping.store(true, ordering: .relaxed)
    queue.sync {}
    discard()
  }

  /// Removes what an earlier process left behind.
  func discard() { unlink(path) }

  private func take(atLeast needed: Int, otherwise capacity: Int) throws(JournalError) -> Int {
    // The queue is serial: what is under way has ended when this returns.
    queue.sync {}
    if let ready = takeReady(), ready >= needed { return ready }
    var capacity = max(needed, capacity)
    queue.sync { finish(capacity) }
    guard let shortage = failure else { return takeReady() ?? capacity }
    // What is to be written has been decided already, and has the first right to what is left of the disk.
    while let failure {
      guard failure.code == .diskFull, capacity > needed else { throw shortage }
      capacity = max(needed, capacity / 2 / SegmentHeader.blockBytes * SegmentHeader.blockBytes)
      queue.sync { finish(capacity) }
    }
    // It goes on: that there is room for this is no room for the next.
    state.withLock { $0 = .failed(shortage, retryFrom: .now + Self.pause) }
    return capacity
  }

  private func takeReady() -> Int? {
    state.withLock { state in
      guard case .ready(let capacity) = state else { return nil }
      state = .none
      return capacity
    }
  }

  private func finish(_ capacity: Int) {
    do throws(JournalError) {
      try fill(capacity)
      state.withLock { $0 = .ready(capacity: capacity) }
    } catch {
      // Half a segment is of no use, and on a full disk in everybody's way.
      discard()
      state.withLock { $0 = .failed(error, retryFrom: .now + Self.pause) }
    }
  }

  private func fill(_ capacity: Int) throws(JournalError) {
    // One that proved too short is in the way of its successor.
    discard()
    // Beforehand, because others live on the same disk: trying would take from them all that is left, again and again.
    if let freeBytes, freeBytes < UInt(capacity) {
      throw .system(ENOSPC, "prepare", path)
    }
    let file = try Descriptor(opening: path, flags: O_RDWR | O_CREAT | O_TRUNC)
    try file.zero(0..<capacity, piece: Self.pieceBytes) { stopping.load(ordering: .relaxed) }
    try file.sync()
  }
}

extension Descriptor {
  /// Writes zeroes over `range`, each `piece` bytes of it made durable before the next. `stops` is asked before each piece;
  /// what is left is then not written.
  func zero(
    _ range: Range<Int>,
    piece: Int = 1 << 20,
    unless stops: () -> Bool = { false }
  ) throws(JournalError) {
    let zeroes = [UInt8](repeating: 0, count: min(piece, range.count))
    var offset = range.lowerBound
    while offset < range.upperBound, !stops() {
      try write(zeroes.prefix(range.upperBound - offset), at: offset)
      try syncData()
      offset += piece
    }
  }
}
