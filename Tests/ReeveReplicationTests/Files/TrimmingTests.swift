import Foundation
import ReeveReplication
import Testing

@Suite("File journal: what a snapshot stands in for") struct TrimmingTests {
  private let files: TemporaryJournal
  private let count = 300

  init() throws {
    files = try TemporaryJournal(segmentBytes: 8 << 10)
    try files.append((0..<count).map { payload($0) })
  }

  private var reader: JournalFiles { JournalFiles(directory: files.directory) }

  private func open(after position: UInt64) throws -> FileJournal {
    let warned = files.warnings.count
    defer { #expect(files.warnings.count == warned) }
    return try files.open(after: position)
  }

  private func replayed(after position: UInt64) throws -> [UInt64] {
    var positions: [UInt64] = []
    try open(after: position).replay { position, found in
      positions.append(position)
      #expect(found == payload(Int(position) - 1))
    }
    return positions
  }

  @Test func `it replays what came after, wherever that begins`() throws {
    for position in 0...UInt64(count) {
      #expect(try replayed(after: position) == Array(position..<UInt64(count)).map { $0 + 1 })
    }
  }

  @Test func `what is durable can be read beside the writer, any stretch of it`() throws {
    let journal = try open(after: 0)
    for number in count..<2 * count {
      _ = try journal.append(payload(number))
      let end = journal.nextPosition - 1
      for start in [0, end / 2, end - 5, end] {
        var next = start
        try reader.read(after: start, through: end) { position, found in
          next += 1
          #expect(position == next && found == payload(Int(position) - 1))
        }
        #expect(next == end)
      }
    }
  }

  @Test func `trimming leaves all that comes after the position, and little before it`() throws {
    for position in 0...UInt64(count) {
      try reader.trim(through: position)
      #expect(try replayed(after: position) == Array(position..<UInt64(count)).map { $0 + 1 })
      let oldest = try #require(try files.segments().first)
      let first = try #require(UInt64(oldest.split(separator: "/").last?.prefix(20) ?? ""))
      #expect(first <= position + 1 && position < first + 64)
    }
    #expect(try files.segments().count == 1)
    #expect(try open(after: 300).append(payload(300)) == 301)
    #expect(try replayed(after: 290).count == 11)
  }

  @Test func `where trimmed positions are asked for, the start is refused, and says what would help`() throws
  {
    try reader.trim(through: 200)
    let oldest = try files.segments()[0]
    for position in [0, 1, 100] as [UInt64] {
      let error = #expect(throws: JournalError.self) { try open(after: position) }
      #expect(error?.code == .segmentMissing)
      let words = [
        "begins at position", "no snapshot that can be used", "Restore that file, or a newer snapshot",
      ]
      for word in words { #expect(error?.message.contains(word) == true, "\(error?.message ?? "")") }
    }
    #expect(try files.segments()[0] == oldest)
    let error = #expect(throws: JournalError.self) { try reader.read(after: 1, through: 300) { _, _ in } }
    #expect(error?.code == .segmentMissing)
  }

  @Test func `a segment that is missing after the snapshot is refused, one before it is not missed`() throws {
    let segments = try files.segments()
    #expect(segments.count == 5)
    try files.remove(segments[1])
    #expect(throws: JournalError.self) { try open(after: 0) }
    #expect(throws: JournalError.self) { try open(after: 100) }
    #expect(try replayed(after: 130).count == 170)
  }

  @Test func `a journal that ends before the snapshot is refused`() throws {
    let error = #expect(throws: JournalError.self) { try open(after: 301) }
    #expect(error?.code == .segmentMissing)
    #expect(error?.message.contains("ends at position 300, but there is a snapshot of position 301") == true)
  }

  @Test
  func `a last frame that a snapshot has, and that is damaged, is not cut as if it had never been answered`()
    throws
  {
    let last = try #require(try files.segments().last)
    try files.change(last) { bytes in
      if let end = bytes.lastIndex(where: { $0 != 0 }) { bytes[end] ^= 1 }
    }
    let before = try files.read(last)
    let error = #expect(throws: JournalError.self) { try open(after: 300) }
    #expect(error?.message.contains("ends at position 299, but there is a snapshot of position 300") == true)
    #expect(try files.read(last) == before)
  }

  @Test func `an empty one goes on after the snapshot, as the message advises, and says so`() throws {
    for segment in try files.segments() { try files.remove(segment) }
    #expect(try files.open(after: 500).append(payload(500)) == 501)
    #expect(files.warnings.count == 1 && files.warnings[0].contains("goes on after its position 500"))
    #expect(try replayed(after: 500) == [501])
  }

  @Test func `one that does not reach as far as a snapshot that cannot be read is refused, and not changed`()
    throws
  {
    #expect(try files.open(after: 200, reaches: 300).nextPosition == 301)
    let before = try files.segments()
    let error = #expect(throws: JournalError.self) { try files.open(after: 200, reaches: 301) }
    #expect(error?.message.contains("snapshot of position 301, which cannot be read") == true)
    #expect(try files.segments() == before)
    for segment in before { try files.remove(segment) }
    #expect(throws: JournalError.self) { try files.open(reaches: 1) }
    #expect(try files.segments().isEmpty)
  }
}
