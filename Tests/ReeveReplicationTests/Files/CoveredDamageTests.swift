import ReeveReplication
import Testing

@Suite("File journal: damage of what a snapshot has") struct CoveredDamageTests {
  private let files: TemporaryJournal
  private static let count: UInt64 = 300
  /// Frames of 64 bytes that a segment of 8 KiB holds, and the mark behind them.
  private static let perSegment: UInt64 = 63

  init() throws {
    files = try TemporaryJournal(segmentBytes: 8 << 10)
    try files.append((0..<Int(Self.count)).map { payload($0) })
  }

  /// Changes one byte in each of these positions' frames.
  private func harm(_ positions: some Sequence<UInt64>, at place: Int = 30) throws {
    for position in positions {
      let index = Int(position - 1)
      let path = try files.segments()[index / Int(Self.perSegment)]
      let offset = TemporaryJournal.blockBytes + index % Int(Self.perSegment) * 64
      try files.change(path) { $0[offset + place] ^= 0x20 }
    }
  }

  private func bytes() throws -> [[UInt8]] { try files.segments().map(files.read) }

  private func expectReplay(after position: UInt64, through end: UInt64 = count) throws {
    var found: [UInt64] = []
    try files.open(after: position).replay { position, bytes in
      found.append(position)
      #expect(bytes == payload(Int(position) - 1))
    }
    #expect(found == Array(position + 1..<end + 1))
  }

  private func expectRefusal(after position: UInt64, _ words: String) throws {
    let before = try bytes()
    let error = #expect(throws: JournalError.self) { try files.open(after: position) }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    #expect(try bytes() == before)
  }

  @Test func `it is stepped over, whichever byte is wrong, and left as it is`() throws {
    for place in 0..<64 {
      try harm([80], at: place)
      let before = try bytes()
      let warned = files.warnings.count
      try expectReplay(after: 100)
      #expect(files.warnings.count == warned + 1)
      #expect(files.warnings.last?.contains("where the positions 80 to 80 were") == true)
      #expect(try bytes() == before)
      try harm([80], at: place)
    }
  }

  @Test func `any stretch of it is, up to the first position that the snapshot does not have`() throws {
    try harm(64...70)
    try harm([75])
    try harm(90...100)
    try expectReplay(after: 100)
    #expect(files.warnings.count == 3)
    #expect(files.warnings.last?.contains("positions 90 to 100 were") == true)
  }

  @Test func `what is read beside the writer steps over it too`() throws {
    try harm(90...100)
    let reader = JournalFiles(directory: files.directory)
    var next: UInt64 = 101
    try reader.read(after: 100, through: 250) { position, found in
      #expect(position == next && found == payload(Int(position) - 1))
      next += 1
    }
    #expect(next == 251)
    #expect(throws: JournalError.self) { try reader.read(after: 99, through: 250) { _, _ in } }
    try harm([101])
    #expect(throws: JournalError.self) { try reader.read(after: 100, through: 250) { _, _ in } }
  }

  @Test func `damage that reaches what the snapshot does not have is refused`() throws {
    try harm([80, 101])
    try expectRefusal(after: 100, "where position 101 should be")
    try harm([101])
    try harm(100...101)
    try expectRefusal(after: 100, "where position 100 should be")
  }

  @Test func `behind it a torn tail is cut, and what is whole goes on`() throws {
    try harm([260, 261])
    try harm([300])
    do {
      let journal = try files.open(after: 280)
      #expect(files.warnings.count == 2)
      #expect(files.warnings.first?.contains("positions 260 to 261 were") == true)
      #expect(files.warnings.last?.contains("interrupted: position 300,") == true)
      #expect(try journal.append(payload(299)) == 300)
    }
    try expectReplay(after: 280)
    #expect(files.warnings.count == 3)
  }

  @Test func `where nothing whole stands behind it, nobody can tell what did, and it is refused`() throws {
    try harm([300])
    try expectRefusal(after: 300, "ends at position 299, but there is a snapshot of position 300")
    try harm([299])
    try expectRefusal(after: 299, "ends at position 298, but there is a snapshot of position 299")
  }
}
