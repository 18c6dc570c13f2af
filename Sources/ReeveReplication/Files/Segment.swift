/// What the first block of a segment says. Its 64 bytes keep their places in every version of the format, so that an
/// older Reeve can tell "newer" from "damaged".
///
/// | offset | bytes | |
/// |---|---|---|
/// | 0 | 8 | `REEVEJNL` |
/// | 8 | 4 | format version |
/// | 16 | 16 | cluster id |
/// | 32 | 8 | position of the first frame |
/// | 40 | 8 | capacity: the file's length in bytes |
/// | 60 | 4 | checksum of the 60 bytes before |
///
/// All little-endian, zero where nothing is said.
struct SegmentHeader: Equatable {
  /// Version 1 kept the states of tasks one by one; version 2 knew no open jobs.
  static let version: UInt32 = 3
  private static let oldestVersion: UInt32 = 3
  /// Frames begin in a block of their own: writing the first never rewrites the header.
  static let blockBytes = 4096
  private static let bytes = 64
  private static let magic = Array("REEVEJNL".utf8)

  let cluster: UInt128
  let firstPosition: UInt64
  let capacity: Int

  /// The header's block as it is written, and the checksum that the frames' own go on from.
  func block() -> (bytes: [UInt8], seed: UInt32) {
    var block = [UInt8](repeating: 0, count: Self.blockBytes)
    let seed = block.withUnsafeMutableBytes { block in
      block.copyBytes(from: Self.magic)
      block.storeBytes(of: Self.version.littleEndian, toByteOffset: 8, as: UInt32.self)
      block.storeBytes(of: cluster.littleEndian, toByteOffset: 16, as: UInt128.self)
      block.storeBytes(of: firstPosition.littleEndian, toByteOffset: 32, as: UInt64.self)
      block.storeBytes(of: UInt64(capacity).littleEndian, toByteOffset: 40, as: UInt64.self)
      let seed = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: block[..<60]))
      block.storeBytes(of: seed.littleEndian, toByteOffset: 60, as: UInt32.self)
      return seed
    }
    return (block, seed)
  }

  /// Why bytes are not a header that this version can use.
  enum Flaw: Error, Equatable {
    case damaged
    case newer(UInt32)
    case older(UInt32)
  }

  /// Reads the header at the beginning of `segment`.
  static func read(_ segment: UnsafeRawBufferPointer) throws(Flaw) -> (header: SegmentHeader, seed: UInt32) {
    guard segment.count >= bytes, segment.starts(with: magic) else { throw .damaged }
    func field<Field: FixedWidthInteger & BitwiseCopyable>(_ place: Int, _ type: Field.Type) -> Field {
      Field(littleEndian: segment.loadUnaligned(fromByteOffset: place, as: type))
    }
    let seed = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: segment[..<60]))
    guard field(60, UInt32.self) == seed else { throw .damaged }
    guard field(8, UInt32.self) <= version else { throw .newer(field(8, UInt32.self)) }
    guard field(8, UInt32.self) >= oldestVersion else { throw .older(field(8, UInt32.self)) }
    guard let capacity = Int(exactly: field(40, UInt64.self)) else { throw .damaged }
    let header = SegmentHeader(
      cluster: field(16, UInt128.self),
      firstPosition: field(32, UInt64.self),
      capacity: capacity
    )
    return (header, seed)
  }
}

/// A segment that has been read and found whole, or is written by this process.
struct Segment {
  let path: String
  let header: SegmentHeader
  let seed: UInt32
  /// Where the next frame goes, or, in one that is followed by another, where the mark of that is.
  var end: Int

  init(path: String, header: SegmentHeader, seed: UInt32, end: Int = SegmentHeader.blockBytes) {
    self.path = path
    self.header = header
    self.seed = seed
    self.end = end
  }

  /// Whether `bytes` fit, and after them the mark that the journal goes on elsewhere.
  func hasRoom(for bytes: Int) -> Bool { end + bytes + Frame.headerBytes <= header.capacity }

  /// The capacity that a segment needs to hold one frame of `bytes`.
  static func capacity(for bytes: Int) -> Int {
    let needed = SegmentHeader.blockBytes + bytes + Frame.headerBytes
    return (needed + SegmentHeader.blockBytes - 1) / SegmentHeader.blockBytes * SegmentHeader.blockBytes
  }
}
