package import ReeveModel

/// A node as `nodes` says it.
package struct NodeRow: Row {
  package let node: NodeView

  package init(_ node: NodeView) { self.node = node }

  package var selector: String { node.status.name }
  package var state: String { node.status.state.rawValue }
  package static var stateColumn: Int { 2 }

  package var fields: [Field] {
    [
      Field("name", .text(node.status.name)),
      Field("rack", .word(node.rack)),
      Field("state", .text(state)),
      Field("running", .integer(node.status.running)),
    ] + Capacity.fields(total: node.status.total, free: node.status.free) + [
      Field("attributes", .variables(node.status.attributes)),
      Field("address", .word(node.status.address)),
    ]
  }

  package static var columns: [Table.Column] {
    [
      Table.Column("NODE"), Table.Column("RACK"), Table.Column("STATE"),
      Table.Column("RUNNING", isNumber: true),
    ]
      + Capacity.columns
  }

  package static var wideColumns: [Table.Column] { [Table.Column("ATTRIBUTES"), Table.Column("ADDRESS")] }

  package func cells(at now: WallTime) -> [String] {
    [node.status.name, Cell.word(node.rack), state, "\(node.status.running)"]
      + Capacity.cells(total: node.status.total, free: node.status.free)
  }

  package func wideCells(at now: WallTime) -> [String] {
    [
      Cell.words(node.status.attributes.map { "\($0.name)=\($0.value)" }), Cell.word(node.status.address),
    ]
  }
}

/// A rack as `racks` says it.
package struct RackRow: Row {
  package let rack: RackView

  package init(_ rack: RackView) { self.rack = rack }

  package var selector: String { rack.name }
  package var state: String { rack.state.rawValue }
  package static var stateColumn: Int { 1 }

  package var fields: [Field] {
    [
      Field("name", .text(rack.name)),
      Field("state", .text(state)),
      Field("nodes", .integer(rack.nodes)),
      Field("assigned", .integer(rack.assigned)),
    ] + Capacity.fields(total: rack.total, free: rack.free) + [
      Field("generation", .text(rack.generation.description)),
      Field("address", .word(rack.address)),
    ]
  }

  package static var columns: [Table.Column] {
    [
      Table.Column("RACK"), Table.Column("STATE"), Table.Column("NODES", isNumber: true),
      Table.Column("ASSIGNED", isNumber: true),
    ] + Capacity.columns
  }

  package static var wideColumns: [Table.Column] { [Table.Column("GENERATION"), Table.Column("ADDRESS")] }

  package func cells(at now: WallTime) -> [String] {
    [rack.name, state, "\(rack.nodes)", "\(rack.assigned)"]
      + Capacity.cells(total: rack.total, free: rack.free)
  }

  package func wideCells(at now: WallTime) -> [String] {
    [rack.generation.description, Cell.word(rack.address)]
  }
}

/// What a node or rack has, and how much of it is free.
private enum Capacity {
  static func fields(total: Resources, free: Resources) -> [Field] {
    [
      Field("cpus", .thousandths(total.cpuMillis)),
      Field("memory", .integer(total.memory)),
      Field("disk", .integer(total.disk)),
      Field("cpusFree", .thousandths(free.cpuMillis)),
      Field("memoryFree", .integer(free.memory)),
      Field("diskFree", .integer(free.disk)),
    ]
  }

  static var columns: [Table.Column] {
    ["CPUS", "FREE", "MEMORY", "FREE", "DISK", "FREE"].map { Table.Column($0, isNumber: true) }
  }

  static func cells(total: Resources, free: Resources) -> [String] {
    [
      Amounts.cpus(total.cpuMillis), Amounts.cpus(free.cpuMillis), Amounts.size(total.memory),
      Amounts.size(free.memory), Amounts.size(total.disk), Amounts.size(free.disk),
    ]
  }
}
