import Glibc

/// The journal of one machine: files in `DIR/journal`, one writer at a time by a lock on `DIR/lock`.
///
/// - A file (a *segment*) is named by its first position and is filled with zeroes before it is used, so that an append is
///   one write and one `fdatasync` that changes no metadata. Segments grow from 4 MiB to `segmentBytes`, each prepared when
///   the one before is half full: a small cluster stays small.
/// - Only the last frame of the last segment can be torn, because each append waits for its sync and each segment for the
///   last append of the one before. That tail is cut when the journal is opened; any other damage refuses to open.
/// - Assumed of the disk: a sector that is rewritten holds the old bytes or the new ones.
///
/// A class, because its owner is known only by the thread that it is handed to, and a closure cannot give away a noncopyable
/// value that it has captured; not `Sendable`, so the compiler keeps the owner single.
package final class FileJournal: Journal {
  package private(set) var nextPosition: UInt64

  /// What it can still take.
  package let room: JournalRoom

  private let segmentBytes: Int
  private let preparer: SegmentPreparer
  private let compressor = ChunkCompressor()
  private var writer: FrameWriter
  /// The one that is written.
  private var last: Segment
  private let files: JournalFiles
  private let after: UInt64
  private var file: Descriptor
  private var failure: JournalError?
  private let lock: DirectoryLock

  /// Opens the journal in `directory`, or makes an empty one.
  ///
  /// What is found is made durable and checked from end to end. Segments that are not the last must be whole. What is left
  /// of an interrupted append at the very end is cut.
  /// - Parameters:
  ///   - directory: Made if there is none.
  ///   - segmentBytes: The largest length of a segment (at least 8 KiB), unless a payload needs more.
  ///   - warn: Called with a sentence for each thing that was put right or stepped over.
  ///   - expected: Called once the directory is this process's alone.
  /// - Throws: `JournalError`, and what `expected` throws.
  /// - Complexity: Reads every byte of the segments that hold anything after the snapshot, one in memory at a time.
  package init(
    directory: String,
    segmentBytes: Int = 64 << 20,
    warn: (String) -> Void,
    expecting expected: () throws -> JournalExpectation
  ) throws {
    files = JournalFiles(directory: directory)
    try Directory.make(directory)
    try Directory.make(files.directory)
    lock = try DirectoryLock(directory: directory)
    preparer = SegmentPreparer(directory: files.directory)
    room = JournalRoom(preparer)
    writer = FrameWriter(compressor: compressor)
    self.segmentBytes = max(segmentBytes, 2 * SegmentHeader.blockBytes)
    preparer.discard()

    let expected = try expected()
    after = expected.after
    var opening = JournalOpening(files: files, expected)
    try opening.readSegments(warn: warn)
    let capacity = min(Self.firstSegmentBytes, self.segmentBytes)
    nextPosition = opening.nextPosition
    last =
      try opening.last
      ?? preparer.segment(
        cluster: expected.cluster,
        firstPosition: opening.nextPosition,
        atLeast: capacity,
        otherwise: capacity
      )
    file = try Descriptor(opening: last.path, flags: O_RDWR)
    room.written(last)
  }

  /// Small, because the start of a new cluster waits until it is filled (about 10 ms).
  private static let firstSegmentBytes = 4 << 20

  deinit {
    // The lock must not be free while a thread of this process still writes in the directory.
    preparer.stop()
  }

  /// Why the disk will not take another segment, if so. What is left of the present one (half of it, when this first says
  /// so) can still be written; the next segment is tried again about once a second, at each call and each append.
  package var shortage: JournalError? {
    prepareNext()
    return preparer.failure
  }

  /// Whether it is not known yet if the disk will take the next segment: a shortage may show at any moment.
  package var isPreparing: Bool { preparer.isUnderWay }

  package func replay(_ body: (_ position: UInt64, _ payload: [UInt8]) throws -> Void) throws {
    try files.read(after: after, through: nextPosition - 1, body)
  }

  package func append(_ payload: [UInt8]) throws -> UInt64 {
    if let failure {
      throw JournalError(.unusable, "an earlier append failed, so this process must end: \(failure.message)")
    }
    do {
      try write(payload)
    } catch let error as JournalError {
      failure = error
      throw error
    }
    nextPosition += 1
    prepareNext()
    return nextPosition - 1
  }

  private func write(_ payload: [UInt8]) throws {
    try writer.load(payload)
    if !last.hasRoom(for: writer.count) { try continueInNextSegment() }
    writer.stamp(position: nextPosition, seed: last.seed)
    try writer.write(to: file, at: last.end)
    last.end += writer.count
    room.written(last)
  }

  /// Begins a segment with room for the frame in `writer`, then marks the full one as followed by it: should the new one
  /// ever be lost, that shows. Not the other way round, because a crash between the two would look like such a loss.
  private func continueInNextSegment() throws {
    let full = last
    let next = try preparer.segment(
      cluster: full.header.cluster,
      firstPosition: nextPosition,
      atLeast: Segment.capacity(for: writer.count),
      otherwise: nextCapacity
    )
    // One that held nothing yet, and was too small for its first frame, has been replaced by the new one of the same name.
    if full.end > SegmentHeader.blockBytes {
      var mark = FrameWriter(compressor: compressor)
      mark.loadContinuation()
      mark.stamp(position: nextPosition, seed: full.seed)
      try mark.write(to: file, at: full.end)
    }
    file = try Descriptor(opening: next.path, flags: O_RDWR)
    last = next
  }

  /// However short the last one is: on a full disk it may hold little more than one frame.
  private var nextCapacity: Int {
    min(segmentBytes, 2 * max(last.header.capacity, Self.firstSegmentBytes))
  }

  private func prepareNext() {
    if last.end > last.header.capacity / 2 { preparer.prepare(capacity: nextCapacity) }
  }
}
