package import ReeveShell

/// What a master process is told at its start.
package struct MasterOptions: Sendable {
  /// Where everybody reaches it; port 0 takes a free one.
  package var address: Address
  /// The data directory of the cluster: it gets `token`, `address` and `master/`.
  package var data: String
  package var insecure: Bool
  /// Bytes that the journal grows by, unpacked, before a snapshot is made; or half of the last snapshot, if that is more.
  package var snapshotBytes: Int

  /// What is replayed in less than a second.
  package static let defaultSnapshotBytes = 64 << 20

  package init(
    address: Address,
    data: String,
    insecure: Bool,
    snapshotBytes: Int = defaultSnapshotBytes
  ) {
    self.address = address
    self.data = data
    self.insecure = insecure
    self.snapshotBytes = snapshotBytes
  }
}
