import ReeveModel
package import ReeveShell

/// What a rack-scheduler process is told at its start.
package struct RackOptions: Sendable {
  /// The racks that are its own; it serves whatever else the master gives it.
  package var names: [String]
  package var master: Address
  package var token: Token
  /// Where it listens; port 0 takes a free one.
  package var address: Address
  /// Where agents reach it; `nil` is where it listens.
  package var advertised: Address?
  package var insecure: Bool

  package init(
    names: [String],
    master: Address,
    token: Token,
    address: Address,
    advertised: Address? = nil,
    insecure: Bool
  ) {
    self.names = names
    self.master = master
    self.token = token
    self.address = address
    self.advertised = advertised
    self.insecure = insecure
  }
}
