package import ReeveModel

extension Reeve_V1_RackHello {
  /// Protocol and cluster are the caller's to set.
  package init(_ hello: RackHello) {
    self.init()
    rack = hello.rack
    address = hello.address
    incarnation = hello.incarnation
  }
}

extension RackHello {
  package init(wire: Reeve_V1_RackHello) throws(WireError) {
    guard !wire.rack.isEmpty else { throw WireError("rack", "a rack has no name") }
    self.init(rack: wire.rack, address: wire.address, incarnation: wire.incarnation)
  }
}

extension Reeve_V1_RackAssignment {
  /// The cluster is the caller's to set.
  package init(_ assignment: RackAssignment) {
    self.init()
    rack = assignment.rack.rawValue
    term = assignment.term.rawValue
    generation = Reeve_V1_Generation(assignment.generation)
    roster = assignment.roster.map { Reeve_V1_RosterNode($0) }
  }
}

extension RackAssignment {
  package init(wire: Reeve_V1_RackAssignment) throws(WireError) {
    self.init(
      rack: RackNumber(wire.rack),
      term: try Term("term", wire: wire.term),
      generation: try Generation("generation", wire: wire.generation),
      roster: wire.roster.map { RosterNode(wire: $0) }
    )
  }
}

extension Reeve_V1_RosterNode {
  package init(_ node: RosterNode) {
    self.init()
    number = node.number.rawValue
    name = node.name
  }
}

extension RosterNode {
  package init(wire: Reeve_V1_RosterNode) {
    self.init(number: NodeNumber(wire.number), name: wire.name)
  }
}
