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

  private let segmentBytes: Int
  private let preparer: SegmentPreparer
  private let compressor = ChunkCompressor()
  private var writer: FrameWriter
  private var segments: [Segment]
  private var file: Descriptor
  private var failure: JournalError?
  private let lock: DirectoryLock

  /// Opens the journal in `directory`, or makes an empty one.
  ///
  /// What is found is made durable and checked from end to end. Segments that are not the last must be whole. What is left
  /// of an interrupted append at the very end is cut.
  /// - Parameters:
  ///   - directory: Made if there is none.
  ///   - cluster: The id of the cluster whose facts these are; another's journal is refused.
  ///   - segmentBytes: The largest length of a segment (at least 8 KiB), unless a payload needs more.
  ///   - warn: Called with a sentence for each thing that was put right.
  /// - Throws: `JournalError`.
  /// - Complexity: Reads every byte of the journal, one segment in memory at a time.
  package init(
    directory: String,
    cluster: UInt128,
    segmentBytes: Int = 64 << 20,
    warn: (String) -> Void
  ) throws {
    let files = directory + "/journal"
    try Directory.make(directory)
    try Directory.make(files)
    lock = try DirectoryLock(directory: directory)
    preparer = SegmentPreparer(directory: files)
    writer = FrameWriter(compressor: compressor)
    self.segmentBytes = max(segmentBytes, 2 * SegmentHeader.blockBytes)
    preparer.discard()

    var opening = JournalOpening(directory: files, cluster: cluster)
    try opening.readSegments(warn: warn)
    if opening.segments.isEmpty {
      let capacity = min(Self.firstSegmentBytes, self.segmentBytes)
      opening.segments = [
        try preparer.segment(cluster: cluster, firstPosition: 1, atLeast: capacity, otherwise: capacity)
      ]
    }
    segments = opening.segments
    nextPosition = opening.nextPosition
    file = try Descriptor(opening: segments[segments.count - 1].path, flags: O_RDWR)
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

  package func replay(_ body: (_ position: UInt64, _ payload: [UInt8]) throws -> Void) throws {
    for segment in segments {
      let image = try JournalOpening.image(of: segment.path)
      var position = segment.header.firstPosition
      var offset = SegmentHeader.blockBytes
      while offset < segment.end {
        guard let frame = image.frame(at: offset, position: position),
          let payload = image.payload(of: frame, compressor: compressor)
        else { throw JournalError.unreadable(segment.path, offset: offset, position: position) }
        try body(position, payload)
        position += 1
        offset = frame.end
      }
    }
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
    if !segments[segments.count - 1].hasRoom(for: writer.count) { try continueInNextSegment() }
    let last = segments.count - 1
    writer.stamp(position: nextPosition, seed: segments[last].seed)
    try writer.write(to: file, at: segments[last].end)
    segments[last].end += writer.count
  }

  /// Begins a segment with room for the frame in `writer`, then marks the full one as followed by it: should the new one
  /// ever be lost, that shows. Not the other way round, because a crash between the two would look like such a loss.
  private func continueInNextSegment() throws {
    let full = segments[segments.count - 1]
    let next = try preparer.segment(
      cluster: full.header.cluster,
      firstPosition: nextPosition,
      atLeast: Segment.capacity(for: writer.count),
      otherwise: nextCapacity
    )
    if full.end == SegmentHeader.blockBytes {
      // It held nothing yet and was too small for the first frame: the new one, of the same name, has replaced it.
      segments.removeLast()
    } else {
      var mark = FrameWriter(compressor: compressor)
      mark.loadContinuation()
      mark.stamp(position: nextPosition, seed: full.seed)
      try mark.write(to: file, at: full.end)
    }
    file = try Descriptor(opening: next.path, flags: O_RDWR)
    segments.append(next)
  }

  private var nextCapacity: Int { min(segmentBytes, 2 * segments[segments.count - 1].header.capacity) }

  private func prepareNext() {
    let last = segments[segments.count - 1]
    if last.end > last.header.capacity / 2 { preparer.prepare(capacity: nextCapacity) }
  }
}
