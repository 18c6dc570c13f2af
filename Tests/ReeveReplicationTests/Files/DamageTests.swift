import Foundation
import ReeveReplication
import Testing

@Suite("File journal: damage that no crash explains") struct DamageTests {
  private let files: TemporaryJournal

  init() throws { files = try TemporaryJournal(segmentBytes: 8 << 10) }

  /// Opening is refused with `code` and these words, and changes nothing.
  private func expectRefusal(_ code: JournalError.Code, _ words: [String]) throws {
    let before = try files.segments().map(files.read)
    let refusal = files.refusal()
    #expect(refusal?.code == code)
    for word in words {
      #expect(refusal?.message.contains(word) == true, "\(word) in: \(refusal?.message ?? "-")")
    }
    #expect(try files.segments().map(files.read) == before)
    #expect(files.warnings.isEmpty)
  }

  @Test func `any wrong byte of a frame with others behind it is refused, and named`() throws {
    try files.append([payload(1), payload(2), payload(3)])
    let path = try files.segments()[0]
    let offsets = TemporaryJournal.offsets(of: [40, 40])
    for place in offsets[1]..<offsets[2] {
      try files.change(path) { $0[place] ^= 0x20 }
      try expectRefusal(
        .damaged,
        [
          path, "at byte \(offsets[1])", "position 2 ", "position 3 stands whole",
          "truncate --size=\(offsets[1])",
        ]
      )
      try files.change(path) { $0[place] ^= 0x20 }
    }
  }

  @Test func `what the message advises leads to a journal that ends before the damage`() throws {
    try files.append([payload(1), payload(2), payload(3)])
    let path = try files.segments()[0]
    let offset = TemporaryJournal.offsets(of: [40])[1]
    try files.change(path) { $0[offset + 30] ^= 1 }
    try expectRefusal(.damaged, ["truncate --size=\(offset) \(path)"])
    try files.change(path) { $0.removeSubrange(offset...) }
    #expect(try files.payloads() == [payload(1)])
    #expect(try files.open().append(payload(9)) == 2)
    #expect(try files.payloads() == [payload(1), payload(9)])
  }

  @Test func `the last frame of a segment that is followed by another cannot be torn`() throws {
    try files.append((0..<100).map { payload($0) })
    let path = try files.segments()[0]
    let last = TemporaryJournal.offsets(of: [Int](repeating: 40, count: 63))
    try files.change(path) { $0[last[62] + 30] ^= 1 }
    try expectRefusal(
      .damaged,
      [path, "at byte \(last[62])", "position 63 ", "with all later segments moved away"]
    )
  }

  @Test func `any wrong byte in a segment's header is refused`() throws {
    try files.append((0..<200).map { payload($0) })
    for path in try files.segments() {
      for place in 0..<64 {
        try files.change(path) { $0[place] ^= 0x20 }
        try expectRefusal(.damaged, [path, "at byte 0"])
        try files.change(path) { $0[place] ^= 0x20 }
      }
    }
  }

  @Test func `any missing segment is refused, the last one too`() throws {
    try files.append((0..<200).map { payload($0) })
    #expect(try files.segments().count == 4)
    for path in try files.segments() {
      let bytes = try files.read(path)
      try files.remove(path)
      try expectRefusal(.segmentMissing, [path + " is missing"])
      try files.write(bytes, to: path)
    }
    #expect(try files.payloads().count == 200)
  }

  @Test func `what the message about a missing segment advises leads to a journal that ends before it`()
    throws
  {
    try files.append((0..<200).map { payload($0) })
    let segments = try files.segments()
    try files.remove(segments[2])
    try expectRefusal(.segmentMissing, ["moving all later segments away"])
    try files.remove(segments[3])
    let mark = TemporaryJournal.offsets(of: [Int](repeating: 40, count: 63))[63]
    try expectRefusal(.segmentMissing, ["truncate --size=\(mark) \(segments[1])"])
    try files.change(segments[1]) { $0.removeSubrange(mark...) }
    #expect(try files.payloads() == (0..<126).map { payload($0) })
  }

  @Test func `a segment under another's name is refused`() throws {
    try files.append([payload(1)])
    let other = try TemporaryJournal(segmentBytes: 8 << 10)
    try other.append((0..<200).map { payload($0) })
    try files.write(other.read(other.segments()[1]), to: files.segments()[0])
    try expectRefusal(.damaged, ["its name was 00000000000000000064.segment"])
  }

  @Test func `a frame of another segment is not taken for one`() throws {
    try files.append((0..<70).map { payload($0) })
    let segments = try files.segments()
    let copied = try files.read(segments[1])[4096..<4160]
    // The same bytes at the same place of a segment with another header.
    let other = try TemporaryJournal(segmentBytes: 16 << 10)
    try other.append([])
    try other.change(other.segments()[0]) { $0.replaceSubrange(4096..<4160, with: copied) }
    #expect(try other.payloads().isEmpty)
    #expect(other.warnings.count == 1)
  }

  @Test func `another cluster's journal is refused, and both are named`() throws {
    try files.append([payload(1)])
    let refusal = files.refusal(cluster: 0xAB)
    #expect(refusal?.code == .otherCluster)
    #expect(refusal?.message.contains("the cluster 00000000000000000000000000000007, not to ") == true)
    #expect(refusal?.message.contains("000000000000000000000000000000ab") == true)
  }

  @Test func `a newer format is refused in words, however its first block is used`() throws {
    try files.append([payload(1)])
    let path = try files.segments()[0]
    try files.change(path) { bytes in
      bytes[8] = 4
      let checksum = castagnoli(bytes[..<60])
      for index in 0..<4 { bytes[60 + index] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * index)) }
    }
    try expectRefusal(.newerFormat, [path, "format 4", "it knows format 3"])
  }

  @Test func `a format that cannot be read any more is refused in words`() throws {
    try files.append([payload(1)])
    let path = try files.segments()[0]
    try files.change(path) { bytes in
      bytes[8] = 1
      let checksum = castagnoli(bytes[..<60])
      for index in 0..<4 { bytes[60 + index] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * index)) }
    }
    try expectRefusal(.olderFormat, [path, "format 1", "new data directory"])
  }

  @Test func `bytes that rot while it is open are not replayed`() throws {
    let journal = try files.open()
    _ = try journal.append(payload(1))
    try files.change(files.segments()[0]) { $0[4096 + 30] ^= 1 }
    let error = #expect(throws: JournalError.self) { try journal.replay { _, _ in } }
    #expect(error?.code == .damaged)
  }
}
