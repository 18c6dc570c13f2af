package import ReeveModel

extension Reeve_V1_RackOrders {
  package init(_ orders: RackOrders) {
    self.init()
    batch = orders.batch
    if !orders.launches.isNothing { launches = Reeve_V1_LaunchColumns(orders.launches) }
    if !orders.kills.isEmpty { kills = Reeve_V1_KillColumns(orders.kills) }
    acknowledged = orders.acknowledged.map { $0.rawValue }
    recalls = orders.recalls.map { Reeve_V1_Recall($0) }
    if let asked = orders.shapes { shapes.shapes = asked.map { Reeve_V1_Shape($0) } }
    holds = orders.holds.map { Reeve_V1_HoldRoom($0) }
    if !orders.uses.isEmpty { uses = Reeve_V1_HoldUses(orders.uses) }
    releases = orders.releases.map(\.rawValue)
    if !orders.roles.isEmpty { roles = Reeve_V1_AttemptRoles(orders.roles) }
    if !orders.messages.isEmpty { messages = Reeve_V1_MessageColumns(orders.messages) }
  }
}

extension RackOrders {
  package init(wire: Reeve_V1_RackOrders) throws(WireError) {
    self.init()
    batch = try check("batch", number: wire.batch)
    launches = try LaunchBatch("launches", wire: wire.launches)
    kills = try [KillOrder]("kills", wire: wire.kills)
    acknowledged = wire.acknowledged.map { AttemptID($0) }
    recalls = wire.recalls.map { Recall(wire: $0) }
    holds = try parts("holds", wire.holds, HoldOrder.init(wire:))
    uses = try [HoldUse]("uses", wire: wire.uses)
    releases = try wire.releases.map { id throws(WireError) in HoldID(try check("releases", number: id)) }
    roles = try [AttemptRole]("roles", wire: wire.roles)
    messages = try TaskMessages("messages", wire: wire.messages)
    if wire.hasShapes { shapes = try parts("shapes", wire.shapes.shapes, NumberedShape.init(wire:)) }
  }
}

extension LaunchBatch {
  /// Neither a launch in it nor a template.
  var isNothing: Bool { isEmpty && newTemplates.isEmpty }
}

extension Reeve_V1_Recall {
  package init(_ recall: Recall) {
    self.init()
    shape = recall.shape.rawValue
    count = UInt32(clamping: recall.count)
  }
}

extension Recall {
  package init(wire: Reeve_V1_Recall) {
    self.init(shape: ShapeNumber(wire.shape), count: Int(wire.count))
  }
}

extension Reeve_V1_Shape {
  package init(_ shape: NumberedShape) {
    self.init()
    number = shape.number.rawValue
    resources = Reeve_V1_Resources(shape.shape.resources)
    constraints = shape.shape.constraints.map { Reeve_V1_AttributeConstraint($0) }
  }
}

extension NumberedShape {
  package init(wire: Reeve_V1_Shape) throws(WireError) {
    self.init(
      number: ShapeNumber(wire.number),
      shape: Shape(
        try Resources("resources", wire: wire.resources, in: WireLimits.amounts),
        wire.constraints.map { AttributeConstraint(wire: $0) }
      )
    )
  }
}
