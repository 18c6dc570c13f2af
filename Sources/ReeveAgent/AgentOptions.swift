package import ReeveModel
package import ReeveShell

/// What an agent is told at its start.
package struct AgentOptions: Sendable {
  /// The node's name.
  package var node: String
  /// The rack that it stands in; `nil` leaves the choice to the master.
  package var rack: String?
  package var master: Address
  package var token: Token
  /// Where it listens; port 0 takes a free one.
  package var address: Address
  /// Where the master reads its files; `nil` is where it listens.
  package var advertised: Address?
  /// The node's directory.
  package var data: String
  /// What the node offers.
  package var resources: Resources
  /// The path of `reeve-spawn`.
  package var supervisor: String
  package var insecure: Bool

  package init(
    node: String,
    rack: String?,
    master: Address,
    token: Token,
    address: Address,
    advertised: Address? = nil,
    data: String,
    resources: Resources,
    supervisor: String,
    insecure: Bool
  ) {
    self.node = node
    self.rack = rack
    self.master = master
    self.token = token
    self.address = address
    self.advertised = advertised
    self.data = data
    self.resources = resources
    self.supervisor = supervisor
    self.insecure = insecure
  }
}
