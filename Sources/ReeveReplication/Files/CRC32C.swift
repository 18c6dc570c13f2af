/// The Castagnoli checksum (RFC 3720, appendix B.4), eight bytes a step.
///
/// Written out because zstd does not export its own hash, and in tables because the processor's instruction is not on every
/// machine. It finds every burst of up to 32 bits, which a sum would not; it is no protection against intent.
enum CRC32C {
  /// Eight tables of 256 entries; entry `k * 256 + b` is the effect of byte `b` followed by `k` zero bytes.
  private static let tables: [UInt32] = {
    let polynomial: UInt32 = 0x82F6_3B78
    var tables: [UInt32] = []
    for byte in UInt32(0)..<256 {
      var crc = byte
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ polynomial : crc >> 1 }
      tables.append(crc)
    }
    for index in 256..<2048 {
      let shorter = tables[index - 256]
      tables.append(shorter >> 8 ^ tables[Int(shorter & 0xFF)])
    }
    return tables
  }()

  /// The checksum of what `seed` is the checksum of, followed by `bytes`.
  static func checksum(_ bytes: UnsafeRawBufferPointer, seed: UInt32 = 0) -> UInt32 {
    tables.withUnsafeBufferPointer { tables in
      var crc = ~seed
      var offset = 0
      while offset + 8 <= bytes.count {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        crc = step(word ^ UInt64(crc), tables)
        offset += 8
      }
      while offset < bytes.count {
        crc = crc >> 8 ^ tables[Int((crc ^ UInt32(bytes[offset])) & 0xFF)]
        offset += 1
      }
      return ~crc
    }
  }

  @inline(__always)
  private static func step(_ word: UInt64, _ tables: UnsafeBufferPointer<UInt32>) -> UInt32 {
    func entry(_ table: Int, _ shift: UInt64) -> UInt32 { tables[table * 256 + Int(word >> shift & 0xFF)] }
    let low = entry(7, 0) ^ entry(6, 8) ^ entry(5, 16) ^ entry(4, 24)
    let high = entry(3, 32) ^ entry(2, 40) ^ entry(1, 48) ^ entry(0, 56)
    return low ^ high
  }
}
