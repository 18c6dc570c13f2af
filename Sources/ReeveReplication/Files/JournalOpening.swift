import Glibc

/// What is found when a directory of segments is opened: reads and checks all that hold anything after a snapshot, and cuts
/// the torn tail.
///
/// The rule. Each append waits for its sync, and a segment is begun only after that, so of a crash only one frame can bear
/// marks: the one at the end of the last segment. Hence bytes that are no frame, with no valid frame behind them in the last
/// segment, are an append that was never answered. Anything else that does not fit was durable once and is damage.
///
/// Damage of what a snapshot has is stepped over, up to a whole frame that the snapshot has too, or to the first that it
/// does not have. Where there is no such frame nobody can tell what stood behind the damage, and it refuses to open.
struct JournalOpening {
  let files: JournalFiles
  private let expected: JournalExpectation
  /// The newest; `nil` if the directory has none.
  private(set) var last: Segment?
  /// The position after the last one found.
  private(set) var nextPosition: UInt64

  init(files: JournalFiles, _ expected: JournalExpectation) {
    self.files = files
    self.expected = expected
    nextPosition = expected.after + 1
  }

  /// Up to here a snapshot has it all.
  private var after: UInt64 { expected.after }

  /// - Throws: `JournalError`; nothing in the directory has then been changed.
  mutating func readSegments(warn: (String) -> Void) throws {
    try Directory.sync(files.directory)
    let all = try files.firstPositions()
    guard let oldest = all.first else {
      guard after == expected.reaches else { throw endsEarly }
      if after > 0 { warn(Self.emptiness(files.directory, after: after)) }
      return
    }
    guard let start = all.lastIndex(where: { $0 <= after + 1 }) else {
      let path = files.path(of: after + 1)
      throw JournalError.missing(path, before: oldest, after: after, in: files.directory)
    }
    let positions = all[start...]
    nextPosition = all[start]
    for (first, successor) in zip(positions, positions.dropFirst()) {
      try read(path(of: first), first: first, successor: successor, warn: warn)
    }
    if let last = positions.last { try readLast(path(of: last), first: last, warn: warn) }
  }

  private var endsEarly: JournalError {
    .endsEarly(files.directory, position: nextPosition - 1, expected)
  }

  private static func emptiness(_ directory: String, after: UInt64) -> String {
    "\(directory) is empty, but there is a snapshot: the journal goes on after its position \(after). What came after that, "
      + "if anything did, is lost."
  }

  /// The segment at `path` as it is on the disk.
  static func image(of path: String) throws -> SegmentImage {
    let bytes = try Descriptor(opening: path, flags: O_RDONLY).contents()
    do throws(SegmentHeader.Flaw) {
      return try SegmentImage(bytes)
    } catch {
      throw JournalError.header(error, path)
    }
  }

  private func path(of position: UInt64) -> String { files.path(of: position) }

  /// Reads a segment that another one follows. Its frames must reach up to `successor`; what then comes is no fact.
  private mutating func read(
    _ path: String,
    first: UInt64,
    successor: UInt64,
    warn: (String) -> Void
  ) throws {
    let (image, walk) = try follow(path, first: first, limit: successor)
    if walk.position < successor {
      guard walk.isContinued || image.lastWritten(from: walk.end) == nil else {
        throw JournalError.damaged(
          path,
          offset: walk.end,
          position: walk.position,
          because: "the journal goes on in later segments",
          laterSegments: true
        )
      }
      throw JournalError.missing(self.path(of: walk.position), walk.position..<successor, files.directory)
    }
    if let frame = image.frame(at: walk.end, position: successor), !frame.flags.contains(.continued) {
      throw JournalError.damaged(
        path,
        offset: walk.end,
        position: successor,
        because: "the next segment has that position too",
        laterSegments: true
      )
    }
    keep(image, path, walk, warn: warn)
  }

  private mutating func readLast(_ path: String, first: UInt64, warn: (String) -> Void) throws {
    // Before it is read: the page cache may hold frames that the disk does not have yet, and what is acted on must last.
    try Descriptor(opening: path, flags: O_RDWR).sync()
    let (image, walk) = try follow(path, first: first, limit: .max)
    if walk.isContinued {
      throw JournalError.lastMissing(
        self.path(of: walk.position),
        position: walk.position,
        mark: walk.end,
        in: path
      )
    }
    if let later = image.frame(behind: walk.end, after: walk.position) {
      throw JournalError.damaged(
        path,
        offset: walk.end,
        position: walk.position,
        because: "position \(later.frame.position) stands whole behind it, at byte \(later.offset)",
        laterSegments: false
      )
    }
    // Before anything is cut: what a snapshot has was durable, so that its frame is damaged and not torn.
    nextPosition = walk.position
    guard walk.position > expected.reaches else { throw endsEarly }
    keep(image, path, walk, warn: warn)
    let torn = image.lastWritten(from: walk.end)
    if torn != nil || image.count != image.header.capacity {
      try Self.cut(path, from: walk.end, capacity: image.header.capacity, length: image.count)
    }
    if let torn {
      warn(
        "\(path) ends in an append that was interrupted: position \(walk.position), from byte \(walk.end) to \(torn). "
          + "It was never answered and has been cut; everything before it is whole."
      )
    }
  }

  private mutating func keep(_ image: SegmentImage, _ path: String, _ walk: Walk, warn: (String) -> Void) {
    for hole in walk.holes {
      warn(
        "\(path) is damaged from byte \(hole.bytes.lowerBound) to \(hole.bytes.upperBound - 1), where the positions "
          + "\(hole.positions.lowerBound) to \(hole.positions.upperBound - 1) were. They are stepped over, because the "
          + "snapshot of position \(after) has them; but the disk may be failing."
      )
    }
    last = Segment(path: path, header: image.header, seed: image.seed, end: walk.end)
    nextPosition = walk.position
  }

  /// How far the frames of a segment go.
  private struct Walk {
    /// Where the first byte that is no payload's is.
    var end = SegmentHeader.blockBytes
    /// The first position that is not there.
    var position: UInt64
    /// Whether the mark of a following segment stands there.
    var isContinued = false
    /// What was stepped over on the way.
    var holes: [(bytes: Range<Int>, positions: Range<UInt64>)] = []
  }

  /// Reads a segment and follows its frames as long as they come before `limit` and are valid, or not needed.
  private func follow(_ path: String, first: UInt64, limit: UInt64) throws -> (SegmentImage, Walk) {
    guard first == nextPosition else {
      throw JournalError.missing(self.path(of: nextPosition), nextPosition..<first, files.directory)
    }
    let image = try Self.image(of: path)
    guard image.header.cluster == expected.cluster else {
      throw JournalError.otherCluster(path, found: image.header.cluster, expected: expected.cluster)
    }
    guard image.header.firstPosition == first else {
      throw JournalError.renamed(path, first: image.header.firstPosition)
    }
    var walk = Walk(position: first)
    while walk.position < limit,
      let (offset, frame) = image.frame(
        at: walk.end,
        position: walk.position,
        steppingOverThrough: after + 1
      )
    {
      if offset > walk.end {
        walk.holes.append((walk.end..<offset, walk.position..<frame.position))
        (walk.end, walk.position) = (offset, frame.position)
      }
      guard frame.flags.isSubset(of: .known) else { throw JournalError.newer(path, what: "frame") }
      if frame.flags.contains(.continued) {
        walk.isContinued = true
        break
      }
      walk.position += 1
      walk.end = frame.end
    }
    return (image, walk)
  }

  /// Makes the file what it was before the interrupted append: zeroes from `offset` up to its capacity, and no longer.
  private static func cut(_ path: String, from offset: Int, capacity: Int, length: Int) throws {
    let file = try Descriptor(opening: path, flags: O_RDWR)
    try file.zero(min(offset, capacity)..<capacity)
    if length > capacity { try file.truncate(to: capacity) }
    try file.sync()
  }
}
