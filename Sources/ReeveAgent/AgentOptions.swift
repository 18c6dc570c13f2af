package import ReeveModel
package import ReeveShell

/// Which node it is, and where it stands in its cluster.
package struct AgentPlace: Sendable {
  /// The node's name.
  package var node: String
  /// The rack that it stands in; `nil` leaves the choice to the master.
  package var rack: String?
  package var master: Address
  package var token: Token
  /// What the node offers.
  package var resources: Resources
  /// What constraints can ask for; sorted by name, without repeats.
  package var attributes: [TaskTemplate.Variable]

  package init(
    node: String,
    rack: String?,
    master: Address,
    token: Token,
    resources: Resources,
    attributes: [TaskTemplate.Variable]
  ) {
    self.node = node
    self.rack = rack
    self.master = master
    self.token = token
    self.resources = resources
    self.attributes = attributes
  }
}

/// Where agents of this process are reached.
package struct AgentReach: Sendable {
  /// Where it listens; port 0 takes a free one.
  package var address: Address
  /// Where the master reads its files; `nil` is where it listens.
  package var advertised: Address?
  package var insecure: Bool

  package init(address: Address, advertised: Address? = nil, insecure: Bool) {
    self.address = address
    self.advertised = advertised
    self.insecure = insecure
  }
}

/// What an agent is told at its start.
package struct AgentOptions: Sendable {
  package var place: AgentPlace
  package var reach: AgentReach
  /// The node's directory.
  package var data: String
  /// The path of `reeve-spawn`.
  package var supervisor: String

  package init(_ place: AgentPlace, reach: AgentReach, data: String, supervisor: String) {
    self.place = place
    self.reach = reach
    self.data = data
    self.supervisor = supervisor
  }
}

/// What a process is told that plays many nodes which run nothing.
package struct VirtualAgentsOptions: Sendable {
  package var places: [AgentPlace]
  package var reach: AgentReach
  package var runTimes: RunTimes
  /// The part of all tasks that exits with 1.
  package var failureRate: Double
  package var seed: UInt64

  package init(
    _ places: [AgentPlace],
    reach: AgentReach,
    runTimes: RunTimes,
    failureRate: Double,
    seed: UInt64
  ) {
    self.places = places
    self.reach = reach
    self.runTimes = runTimes
    self.failureRate = failureRate
    self.seed = seed
  }
}
