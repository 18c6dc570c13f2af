package import ReeveModel

extension Reeve_V1_NodeStatement {
  /// Protocol and cluster are the caller's to set.
  package init(_ statement: NodeStatement) {
    self.init()
    node = statement.node.rawValue
    name = statement.name
    incarnation = statement.incarnation
    serial = statement.serial
    address = statement.address
    total = Reeve_V1_Resources(statement.total)
    attributes = statement.attributes.map { Reeve_V1_Variable($0) }
    if !statement.running.isEmpty { running = Reeve_V1_StartColumns(statement.running.map(\.start)) }
    held = statement.running.map { Reeve_V1_Resources($0.resources) }
    if !statement.ends.isEmpty { ends = Reeve_V1_EndColumns(statement.ends) }
    obeyed = Reeve_V1_Generation(statement.obeyed)
  }
}

extension NodeStatement {
  package init(wire: Reeve_V1_NodeStatement) throws(WireError) {
    guard TaskName.isValid(wire.name) else {
      throw WireError("name", "\(wire.name.quoted) is no name of a node")
    }
    self.init(
      node: NodeNumber(wire.node),
      name: wire.name,
      incarnation: wire.incarnation,
      serial: wire.serial,
      address: wire.address,
      total: try Resources("total", wire: wire.total, in: WireLimits.nodeAmounts),
      attributes: try Self.attributes(wire),
      running: try Self.held(wire),
      ends: try [TaskEnd]("ends", wire: wire.ends),
      obeyed: try Generation("obeyed", wire: wire.obeyed)
    )
  }

  private static func attributes(
    _ wire: Reeve_V1_NodeStatement
  ) throws(WireError) -> [TaskTemplate.Variable] {
    let attributes = wire.attributes.map { TaskTemplate.Variable(wire: $0) }
    do throws(Refusal) { try attributes.validateAttributes(field: "") } catch {
      throw WireError("attributes", error.message)
    }
    return attributes
  }

  private static func held(_ wire: Reeve_V1_NodeStatement) throws(WireError) -> [HeldAttempt] {
    let starts = try [TaskStart]("running", wire: wire.running)
    try check("held", length: wire.held.count, is: starts.count)
    let held = try parts("held", wire.held) { one throws(WireError) in
      try Resources(wire: one, in: WireLimits.nodeAmounts)
    }
    return zip(starts, held).map { HeldAttempt(start: $0, resources: $1) }
  }
}
