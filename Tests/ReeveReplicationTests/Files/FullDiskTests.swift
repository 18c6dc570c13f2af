import Foundation
import Glibc
import ReeveReplication
import Testing

/// A file system of its own in memory, unmounted with the value. Only the superuser can make one.
private final class SmallDisk {
  let path = FileManager.default.temporaryDirectory.path + "/reeve-disk-" + UUID().uuidString

  init(_ options: String, flags: UInt = 0) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard mount("reeve", path, "tmpfs", flags, options) == 0 else {
      throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }
  }

  func resize(_ options: String) -> Bool {
    mount("reeve", path, "tmpfs", UInt(MS_REMOUNT), options) == 0
  }

  deinit {
    umount2(path, Int32(MNT_DETACH))
    rmdir(path)
  }

  static let canBeMade = (try? SmallDisk("size=64k")) != nil
}

@Suite("File journal: a disk that takes no more", .enabled(if: SmallDisk.canBeMade)) struct FullDiskTests {
  private func open(_ disk: SmallDisk, segmentBytes: Int = 64 << 10) throws -> FileJournal {
    try FileJournal(
      directory: disk.path,
      segmentBytes: segmentBytes,
      warn: { Issue.record("\($0)") },
      expecting: { JournalExpectation(cluster: 7) }
    )
  }

  /// Frames that a segment of 64 KiB holds, and the number that makes it more than half full.
  private static let (full, half) = (274, 129)

  private func append(_ numbers: Range<Int>, to journal: FileJournal) throws {
    for number in numbers { #expect(try journal.append(payload(number, count: 200)) == UInt64(number) + 1) }
  }

  /// Waits, for the segment is prepared beside the appends.
  private func shortage(of journal: FileJournal, until expected: (JournalError?) -> Bool) -> JournalError? {
    let deadline = ContinuousClock.now + .seconds(30)
    while !expected(journal.shortage), ContinuousClock.now < deadline { usleep(5000) }
    return journal.shortage
  }

  @Test func `the shortage is told while there is still room, then the append fails and names what is full`()
    throws
  {
    // Three segments and the lock.
    let disk = try SmallDisk("size=200k")
    do {
      let journal = try open(disk)
      let told = 2 * Self.full + Self.half
      try append(0..<told, to: journal)
      #expect(shortage(of: journal) { $0 != nil }?.code == .diskFull)
      try append(told..<3 * Self.full, to: journal)
      let error = #expect(throws: JournalError.self) { try journal.append(payload(0, count: 200)) }
      #expect(error?.code == .diskFull)
      #expect(error?.message.contains(disk.path + "/journal/next: its file system is full") == true)
      let next = #expect(throws: JournalError.self) { try journal.append([1]) }
      #expect(next?.code == .unusable)
    }
    #expect(disk.resize("size=400k"))
    let journal = try open(disk)
    var count = 0
    try journal.replay { _, found in
      #expect(found == payload(count, count: 200))
      count += 1
    }
    #expect(count == 3 * Self.full)
    #expect(try journal.append([1]) == UInt64(count) + 1)
  }

  @Test func `what is larger than the rest of the segment gets a short one where there is no room for more`()
    throws
  {
    // One segment of 64 KiB, the lock, and not another.
    let disk = try SmallDisk("size=120k")
    var dice = SplitMix(state: 4)
    let large = (0..<40_000).map { _ in UInt8.random(in: 0...255, using: &dice) }
    do {
      let journal = try open(disk)
      try append(0..<Self.half - 10, to: journal)
      #expect(journal.shortage == nil)
      #expect(try journal.append(large) == UInt64(Self.half) - 9)
      // It is no room for what comes then, and that is told at once and for as long as it is so.
      for _ in 0..<150 {
        #expect(journal.shortage?.code == .diskFull)
        usleep(10_000)
      }
    }
    #expect(disk.resize("size=400k"))
    let journal = try open(disk)
    var count = 0
    try journal.replay { position, found in
      #expect(found == (position == UInt64(Self.half) - 9 ? large : payload(count, count: 200)))
      count += 1
    }
    #expect(count == Self.half - 9)
    for number in 0..<Self.full { _ = try journal.append(payload(number, count: 200)) }
    #expect(shortage(of: journal) { $0 == nil } == nil)
    let segments = try FileManager.default.contentsOfDirectory(atPath: disk.path + "/journal")
      .filter { $0.hasSuffix(".segment") }.sorted()
    #expect(segments.count == 3)
    #expect(try Data(contentsOf: URL(filePath: "\(disk.path)/journal/\(segments[2])")).count == 64 << 10)
  }

  @Test func `room is promised for no more than can be written whatever else is`() throws {
    let disk = try SmallDisk("size=9m")
    let journal = try open(disk, segmentBytes: 4 << 20)
    // One segment of 4 MiB is there, of which half is for what cannot be refused; 5 MiB are free.
    #expect(journal.room.promise(1 << 20))
    #expect(!journal.room.promise(2 << 20))
    #expect(journal.room.promise(900 << 10))
    #expect(!journal.room.promise(1 << 20))
    journal.room.release(1 << 20)
    journal.room.release(900 << 10)
    // What was promised can be written, in any pieces and though the segment is nearly full.
    var dice = SplitMix(state: 6)
    var bytes: [UInt8] { (0..<900 << 10).map { _ in UInt8.random(in: 0...255, using: &dice) } }
    for _ in 0..<4 { _ = try journal.append(bytes) }
    #expect(shortage(of: journal) { $0 == nil && !journal.isPreparing } == nil)
    var written = 0
    while journal.room.promise(900 << 10) {
      _ = try journal.append(bytes)
      journal.room.release(900 << 10)
      written += 1
    }
    #expect(written > 0)
    // Half of a segment is left, for ends.
    for number in 0..<30 { _ = try journal.append(payload(number, count: 64 << 10)) }
  }

  @Test func `once there is room again the shortage is over without a new start, and not before`() throws {
    let disk = try SmallDisk("size=100k")
    let journal = try open(disk)
    try append(0..<Self.half, to: journal)
    #expect(shortage(of: journal) { $0 != nil }?.code == .diskFull)
    // Longer than the pause between two tries.
    for _ in 0..<150 {
      #expect(journal.shortage != nil)
      usleep(10_000)
    }
    #expect(disk.resize("size=400k"))
    #expect(shortage(of: journal) { $0 == nil } == nil)
    try append(Self.half..<3 * Self.full, to: journal)
  }

  @Test func `a disk too small for an empty journal is named at the start`() throws {
    let disk = try SmallDisk("size=1m")
    let error = #expect(throws: JournalError.self) { try open(disk, segmentBytes: 64 << 20) }
    #expect(error?.code == .diskFull)
    #expect(!FileManager.default.fileExists(atPath: disk.path + "/journal/next"))
  }

  @Test func `a directory that may not be written is named at the start`() throws {
    let disk = try SmallDisk("size=1m", flags: UInt(MS_RDONLY))
    let error = #expect(throws: JournalError.self) { try open(disk) }
    #expect(error?.code == .unwritable)
    #expect(error?.message.contains(disk.path + "/journal") == true)
  }
}
