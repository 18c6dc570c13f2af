import Foundation
import ReeveReplication
import Testing

/// Snapshots and a journal in one directory, and the verbs to harm them.
final class TemporarySnapshots {
  let files: TemporaryJournal
  private(set) var warnings: [String] = []

  init(segmentBytes: Int = 8 << 10) throws { files = try TemporaryJournal(segmentBytes: segmentBytes) }

  var directory: String { files.directory + "/snapshots" }

  func open(cluster: UInt128 = 7, content: UInt32 = 1) throws -> FileSnapshots {
    try FileSnapshots(directory: files.directory, cluster: cluster, content: content)
  }

  @discardableResult
  func write(_ position: UInt64, _ parts: [[UInt8]] = [payload(1), payload(2, count: 50_000)]) throws
    -> SnapshotManifest
  {
    try open().write(position: position) { add in for part in parts { try add(part) } }
  }

  func list() throws -> [UInt64] { try open().list { warnings.append($0) }.found.map(\.position) }

  func parts(of position: UInt64) throws -> [[UInt8]] {
    let snapshots = try open()
    let manifest = try #require(try snapshots.list { _ in }.found.first { $0.position == position })
    var parts: [[UInt8]] = []
    try snapshots.read(manifest) { parts.append($0) }
    return parts
  }

  func path(_ position: UInt64, _ file: String = "") -> String {
    directory + "/" + String(repeating: "0", count: 20 - "\(position)".count) + "\(position)/" + file
  }

  /// Puts in a file's place what can be opened and not read.
  func makeUnreadable(_ position: UInt64, _ file: String) throws {
    try files.remove(path(position, file))
    try FileManager.default.createSymbolicLink(
      atPath: path(position, file),
      withDestinationPath: directory
    )
  }

  func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: directory).sorted() }
}

@Suite("Snapshots in files") struct FileSnapshotsTests {
  private let snapshots: TemporarySnapshots

  init() throws { snapshots = try TemporarySnapshots() }

  @Test func `parts come back in their order, packed or not, and the newest snapshot is the first`() throws {
    var dice = SplitMix(state: 3)
    let random = (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &dice) }
    try snapshots.write(5)
    let made = try snapshots.write(12, [[], random, [UInt8](repeating: 1, count: 1 << 20), payload(3)])
    #expect(made.position == 12 && made.unpackedBytes == 100_000 + 1 << 20 + 40)
    #expect(try snapshots.list() == [12, 5])
    #expect(try snapshots.parts(of: 12) == [[], random, [UInt8](repeating: 1, count: 1 << 20), payload(3)])
    #expect(try snapshots.parts(of: 5) == [payload(1), payload(2, count: 50_000)])
    #expect(snapshots.warnings.isEmpty)
  }

  @Test func `older ones are removed, whatever became of them`() throws {
    for position in 1...6 as ClosedRange<UInt64> { try snapshots.write(position) }
    try snapshots.files.change(snapshots.path(2, "manifest")) { $0[0] ^= 1 }
    try snapshots.makeUnreadable(3, "manifest")
    try snapshots.open().removeOlder(than: 5)
    #expect(try snapshots.list() == [6, 5])
    #expect(try snapshots.names().count == 2)
  }

  @Test func `one whose manifest the disk does not give is passed over, told, and left as it is`() throws {
    try snapshots.write(3)
    try snapshots.write(8)
    try snapshots.makeUnreadable(8, "manifest")
    let list = try snapshots.open().list { #expect($0.contains("position 8 is passed over for now")) }
    #expect(list.found.map(\.position) == [3] && list.unreadable == 8)
    try snapshots.open().removeUnfinished()
    #expect(try snapshots.names().count == 2)
  }

  @Test func `what could not be made leaves nothing behind`() throws {
    struct Failed: Error {}
    try snapshots.write(3)
    #expect(throws: Failed.self) {
      _ = try snapshots.open().write(position: 9) { add in
        try add(payload(1))
        throw Failed()
      }
    }
    #expect(try snapshots.names() == ["00000000000000000003"])
  }

  @Test func `what was being made when the process died is no snapshot, and is removed`() throws {
    try snapshots.write(3)
    // While its parts were written.
    try snapshots.write(9)
    try FileManager.default.moveItem(atPath: snapshots.path(9), toPath: snapshots.directory + "/new")
    try FileManager.default.removeItem(atPath: snapshots.directory + "/new/manifest")
    #expect(try snapshots.list() == [3] && snapshots.warnings.isEmpty)
    try snapshots.open().removeUnfinished()
    #expect(try snapshots.names() == ["00000000000000000003"])
    // The same a moment later: it has its name, and a manifest that is not renamed yet.
    try snapshots.write(8)
    try FileManager.default.moveItem(
      atPath: snapshots.path(8, "manifest"),
      toPath: snapshots.path(8, "manifest.new")
    )
    #expect(try snapshots.list() == [3] && snapshots.warnings.isEmpty)
    try snapshots.open().removeUnfinished()
    #expect(try snapshots.names() == ["00000000000000000003"])
    try snapshots.write(8)
    #expect(try snapshots.list() == [8, 3])
  }

  @Test func `a manifest of which any byte is wrong or missing is none, and that is said`() throws {
    try snapshots.write(3)
    try snapshots.write(8)
    let path = snapshots.path(8, "manifest")
    let bytes = try snapshots.files.read(path)
    for length in 0..<bytes.count {
      try snapshots.files.write(Array(bytes[..<length]), to: path)
      #expect(try snapshots.list() == [3])
    }
    for place in bytes.indices {
      try snapshots.files.write(bytes, to: path)
      try snapshots.files.change(path) { $0[place] ^= 1 }
      #expect(try snapshots.list() == [3])
    }
    #expect(snapshots.warnings.count == 2 * bytes.count)
    #expect(snapshots.warnings.allSatisfy { $0.contains(path + " is damaged") })
  }

  @Test func `a part of which any byte is wrong or missing is not handed over`() throws {
    try snapshots.write(3)
    let manifest = try snapshots.write(8)
    let path = snapshots.path(8, manifest.parts[1].name)
    let bytes = try snapshots.files.read(path)
    for place in stride(from: 0, to: bytes.count, by: 3) {
      try snapshots.files.change(path) { $0[place] ^= 4 }
      #expect(throws: JournalError.self) { try snapshots.parts(of: 8) }
      try snapshots.files.write(Array(bytes[..<place]), to: path)
      let error = #expect(throws: JournalError.self) { try snapshots.parts(of: 8) }
      #expect(error?.message.contains(path) == true)
      try snapshots.files.write(bytes, to: path)
    }
    #expect(try snapshots.parts(of: 8).count == 2)
    try snapshots.files.remove(path)
    let error = #expect(throws: JournalError.self) { try snapshots.parts(of: 8) }
    #expect(error?.code == .damaged && error?.message.contains("it is missing") == true)
    try snapshots.makeUnreadable(3, "part-1")
    #expect(throws: JournalError(.inputOutput, "cannot read \(snapshots.path(3, "part-1")): Is a directory."))
    {
      try snapshots.parts(of: 3)
    }
  }

  @Test func `of those set aside the two newest are kept`() throws {
    for position in 1...4 as ClosedRange<UInt64> {
      _ = try snapshots.open().setAside(snapshots.write(position))
    }
    #expect(try snapshots.names() == ["00000000000000000003.damaged", "00000000000000000004.damaged"])
  }

  @Test func `one set aside counts no more, and can be looked at`() throws {
    try snapshots.write(3)
    let manifest = try snapshots.write(8)
    let aside = try snapshots.open().setAside(manifest)
    #expect(try snapshots.list() == [3])
    #expect(FileManager.default.fileExists(atPath: aside + "/manifest"))
    try snapshots.open().removeUnfinished()
    #expect(FileManager.default.fileExists(atPath: aside + "/manifest"))
  }

  @Test func `another cluster's snapshot is refused, and both are named`() throws {
    try snapshots.write(3)
    let error = #expect(throws: JournalError.self) { try snapshots.open(cluster: 0xAB).list { _ in } }
    #expect(error?.code == .otherCluster)
    #expect(error?.message.contains("the cluster 00000000000000000000000000000007, not to ") == true)
    #expect(error?.message.contains("000000000000000000000000000000ab") == true)
  }

  @Test func `a newer format or content is refused in words, even where an older snapshot is there`() throws {
    try snapshots.write(3)
    _ = try snapshots.open(content: 2).write(position: 5) { try $0(payload(1)) }
    let content = #expect(throws: JournalError.self) { try snapshots.list() }
    #expect(content?.code == .newerFormat)
    #expect(content?.message.contains("is of format 1.2, which this version of Reeve does not know") == true)
    let path = snapshots.path(5, "manifest")
    // What else a later format says is its own affair.
    let line = Array(#"{"content":1,"format":2,"shards":[]}"#.utf8)
    let digits = String(castagnoli(line), radix: 16)
    let padded = String(repeating: "0", count: 8 - digits.count) + digits
    try snapshots.files.write(line + Array("\n\(padded)\n".utf8), to: path)
    let format = #expect(throws: JournalError.self) { try snapshots.list() }
    #expect(format?.code == .newerFormat && format?.message.contains(path + " is of format 2.1") == true)
  }
}
