import CZstd

/// Packs and unpacks chunks with zstd. Its contexts (some 100 KiB each) are made once and used again.
final class ChunkCompressor {
  /// The fastest of zstd's regular levels: the journal waits for it before every sync.
  private static let level: Int32 = 1

  private let packing: OpaquePointer
  private let unpacking: OpaquePointer

  init() {
    guard let packing = ZSTD_createCCtx(), let unpacking = ZSTD_createDCtx() else {
      fatalError("zstd could not allocate its contexts: the process is out of memory")
    }
    self.packing = packing
    self.unpacking = unpacking
    ZSTD_CCtx_setParameter(packing, ZSTD_c_compressionLevel, Self.level)
  }

  deinit {
    ZSTD_freeCCtx(packing)
    ZSTD_freeDCtx(unpacking)
  }

  /// Writes the packed form of `source` to the beginning of `target`.
  /// - Returns: Its length, or `nil` if it does not fit.
  func pack(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Int? {
    let length = ZSTD_compress2(packing, target.baseAddress, target.count, source.baseAddress, source.count)
    return ZSTD_isError(length) == 0 ? length : nil
  }

  /// Unpacks `source`, which must come to exactly `length` bytes.
  /// - Returns: `nil` if it does not.
  func unpack(_ source: UnsafeRawBufferPointer, length: Int) -> [UInt8]? {
    let bytes = [UInt8](unsafeUninitializedCapacity: length) { target, count in
      let unpacked = ZSTD_decompressDCtx(
        unpacking,
        target.baseAddress,
        length,
        source.baseAddress,
        source.count
      )
      count = ZSTD_isError(unpacked) == 0 ? unpacked : 0
    }
    return bytes.count == length ? bytes : nil
  }
}
