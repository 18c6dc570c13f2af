import CZlib
package import ReeveModel

/// The bytes that a gzipped file holds; those of any other file as they are.
///
/// Several members one after the other are one file, as for `gzip -d`.
/// - Throws: `.syntax` where the file is damaged or cut short; `.tooLarge` where it unpacks to 1 GiB or more.
package func unzipped(_ bytes: [UInt8]) throws(Refusal) -> [UInt8] {
  guard bytes.starts(with: [0x1f, 0x8b]) else { return bytes }
  guard bytes.count < Document.largestFile else { throw tooLargeUnpacked }
  var stream = z_stream()
  // 15 is the largest window, and 16 more asks for the gzip format.
  guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
    throw Refusal(
      .unavailable,
      "zlib cannot be started: it has no memory, or another version than was built against."
    )
  }
  defer { inflateEnd(&stream) }
  var source = bytes
  var unpacked: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 1 << 18)
  try source.withUnsafeMutableBufferPointer { source throws(Refusal) in
    stream.next_in = source.baseAddress
    stream.avail_in = UInt32(source.count)
    repeat {
      let status = inflateBlock(&stream, into: &block, &unpacked)
      if unpacked.count >= Document.largestFile { throw tooLargeUnpacked }
      if status == Z_STREAM_END {
        if stream.avail_in > 0 { inflateReset(&stream) }
      } else if status != Z_OK {
        throw Refusal(
          .syntax,
          "the gzipped file is damaged or cut short after \(unpacked.count) bytes. `gzip -t` checks it."
        )
      } else if stream.avail_in == 0 && stream.avail_out > 0 {
        throw Refusal(.syntax, "the gzipped file is cut short after \(unpacked.count) bytes.")
      }
      if status == Z_STREAM_END && stream.avail_in == 0 { break }
    } while true
  }
  return unpacked
}

private let tooLargeUnpacked = Refusal(.tooLarge, "the file unpacks to 1 GiB or more; the most is less.")

private func inflateBlock(
  _ stream: inout z_stream,
  into block: inout [UInt8],
  _ unpacked: inout [UInt8]
) -> Int32 {
  block.withUnsafeMutableBufferPointer { block in
    stream.next_out = block.baseAddress
    stream.avail_out = UInt32(block.count)
    let status = inflate(&stream, Z_NO_FLUSH)
    unpacked.append(contentsOf: block[..<(block.count - Int(stream.avail_out))])
    return status
  }
}
