import ReeveModel
package import ReeveShell

/// What a rack-scheduler process is told at its start.
package struct RackOptions: Sendable {
  /// The rack's name.
  package var name: String
  package var master: Address
  package var token: Token
  /// Where agents reach it; port 0 takes a free one.
  package var address: Address
  package var insecure: Bool

  package init(name: String, master: Address, token: Token, address: Address, insecure: Bool) {
    self.name = name
    self.master = master
    self.token = token
    self.address = address
    self.insecure = insecure
  }
}
