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
    try FileJournal(directory: disk.path, cluster: 7, segmentBytes: segmentBytes) { Issue.record("\($0)") }
  }

  /// Appends until it fails; returns how many were kept, how many of them after a shortage was told, and the error.
  private func fill(_ journal: FileJournal) -> (kept: Int, warned: Int, error: JournalError?) {
    var (kept, warned) = (0, 0)
    while kept < 100_000 {
      if journal.shortage != nil { warned += 1 }
      do {
        _ = try journal.append(payload(kept, count: 200))
        kept += 1
      } catch { return (kept, warned, error as? JournalError) }
    }
    return (kept, warned, nil)
  }

  @Test func `the shortage is told while there is still room, then the append fails and names what is full`()
    throws
  {
    let disk = try SmallDisk("size=200k")
    do {
      let journal = try open(disk)
      let (kept, warned, error) = fill(journal)
      // Three segments of 64 KiB fit. The word comes when half of the third is left: more than 100 appends.
      #expect(kept > 700)
      #expect(warned > 100)
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
    #expect(count > 700)
    #expect(try journal.append([1]) == UInt64(count) + 1)
  }

  @Test func `once there is room again the shortage is over without a new start`() throws {
    let disk = try SmallDisk("size=100k")
    let journal = try open(disk)
    var kept = 0
    while journal.shortage == nil, kept < 10_000 {
      _ = try journal.append(payload(kept, count: 200))
      kept += 1
    }
    #expect(journal.shortage?.code == .diskFull)
    #expect(disk.resize("size=400k"))
    let deadline = ContinuousClock.now + .seconds(20)
    while journal.shortage != nil, ContinuousClock.now < deadline { usleep(20_000) }
    #expect(journal.shortage == nil)
    for _ in 0..<400 { _ = try journal.append(payload(1, count: 200)) }
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
