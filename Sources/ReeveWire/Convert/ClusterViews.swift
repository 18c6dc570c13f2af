package import ReeveModel

extension Reeve_V1_NodeView {
  package init(_ node: NodeView) {
    self.init()
    number = node.status.number.rawValue
    name = node.status.name
    rack = node.rack
    state = node.status.state.rawValue
    total = Reeve_V1_Resources(node.status.total)
    free = Reeve_V1_Resources(node.status.free)
    running = UInt32(clamping: node.status.running)
    address = node.status.address
    attributes = node.status.attributes.map { Reeve_V1_Variable($0) }
  }
}

extension NodeView {
  package init(wire: Reeve_V1_NodeView) throws(WireError) {
    let status = NodeStatus(
      number: NodeNumber(wire.number),
      name: wire.name,
      state: try NodeStatus.State(wire: wire.state),
      total: try Resources("total", wire: wire.total, in: WireLimits.nodeAmounts),
      free: try Resources("free", wire: wire.free, in: WireLimits.nodeFreeAmounts),
      running: Int(wire.running),
      address: wire.address,
      attributes: wire.attributes.map { TaskTemplate.Variable(wire: $0) }
    )
    self.init(status: status, rack: wire.rack)
  }
}

extension Reeve_V1_RackView {
  package init(_ rack: RackView) {
    self.init()
    number = rack.number.rawValue
    name = rack.name
    state = rack.state.rawValue
    address = rack.address
    nodes = UInt32(clamping: rack.nodes)
    total = Reeve_V1_Resources(rack.total)
    free = Reeve_V1_Resources(rack.free)
    assigned = UInt64(clamping: rack.assigned)
    generation = rack.generation.description
  }
}

extension RackView {
  package init(wire: Reeve_V1_RackView) throws(WireError) {
    self.init(
      number: RackNumber(wire.number),
      name: wire.name,
      state: try State(wire: wire.state),
      address: wire.address,
      nodes: Int(wire.nodes),
      total: try Resources("total", wire: wire.total, in: WireLimits.amounts),
      free: try Resources("free", wire: wire.free, in: WireLimits.freeAmounts),
      assigned: try check("assigned", count: wire.assigned),
      generation: try Generation("generation", text: wire.generation)
    )
  }
}
