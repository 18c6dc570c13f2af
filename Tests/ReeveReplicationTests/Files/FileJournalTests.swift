import Foundation
import Glibc
import ReeveReplication
import Testing

@Suite("File journal: what is kept") struct FileJournalTests {
  @Test(arguments: [1, 2, 3, 81423] as [UInt64], [8 << 10, 64 << 10, 1 << 20])
  func `it is a journal by every law`(seed: UInt64, segmentBytes: Int) throws {
    let files = try TemporaryJournal(segmentBytes: segmentBytes)
    try checkJournal(seed: seed) { try files.open() }
    #expect(files.warnings.isEmpty)
  }

  @Test func `many payloads go on from segment to segment, which are named by their first positions`() throws
  {
    let files = try TemporaryJournal()
    let kept = (0..<2000).map { payload($0, count: 100) }
    try files.append(kept)
    let segments = try files.segments()
    #expect(segments.count > 10)
    #expect(segments[0].hasSuffix("/00000000000000000001.segment"))
    #expect(try files.payloads() == kept)
  }

  @Test func `segments are as long as asked for from the first on, and none is longer when it is full`()
    throws
  {
    let files = try TemporaryJournal()
    try files.append((0..<500).map { payload($0, count: 100) })
    for segment in try files.segments() { #expect(try files.read(segment).count == 16 << 10) }
  }

  @Test func `a payload larger than a segment gets a segment of its own`() throws {
    let files = try TemporaryJournal()
    var dice = SplitMix(state: 1)
    let large = (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &dice) }
    let kept = [payload(1), large, payload(2), large, large, payload(3)]
    try files.append(kept)
    #expect(try files.payloads() == kept)
    #expect(try files.read(files.segments()[1]).count > 100_000)
    try files.append([payload(4)])
    #expect(try files.payloads() == kept + [payload(4)])
  }

  @Test func `a first payload larger than the empty segment takes its place`() throws {
    let files = try TemporaryJournal()
    var dice = SplitMix(state: 2)
    let kept = [(0..<50_000).map { _ in UInt8.random(in: 0...255, using: &dice) }, payload(2)]
    do {
      let journal = try files.open()
      for payload in kept { _ = try journal.append(payload) }
      var found: [[UInt8]] = []
      try journal.replay { _, payload in found.append(payload) }
      #expect(found == kept)
    }
    #expect(try files.payloads() == kept)
    #expect(try files.segments().count == 1)
  }

  @Test func `payloads from 4 KiB up are packed where that makes them smaller`() throws {
    let files = try TemporaryJournal(segmentBytes: 64 << 10)
    let text = Array(String(repeating: "the same again and again, ", count: 400).utf8)
    try files.append([[UInt8]](repeating: text, count: 100))
    #expect(try files.segments().count == 1)
    #expect(try files.payloads() == [[UInt8]](repeating: text, count: 100))
  }

  @Test func `a payload of more than 256 MiB is refused in words`() throws {
    let journal = try TemporaryJournal().open()
    let error = #expect(throws: JournalError.self) {
      try journal.append([UInt8](repeating: 0, count: 256 << 20 + 1))
    }
    #expect(error?.code == .payloadTooLarge)
  }

  @Test func `its checksum is the Castagnoli polynomial's, going on from the header's`() throws {
    #expect(castagnoli(Array("123456789".utf8)) == 0xE306_9283)
    let files = try TemporaryJournal()
    try files.append([payload(1, count: 45)])
    let bytes = try files.read(files.segments()[0])
    func word(_ offset: Int) -> UInt32 {
      bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
    #expect(word(60) == castagnoli(bytes[..<60]))
    // What goes on from a checksum is the checksum of both parts together.
    let frame = TemporaryJournal.blockBytes
    #expect(word(frame) == castagnoli(Array(bytes[..<60]) + bytes[frame + 4..<frame + 24 + 45]))
  }

  @Test func `an empty journal opens at once, and with 4 MiB`() throws {
    let files = try TemporaryJournal(segmentBytes: 64 << 20)
    let start = ContinuousClock.now
    _ = try files.open()
    // Some 10 ms; the rest is for a machine that does other things too.
    #expect(ContinuousClock.now - start < .milliseconds(500))
    #expect(try files.read(files.segments()[0]).count == 4 << 20)
  }

  @Test func `a second opener is refused and told who has it, until the first one is gone`() throws {
    let files = try TemporaryJournal()
    let first = try files.open()
    let refusal = files.refusal()
    #expect(refusal?.code == .locked)
    #expect(refusal?.message.hasPrefix("process \(getpid()) has the journal open") == true)
    #expect(refusal?.message.contains(files.directory + "/lock") == true)
    withExtendedLifetime(first) {}
    try first.replay { _, _ in }
  }

  @Test func `a closed journal can be opened, though a child that is being started still has its files`()
    throws
  {
    let files = try TemporaryJournal()
    try files.append([payload(1)])
    let journal = try files.open()
    let held = (Int32(0)..<1024).filter { number in
      let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")
      return link == files.directory + "/lock"
    }
    // As a fork does, until the child has become its program.
    let copies = held.map { fcntl($0, F_DUPFD_CLOEXEC, 0) }
    defer { for copy in copies { close(copy) } }
    #expect(copies.count == 1)
    _ = consume journal
    #expect(try files.payloads().count == 1)
  }

  @Test func `no child of the process inherits its files`() throws {
    let files = try TemporaryJournal()
    let journal = try files.open()
    var found = 0
    for number in Int32(0)..<1024 {
      let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")
      guard let link, link.hasPrefix(files.directory) else { continue }
      found += 1
      #expect(fcntl(number, F_GETFD) & FD_CLOEXEC != 0, "\(link)")
    }
    #expect(found == 2)
    withExtendedLifetime(journal) {}
  }

  @Test func `it can be handed to the one who will write`() async throws {
    let files = try TemporaryJournal()
    let writer = Writer(try files.open())
    #expect(try await writer.append(payload(1)) == 1)
  }

  private actor Writer {
    private let journal: any Journal
    init(_ journal: sending any Journal) { self.journal = journal }
    func append(_ payload: [UInt8]) throws -> UInt64 { try journal.append(payload) }
  }
}
