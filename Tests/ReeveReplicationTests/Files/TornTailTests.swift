import Foundation
import ReeveReplication
import Testing

/// Three payloads without padding; the last of them is what a crash can have torn.
private let kept = [payload(1), payload(2), payload(3)]
private let offsets = TemporaryJournal.offsets(of: kept.map(\.count))

@Suite("File journal: an append that a crash interrupted") struct TornTailTests {
  private let files: TemporaryJournal
  private let segment: String
  private let whole: [UInt8]

  init() throws {
    files = try TemporaryJournal(segmentBytes: 8 << 10)
    try files.append(kept)
    segment = try files.segments()[0]
    whole = try files.read(segment)
  }

  /// Only the last payload is gone, with one warning; the next append takes its position, and is kept.
  private func expectCut(_ harmed: [UInt8], _ comment: Comment) throws {
    try files.write(harmed, to: segment)
    let warned = files.warnings.count
    #expect(try files.payloads() == Array(kept.dropLast()), comment)
    #expect(files.warnings.count == warned + 1, comment)
    #expect(files.warnings.last?.contains("position 3, from byte \(offsets[2]) to ") == true, comment)
    #expect(
      try files.read(segment) == whole[..<offsets[2]] + [UInt8](repeating: 0, count: whole.count - offsets[2])
    )
    #expect(try files.open().append(payload(4)) == 3, comment)
    #expect(try files.payloads() == [kept[0], kept[1], payload(4)], comment)
    #expect(files.warnings.count == warned + 1, comment)
  }

  @Test func `the file may end anywhere in the last frame`() throws {
    for end in offsets[2] + 1..<offsets[3] { try expectCut(Array(whole[..<end]), "ends at \(end)") }
  }

  @Test func `only the beginning of the last frame may be written`() throws {
    for end in offsets[2] + 1..<offsets[3] {
      let missing = [UInt8](repeating: 0, count: whole.count - end)
      try expectCut(whole[..<end] + missing, "written to \(end)")
    }
  }

  @Test func `only the end of the last frame may be written`() throws {
    for begin in offsets[2] + 1..<offsets[3] {
      let missing = [UInt8](repeating: 0, count: begin - offsets[2])
      try expectCut(whole[..<offsets[2]] + missing + whole[begin...], "written from \(begin)")
    }
  }

  @Test func `any byte of the last frame may be wrong`() throws {
    for place in offsets[2]..<offsets[3] {
      var harmed = whole
      harmed[place] ^= 0x20
      try expectCut(harmed, "byte \(place)")
    }
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `garbage behind the last frame is cut, wherever it is`(seed: UInt64) throws {
    var dice = SplitMix(state: seed)
    var harmed = whole
    for place in Int.random(in: offsets[3]..<harmed.count, using: &dice)..<harmed.count {
      harmed[place] = UInt8.random(in: 0...255, using: &dice)
    }
    harmed += (0..<Int.random(in: 1...5000, using: &dice)).map { _ in UInt8.random(in: 1...255, using: &dice)
    }
    try files.write(harmed, to: segment)
    #expect(try files.payloads() == kept)
    #expect(files.warnings.count == 1)
    #expect(try files.read(segment) == whole)
  }

  @Test func `a payload that contains a whole segment is no frame when it is torn`() throws {
    var dice = SplitMix(state: 5)
    // What it contains was valid where it came from, has later positions and would be found by the search.
    let other = try TemporaryJournal(segmentBytes: 8 << 10)
    try other.append((0..<20).map { payload($0) })
    let copied = try other.read(other.segments()[0])[4096..<5500]
    let padding = (0..<2496).map { _ in UInt8.random(in: 0...255, using: &dice) }
    let larger = try TemporaryJournal(segmentBytes: 64 << 10)
    try larger.append([payload(1), padding + copied])
    let path = try larger.segments()[0]
    try larger.change(path) { $0[offsets[1]] ^= 1 }
    #expect(try larger.payloads() == [payload(1)])
    #expect(larger.warnings.count == 1)
  }

  @Test func `a segment that was only begun is no loss`() throws {
    try files.append([payload(4, count: 3000), payload(5, count: 3000)])
    let begun = try files.segments()[1]
    try files.change(begun) { $0.replaceSubrange(4096..., with: [UInt8](repeating: 0, count: 4096)) }
    #expect(try files.payloads() == kept + [payload(4, count: 3000)])
    #expect(files.warnings.isEmpty)
  }

  @Test func `a torn mark in a segment that is followed by another is no loss`() throws {
    try files.append([payload(4, count: 3000), payload(5, count: 3000)])
    let mark = TemporaryJournal.offsets(of: [40, 40, 40, 3000])[4]
    for place in mark..<mark + 24 {
      let before = try files.read(segment)
      try files.change(segment) { $0[place] ^= 0x20 }
      #expect(try files.payloads().count == 5)
      try files.write(before, to: segment)
    }
    #expect(files.warnings.isEmpty)
  }

  @Test func `a file that was being prepared is removed`() throws {
    let left = files.directory + "/journal/next"
    try files.write([1, 2, 3], to: left)
    #expect(try files.payloads() == kept)
    #expect(!FileManager.default.fileExists(atPath: left))
  }
}
