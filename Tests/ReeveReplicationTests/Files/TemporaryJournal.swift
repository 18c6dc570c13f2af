import Foundation
import ReeveReplication
import Testing

/// A directory for one file journal, removed with the value, and the verbs to harm what is in it.
final class TemporaryJournal {
  /// Bytes before the first frame of a segment, and before the stored bytes of a frame.
  static let blockBytes = 4096
  static let frameHeaderBytes = 24

  let directory: String
  let segmentBytes: Int
  private(set) var warnings: [String] = []

  init(segmentBytes: Int = 16 << 10) throws {
    directory = FileManager.default.temporaryDirectory.path + "/reeve-journal-" + UUID().uuidString
    self.segmentBytes = segmentBytes
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  /// Opens it where there is a snapshot of `position` that can be used, and one of `later` that cannot be read.
  func open(cluster: UInt128 = 7, after position: UInt64 = 0, reaches later: UInt64 = 0) throws
    -> FileJournal
  {
    try FileJournal(
      directory: directory,
      segmentBytes: segmentBytes,
      warn: { warnings.append($0) },
      expecting: { JournalExpectation(cluster: cluster, after: position, reaches: later) }
    )
  }

  /// Opens, appends and closes.
  func append(_ payloads: [[UInt8]]) throws {
    let journal = try open()
    for payload in payloads { _ = try journal.append(payload) }
  }

  /// Opens, replays and closes.
  func payloads() throws -> [[UInt8]] {
    var payloads: [[UInt8]] = []
    try open().replay { _, payload in payloads.append(payload) }
    return payloads
  }

  /// The error that opening meets.
  func refusal(cluster: UInt128 = 7) -> JournalError? {
    do {
      _ = try open(cluster: cluster)
      return nil
    } catch {
      return error as? JournalError
    }
  }

  /// The segments' paths, in order.
  func segments() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory + "/journal")
      .filter { $0.hasSuffix(".segment") }.sorted().map { directory + "/journal/" + $0 }
  }

  func read(_ path: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(filePath: path))) }

  func write(_ bytes: [UInt8], to path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }

  func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }

  /// Changes the file as a whole; the journal must be closed.
  func change(_ path: String, _ body: (inout [UInt8]) -> Void) throws {
    var bytes = try read(path)
    body(&bytes)
    try write(bytes, to: path)
  }

  /// Where frames of payloads with these lengths (below the packed ones) begin, and where the last one ends.
  static func offsets(of lengths: [Int]) -> [Int] {
    lengths.reduce(into: [blockBytes]) { offsets, length in
      offsets.append(offsets[offsets.count - 1] + (frameHeaderBytes + length + 7) / 8 * 8)
    }
  }
}

/// `count` bytes without a zero among them, different for each `mark`.
func payload(_ mark: Int, count: Int = 40) -> [UInt8] {
  (0..<count).map { UInt8(1 + ($0 &+ mark * 31) % 255) }
}

/// The same checksum as the journal's, bit by bit, so that the two vouch for each other.
func castagnoli(_ bytes: some Sequence<UInt8>) -> UInt32 {
  var crc = UInt32.max
  for byte in bytes {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0x82F6_3B78 : crc >> 1 }
  }
  return ~crc
}
