package import ReeveModel

extension Reeve_V1_HoldRoom {
  package init(_ order: HoldOrder) {
    self.init()
    id = order.id.rawValue
    shape = order.shape.rawValue
    gather = order.mayGather
    takes = order.takes.map { take in
      var wire = Reeve_V1_HoldTake()
      wire.role = take.role.rawValue
      wire.most = Reeve_V1_Resources(take.most)
      return wire
    }
  }
}

extension HoldOrder {
  package init(wire: Reeve_V1_HoldRoom) throws(WireError) {
    self.init(
      id: HoldID(try check("id", number: wire.id)),
      shape: ShapeNumber(wire.shape),
      mayGather: wire.gather,
      takes: try parts("takes", wire.takes) { take throws(WireError) in
        Take(
          role: RoleNumber(take.role),
          most: try Resources("most", wire: take.most, in: WireLimits.amounts)
        )
      }
    )
  }
}

extension Reeve_V1_HoldUses {
  init(_ uses: [HoldUse]) {
    self.init()
    attempts = uses.map(\.attempt.rawValue)
    holds = uses.map(\.hold.rawValue)
  }
}

extension [HoldUse] {
  init(_ field: String, wire: Reeve_V1_HoldUses) throws(WireError) {
    self = try part(field) { () throws(WireError) in
      let (attempts, holds) = (wire.attempts, wire.holds)
      try check("holds", length: holds.count, is: attempts.count)
      try check("holds", holds, bits: WireLimits.numberBits)
      return attempts.indices.map { HoldUse(attempt: AttemptID(attempts[$0]), hold: HoldID(holds[$0])) }
    }
  }
}

extension Reeve_V1_AttemptRoles {
  init(_ named: [AttemptRole]) {
    self.init()
    attempts = named.map(\.attempt.rawValue)
    roles = named.map(\.role.rawValue)
  }
}

extension [AttemptRole] {
  init(_ field: String, wire: Reeve_V1_AttemptRoles) throws(WireError) {
    self = try part(field) { () throws(WireError) in
      let (attempts, roles) = (wire.attempts, wire.roles)
      try check("roles", length: roles.count, is: attempts.count)
      return attempts.indices.map {
        AttemptRole(attempt: AttemptID(attempts[$0]), role: RoleNumber(roles[$0]))
      }
    }
  }
}

extension Reeve_V1_HeldColumns {
  init(_ held: [HeldRoom]) {
    self.init()
    holds = held.map(\.id.rawValue)
    nodes = held.map(\.node.rawValue)
  }
}

extension [HeldRoom] {
  init(_ field: String, wire: Reeve_V1_HeldColumns) throws(WireError) {
    self = try part(field) { () throws(WireError) in
      let (holds, nodes) = (wire.holds, wire.nodes)
      try check("nodes", length: nodes.count, is: holds.count)
      try check("holds", holds, bits: WireLimits.numberBits)
      return holds.indices.map { HeldRoom(id: HoldID(holds[$0]), node: NodeNumber(nodes[$0])) }
    }
  }
}
