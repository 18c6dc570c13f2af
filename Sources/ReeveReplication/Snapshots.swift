/// Where snapshots of the master's state are kept: parts in one order, as of one position of the journal.
///
/// A snapshot stands in for all payloads of the journal up to its position. What is in a part is not looked into.
package protocol Snapshots {
  /// Looks for snapshots. What was being made when a process died is no snapshot.
  /// - Parameter warn: called with a sentence for each that had been one and no longer is, and for each of which this cannot
  ///   be told.
  /// - Returns: those that exist.
  /// - Throws: `JournalError` if one is another cluster's or of a later format: then nothing here is to be trusted to this
  ///   version.
  func list(warn: (String) -> Void) throws -> SnapshotList

  /// Hands every part to `body`, in order.
  /// - Throws: What `body` throws; `JournalError`, of the code `damaged` if a part is not what was written.
  func read(_ snapshot: SnapshotManifest, _ body: (_ part: [UInt8]) throws -> Void) throws

  /// Makes a snapshot of what `parts` gives to its argument; it exists, and lasts, on return and not before.
  /// - Throws: What `parts` throws; `JournalError`.
  func write(
    position: UInt64,
    parts: (_ add: (_ part: [UInt8]) throws -> Void) throws -> Void
  ) throws -> SnapshotManifest

  /// Removes those of earlier positions.
  func removeOlder(than position: UInt64) throws
}

/// What there is where snapshots are kept.
package struct SnapshotList: Sendable {
  /// The newest first.
  package var found: [SnapshotManifest] = []
  /// The position of the newest whose manifest cannot be read, though it may be whole; 0 if there is none.
  package var unreadable: UInt64 = 0
}

/// What a snapshot consists of. It is written last, and without it there is no snapshot.
package struct SnapshotManifest: Hashable, Codable, Sendable {
  package struct Part: Hashable, Codable, Sendable {
    package let name: String
    /// Of the file.
    package let bytes: Int
    package let unpackedBytes: Int
    /// Of the file: CRC-32C.
    package let checksum: UInt32
  }

  /// Of this manifest and the files beside it.
  package let format: UInt32
  /// Of what is in the parts, as their writer numbers it.
  package let content: UInt32
  /// The cluster's id in hexadecimal digits.
  package let cluster: String
  /// The last position of the journal that is in it.
  package let position: UInt64
  package let parts: [Part]

  package var unpackedBytes: Int { parts.reduce(0) { $0 + $1.unpackedBytes } }
}
