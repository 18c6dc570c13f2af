package import ReeveModel

extension Reeve_V1_RackHello {
  /// Protocol and cluster are the caller's to set.
  package init(_ hello: RackHello) {
    self.init()
    rack = hello.rack
    claim = UInt32(hello.claim.rawValue)
    address = hello.address
    incarnation = hello.incarnation
  }
}

extension RackHello {
  package init(wire: Reeve_V1_RackHello) throws(WireError) {
    guard let claim = UInt8(exactly: wire.claim).flatMap(Claim.init(rawValue:)) else {
      throw WireError("claim", "\(wire.claim) is none that this version knows")
    }
    guard claim == .spare ? wire.rack.isEmpty : TaskName.isValid(wire.rack) else {
      throw WireError("rack", "\(wire.rack.quoted) is no name of a rack whose claim is \"\(claim)\"")
    }
    self.init(rack: wire.rack, claim: claim, address: wire.address, incarnation: wire.incarnation)
  }
}

extension Reeve_V1_RackAssignment {
  /// The cluster is the caller's to set.
  package init(_ assignment: RackAssignment) {
    self.init()
    rack = assignment.rack.rawValue
    name = assignment.name
    term = assignment.term.rawValue
    generation = Reeve_V1_Generation(assignment.generation)
    roster = assignment.roster.map { Reeve_V1_RosterNode($0) }
  }
}

extension RackAssignment {
  package init(wire: Reeve_V1_RackAssignment) throws(WireError) {
    self.init(
      rack: RackNumber(wire.rack),
      name: wire.name,
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
