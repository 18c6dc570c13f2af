/// A rack as users see it.
package struct RackView: Hashable, Sendable {
  package enum State: String, Sendable, CaseIterable {
    case connected
    /// Its process is there and still hears what its nodes have.
    case recovering
    case away
  }

  package var number: RackNumber
  package var name: String
  package var state: State
  package var address: String
  package var nodes: Int
  package var total: Resources
  package var free: Resources
  /// Attempts that it has, waiting or running.
  package var assigned: Int
  package var generation: Generation

  package init(
    number: RackNumber,
    name: String,
    state: State,
    address: String = "",
    nodes: Int = 0,
    total: Resources = .zero,
    free: Resources = .zero,
    assigned: Int = 0,
    generation: Generation = .none
  ) {
    self.number = number
    self.name = name
    self.state = state
    self.address = address
    self.nodes = nodes
    self.total = total
    self.free = free
    self.assigned = assigned
    self.generation = generation
  }
}

/// A node as users see it.
package struct NodeView: Hashable, Sendable {
  package var status: NodeStatus
  package var rack: String

  package init(status: NodeStatus, rack: String) {
    self.status = status
    self.rack = rack
  }
}
