/// A segment's bytes as they were read, and the frames found in them.
struct SegmentImage {
  let header: SegmentHeader
  let seed: UInt32
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) throws(SegmentHeader.Flaw) {
    let read = bytes.withUnsafeBytes { bytes in
      Result { () throws(SegmentHeader.Flaw) in try SegmentHeader.read(bytes) }
    }
    (header, seed) = try read.get()
    self.bytes = bytes
  }

  /// The file's length, whatever its header says.
  var count: Int { bytes.count }

  /// The frame at `offset`, if a valid one with just this position begins there.
  func frame(at offset: Int, position: UInt64) -> Frame? {
    bytes.withUnsafeBytes { Frame(in: $0, at: offset, positions: position...position, seed: seed) }
  }

  /// The frame at `offset`, which must have this position. Where it is damaged, the nearest valid one behind it of a position
  /// up to `last`.
  func frame(
    at offset: Int,
    position: UInt64,
    steppingOverThrough last: UInt64
  ) -> (offset: Int, frame: Frame)? {
    if let frame = frame(at: offset, position: position) { return (offset, frame) }
    return frame(behind: offset, after: position, through: last)
  }

  /// The nearest valid frame behind `offset` whose position comes after `position`, and not after `last`.
  func frame(
    behind offset: Int,
    after position: UInt64,
    through last: UInt64 = .max
  ) -> (offset: Int, frame: Frame)? {
    guard position < last else { return nil }
    // No more positions than the smallest frames would use up: it makes chance hits on random bytes rare.
    let positions = position + 1...min(last, position + 1 + UInt64(bytes.count / Frame.headerBytes))
    return bytes.withUnsafeBytes { bytes in
      var place = offset + Frame.alignment
      while place < bytes.count {
        if let frame = Frame(in: bytes, at: place, positions: positions, seed: seed) { return (place, frame) }
        place += Frame.alignment
      }
      return nil
    }
  }

  /// Where the last byte that is not zero is, if there is one from `offset` on.
  func lastWritten(from offset: Int) -> Int? {
    guard offset < bytes.count else { return nil }
    return bytes.withUnsafeBytes { bytes in
      var end = bytes.count
      while end - 8 >= offset, bytes.loadUnaligned(fromByteOffset: end - 8, as: UInt64.self) == 0 { end -= 8 }
      while end > offset, bytes[end - 1] == 0 { end -= 1 }
      return end > offset ? end - 1 : nil
    }
  }

  /// The payload of `frame`.
  /// - Returns: `nil` if its bytes, valid as they are, cannot be unpacked.
  func payload(of frame: Frame, compressor: ChunkCompressor) -> [UInt8]? {
    guard frame.flags.contains(.packed) else { return Array(bytes[frame.stored]) }
    guard frame.payloadLength <= Frame.payloadBytesMax else { return nil }
    return bytes.withUnsafeBytes {
      compressor.unpack(UnsafeRawBufferPointer(rebasing: $0[frame.stored]), length: frame.payloadLength)
    }
  }
}
