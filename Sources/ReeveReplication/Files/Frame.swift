/// One payload as it stands in a segment: a header of 24 bytes, the stored bytes, zeroes up to a multiple of 8.
///
/// | offset | bytes | |
/// |---|---|---|
/// | 0 | 4 | checksum of the rest of the header and the stored bytes |
/// | 4 | 4 | flags |
/// | 8 | 4 | length of the stored bytes |
/// | 12 | 4 | length of the payload |
/// | 16 | 8 | position |
///
/// All little-endian. The checksum goes on from that of the segment's header, so that a frame is valid in its own segment
/// only: bytes that a user put into a payload, or that an older file left on the disk, cannot pass for one.
struct Frame: Equatable {
  static let headerBytes = 24
  static let alignment = 8
  /// What one turn decides is some MiB at most; a larger payload is a mistake and not worth the memory.
  static let payloadBytesMax = 256 << 20

  struct Flags: OptionSet, Equatable {
    let rawValue: UInt32
    /// The stored bytes are the payload packed with zstd.
    static let packed = Flags(rawValue: 1)
    /// Not a payload but a mark: the journal goes on in a segment that begins with this position.
    static let continued = Flags(rawValue: 2)
    static let known: Flags = [.packed, .continued]
  }

  let flags: Flags
  let payloadLength: Int
  let position: UInt64
  /// Where the stored bytes are in the segment.
  let stored: Range<Int>

  /// Where the next frame begins.
  var end: Int { Self.aligned(stored.upperBound) }

  static func aligned(_ offset: Int) -> Int { (offset + alignment - 1) / alignment * alignment }

  /// The frame at `offset`, if there is a whole and valid one whose position is in `positions`.
  ///
  /// The position is looked at before the checksum is computed: a search that tries every offset computes few.
  init?(
    in segment: UnsafeRawBufferPointer,
    at offset: Int,
    positions: ClosedRange<UInt64>,
    seed: UInt32
  ) {
    guard offset + Self.headerBytes <= segment.count else { return nil }
    func field(_ place: Int) -> UInt32 {
      UInt32(littleEndian: segment.loadUnaligned(fromByteOffset: offset + place, as: UInt32.self))
    }
    flags = Flags(rawValue: field(4))
    payloadLength = Int(field(12))
    position = UInt64(littleEndian: segment.loadUnaligned(fromByteOffset: offset + 16, as: UInt64.self))
    let start = offset + Self.headerBytes
    let storedLength = Int(field(8))
    guard positions.contains(position), storedLength <= segment.count - start else { return nil }
    stored = start..<start + storedLength
    let covered = UnsafeRawBufferPointer(rebasing: segment[offset + 4..<stored.upperBound])
    guard CRC32C.checksum(covered, seed: seed) == field(0) else { return nil }
  }
}

/// Puts payloads into frames, one at a time, in a buffer that is used again.
struct FrameWriter: ~Copyable {
  /// Below this, packing saves less than a disk block.
  static let packedFrom = 4096
  /// A buffer that one huge payload left behind is not kept.
  private static let keptBufferBytes = 16 << 20

  private let compressor: ChunkCompressor
  private var bytes: [UInt8] = []

  init(compressor: ChunkCompressor) { self.compressor = compressor }

  /// Bytes that the frame takes in its segment.
  var count: Int { bytes.count }

  /// Makes the frame for `payload`; it lacks its position and checksum until it is stamped.
  mutating func load(_ payload: [UInt8]) throws(JournalError) {
    guard payload.count <= Frame.payloadBytesMax else {
      throw JournalError(
        .payloadTooLarge,
        "a payload of \(payload.count) bytes is more than a journal's frame can hold (\(Frame.payloadBytesMax)). "
          + "Split it."
      )
    }
    if bytes.capacity > Self.keptBufferBytes { bytes = [] }
    bytes.removeAll(keepingCapacity: true)
    bytes.append(contentsOf: repeatElement(0, count: Frame.headerBytes))
    let flags = loadPacked(payload) ? Frame.Flags.packed : []
    if flags.isEmpty { bytes += payload }
    set(UInt32(bytes.count - Frame.headerBytes), at: 8)
    set(UInt32(payload.count), at: 12)
    set(flags.rawValue, at: 4)
    pad()
  }

  /// Makes the mark that ends a segment; it lacks its position and checksum until it is stamped.
  mutating func loadContinuation() {
    bytes.removeAll(keepingCapacity: true)
    bytes.append(contentsOf: repeatElement(0, count: Frame.headerBytes))
    set(Frame.Flags.continued.rawValue, at: 4)
  }

  /// Gives the frame its position and, for the segment with that `seed`, its checksum.
  mutating func stamp(position: UInt64, seed: UInt32) {
    set(position, at: 16)
    let length = Int(
      UInt32(littleEndian: bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 8, as: UInt32.self) })
    )
    let checksum = bytes.withUnsafeBytes {
      CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[4..<Frame.headerBytes + length]), seed: seed)
    }
    set(checksum, at: 0)
  }

  /// Writes the frame at `offset` and returns when it is durable.
  func write(to file: borrowing Descriptor, at offset: Int) throws {
    try bytes.withUnsafeBytes { try file.write($0, at: offset) }
    try file.syncData()
  }

  private mutating func loadPacked(_ payload: [UInt8]) -> Bool {
    guard payload.count >= Self.packedFrom else { return false }
    // Room for one byte less than the payload: what would not be smaller does not fit.
    bytes.append(contentsOf: repeatElement(0, count: payload.count - 1))
    let length = payload.withUnsafeBytes { source in
      bytes.withUnsafeMutableBytes { target in
        compressor.pack(source, into: UnsafeMutableRawBufferPointer(rebasing: target[Frame.headerBytes...]))
      }
    }
    bytes.removeSubrange((Frame.headerBytes + (length ?? 0))...)
    return length != nil
  }

  private mutating func pad() {
    let missing = Frame.aligned(bytes.count) - bytes.count
    bytes.append(contentsOf: repeatElement(0, count: missing))
  }

  private mutating func set(_ value: some FixedWidthInteger, at offset: Int) {
    bytes.withUnsafeMutableBytes {
      $0.storeBytes(of: value.littleEndian, toByteOffset: offset, as: type(of: value))
    }
  }
}
