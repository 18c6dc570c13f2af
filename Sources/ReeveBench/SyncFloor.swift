import Glibc
import ReeveModel

/// The least that a durable write costs here: 4 KiB over zeroes that are there already, and `fdatasync`.
enum SyncFloor {
  private static let blockBytes = 4_096

  /// Milliseconds.
  static func latencies(_ count: Int) throws -> Samples {
    let place = try TemporaryDirectory("sync")
    defer { place.remove() }
    let file = open("\(place.path)/file", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    defer { close(file) }
    let zeroes = [UInt8](repeating: 0, count: count * blockBytes)
    let block = [UInt8](repeating: 0x78, count: blockBytes)
    guard file >= 0, pwrite(file, zeroes, zeroes.count, 0) == zeroes.count, fsync(file) == 0 else {
      throw Refusal(.unavailable, "\"\(place.path)\" cannot be written: \(String(cString: strerror(errno)))")
    }
    return Samples(
      (0..<count).map { i in
        let start = ContinuousClock.now
        pwrite(file, block, block.count, off_t(i * blockBytes))
        fdatasync(file)
        return (ContinuousClock.now - start).milliseconds
      }
    )
  }
}
