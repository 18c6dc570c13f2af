import Foundation
import Glibc
import Logging
import ReeveCore
import ReeveReplication
import ReeveWire
import Synchronization

/// Makes a new snapshot now and then, and trims the journal behind the older of two.
///
/// It works from what lies on the disk, the last snapshot and the durable frames after it, on a thread of its own: the core
/// is never asked, decides on meanwhile, and nothing that is not durable can get in.
final class Compactor: Sendable {
  private struct Account {
    /// Payload bytes in the journal since the last snapshot.
    var bytes = 0
    /// The last durable position.
    var position: UInt64
    var limit: Int
    /// Whether the thread has been told, or is at work.
    var isDue = false
  }

  private let account: Mutex<Account>
  private let due = DispatchSemaphore(value: 0)
  private let compaction: Compaction
  private let minimum: Int
  private let log: Logger

  /// - Parameters:
  ///   - compaction: makes the snapshots.
  ///   - restored: what the newest snapshot holds.
  ///   - minimum: payload bytes after which a snapshot is worth it, if it is small itself.
  ///   - log: hears of each snapshot.
  init(_ compaction: Compaction, after restored: Restored, minimum: Int, log: Logger) {
    self.compaction = compaction
    self.minimum = minimum
    self.log = log
    let limit = Self.limit(minimum, snapshotBytes: restored.bytes)
    account = Mutex(Account(position: restored.position, limit: limit))
  }

  /// A snapshot costs what it is large: half as much journal beforehand keeps that a constant share of all writing.
  private static func limit(_ minimum: Int, snapshotBytes: Int) -> Int { max(minimum, snapshotBytes / 2) }

  func start() {
    let thread = Thread { [self] in
      // Of this thread alone: so it is on Linux.
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
      while true {
        due.wait()
        compact()
      }
    }
    thread.name = "compactor"
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Notes a payload that is durable.
  func appended(bytes: Int, at position: UInt64) {
    let isDue = account.withLock { account in
      account.bytes += bytes
      account.position = position
      guard account.bytes >= account.limit, !account.isDue else { return false }
      account.isDue = true
      return true
    }
    if isDue { due.signal() }
  }

  private func compact() {
    let (position, bytes) = account.withLock { ($0.position, $0.bytes) }
    let start = ContinuousClock.now
    do {
      let made = try compaction.run(through: position) { [log] in
        log.warning("snapshot", metadata: ["warning": "\($0)"])
      }
      log.info(
        "snapshot",
        metadata: [
          "position": "\(position)", "bytes": "\(made.unpackedBytes)",
          "took": "\(ContinuousClock.now - start)",
        ]
      )
      account.withLock { $0.limit = Self.limit(minimum, snapshotBytes: made.unpackedBytes) }
    } catch {
      // The journal has it all: tried again when as much has been added.
      log.error("no snapshot could be made", metadata: ["reason": "\(error)"])
    }
    account.withLock { account in
      account.bytes -= bytes
      account.isDue = false
    }
  }
}

/// One run of the compactor.
struct Compaction: Sendable {
  private let snapshots: FileSnapshots
  private let journal: JournalFiles
  private let history: FileHistory

  /// - Parameters:
  ///   - directory: the master's, whose lock this process holds.
  ///   - snapshots: those in it.
  ///   - history: has been told of all that is durable.
  init(directory: String, snapshots: FileSnapshots, history: FileHistory) {
    self.snapshots = snapshots
    self.history = history
    journal = JournalFiles(directory: directory)
  }

  /// Takes damaged snapshots out of the count of two, but leaves them to be looked at.
  func setAside(_ damaged: [SnapshotManifest], warn: (String) -> Void) throws {
    for manifest in damaged {
      warn("The snapshot of position \(manifest.position) is kept as \(try snapshots.setAside(manifest)).")
    }
  }

  /// Makes the snapshot of a position that is durable, and trims what the older of two does not need.
  func run(through position: UInt64, warn: (String) -> Void) throws -> SnapshotManifest {
    var restored = try Restored(from: snapshots, isUrgent: false, warn: warn)
    let base = restored.position
    try restored.advance(through: position, of: journal)
    // Only now that the journal is known to go on from the older one.
    try setAside(restored.damaged, warn: warn)
    // What is in a snapshot is not replayed: how its tasks ended must be in the history by then.
    try history.sync()
    let made = try snapshots.write(position: position) { add in
      try restored.state.forEachPart(at: restored.wall) { try add(encodeSnapshotPart($0)) }
    }
    // The other of two that are kept is what this one was made from: it has just been read, and is good.
    if base < position {
      try snapshots.removeOlder(than: base)
      try journal.trim(through: base)
    }
    return made
  }
}
