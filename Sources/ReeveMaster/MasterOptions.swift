package import ReeveShell

/// What a master process is told at its start.
package struct MasterOptions: Sendable {
  /// Where everybody reaches it; port 0 takes a free one.
  package var address: Address
  /// The data directory of the cluster: it gets `token`, `address` and `master/`.
  package var data: String
  package var insecure: Bool

  package init(address: Address, data: String, insecure: Bool) {
    self.address = address
    self.data = data
    self.insecure = insecure
  }
}
