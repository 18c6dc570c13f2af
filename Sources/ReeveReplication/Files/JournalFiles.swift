import Glibc

/// The segments of a journal, for whoever reads them beside the one that writes: of what is durable, and of what nobody
/// needs any more.
package struct JournalFiles: Sendable {
  let directory: String

  /// - Parameter directory: as for `FileJournal`.
  package init(directory: String) { self.directory = directory + "/journal" }

  /// Hands over the payloads after the position `start`, up to and with `end`, which must be durable.
  /// - Throws: What `body` throws, at once; `JournalError` if one of them is not there or not what was written. Of those up
  ///   to `start` nothing is asked.
  /// - Complexity: reads whole segments, one in memory at a time.
  package func read(
    after start: UInt64,
    through end: UInt64,
    _ body: (_ position: UInt64, _ payload: [UInt8]) throws -> Void
  ) throws {
    let compressor = ChunkCompressor()
    let firsts = try firstPositions()
    guard start < end else { return }
    guard let first = firsts.lastIndex(where: { $0 <= start + 1 }) else {
      let oldest = firsts.first ?? end + 1
      throw JournalError.missing(path(of: start + 1), before: oldest, after: start, in: directory)
    }
    for (i, first) in firsts.enumerated().dropFirst(first) where first <= end {
      let image = try JournalOpening.image(of: path(of: first))
      let last = i + 1 < firsts.count ? min(end, firsts[i + 1] - 1) : end
      var (offset, position) = (SegmentHeader.blockBytes, first)
      while position <= last {
        guard
          let (found, frame) = image.frame(at: offset, position: position, steppingOverThrough: start + 1)
        else { throw JournalError.unreadable(path(of: first), offset: offset, position: position) }
        (offset, position) = (found, frame.position)
        if position > start {
          guard let payload = image.payload(of: frame, compressor: compressor) else {
            throw JournalError.unreadable(path(of: first), offset: offset, position: position)
          }
          try body(position, payload)
        }
        (offset, position) = (frame.end, position + 1)
      }
    }
  }

  /// Removes the segments that hold nothing after `position`, the oldest first, so that what is left has no hole whatever
  /// happens meanwhile. The last one always stays.
  package func trim(through position: UInt64) throws {
    let firsts = try firstPositions()
    var isChanged = false
    for (first, next) in zip(firsts, firsts.dropFirst()) where next <= position + 1 {
      guard unlink(path(of: first)) == 0 else { throw JournalError.system(errno, "remove", path(of: first)) }
      isChanged = true
    }
    if isChanged { try Directory.sync(directory) }
  }

  func firstPositions() throws -> [UInt64] {
    try Directory.names(in: directory).compactMap(PositionName.segment.position).sorted()
  }

  func path(of position: UInt64) -> String { directory + "/" + PositionName.segment.of(position) }
}
