import ReeveCore
import ReeveModel
import ReeveReplication
import ReeveWire

/// The durable half of the master as the newest snapshot that can be used has it; empty where there is none.
struct Restored: Sendable {
  var state = DurableState()
  /// The last position of the journal that is in it; 0 where there is no snapshot.
  private(set) var position: UInt64 = 0
  /// When the last fact in it was written.
  private(set) var wall = WallTime.none
  /// How large the snapshot is, unpacked.
  private(set) var bytes = 0
  /// Newer ones that proved damaged.
  private(set) var damaged: [SnapshotManifest] = []
  /// The position of the newest that cannot be read, though it may be whole; 0 if there is none.
  private(set) var unreadable: UInt64 = 0

  /// - Parameters:
  ///   - snapshots: where to look for them.
  ///   - isUrgent: whether somebody waits for it, so that all cores are put to it.
  ///   - warn: called with a sentence for each that is passed over.
  /// - Throws: `JournalError` if a snapshot is another cluster's or of a later format.
  init(from snapshots: any Snapshots, isUrgent: Bool, warn: (String) -> Void) throws {
    let list = try snapshots.list(warn: warn)
    unreadable = list.unreadable
    for manifest in list.found {
      do {
        (state, wall) = try Self.read(manifest, of: snapshots, isUrgent: isUrgent)
        (position, bytes) = (manifest.position, manifest.unpackedBytes)
        return
      } catch let error as JournalError where error.code != .damaged {
        unreadable = max(unreadable, manifest.position)
        warn(
          "The snapshot of position \(manifest.position) is passed over for now and left as it is: \(error)"
        )
      } catch {
        damaged.append(manifest)
        warn("The snapshot of position \(manifest.position) is passed over, for an older one: \(error)")
      }
    }
  }

  private static func read(
    _ manifest: SnapshotManifest,
    of snapshots: any Snapshots,
    isUrgent: Bool
  ) throws -> (DurableState, WallTime) {
    var restoration = Restoration()
    if isUrgent {
      var ahead = Ahead<SnapshotPart>()
      try snapshots.read(manifest) { part in
        try ahead.add(bytes: part.count) {
          try decodeSnapshotPart(part)
        } take: {
          try restoration.take($0)
        }
      }
      try ahead.finish { try restoration.take($0) }
    } else {
      try snapshots.read(manifest) { try restoration.take(decodeSnapshotPart($0)) }
    }
    return try restoration.finish()
  }

  /// Brings it up to a position of the journal.
  mutating func advance(through end: UInt64, of journal: JournalFiles) throws {
    try journal.read(after: position, through: end) { position, payload in
      let group = try decodeGroup(payload)
      for fact in group.facts { state.apply(fact) }
      (self.position, wall) = (position, max(wall, group.at))
    }
  }
}
