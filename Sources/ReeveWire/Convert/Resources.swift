package import ReeveModel

extension Reeve_V1_Resources {
  package init(_ resources: Resources) {
    self.init()
    cpuMillis = resources.cpuMillis
    memory = resources.memory
    disk = resources.disk
  }
}

extension Resources {
  package init(wire: Reeve_V1_Resources) throws(WireError) {
    try self.init(wire: wire, in: WireLimits.amounts)
  }

  init(wire: Reeve_V1_Resources, in bounds: ClosedRange<Int64>) throws(WireError) {
    self.init(
      cpuMillis: try check("cpu_millis", wire.cpuMillis, in: bounds),
      memory: try check("memory", wire.memory, in: bounds),
      disk: try check("disk", wire.disk, in: bounds)
    )
  }

  init(_ field: String, wire: Reeve_V1_Resources, in bounds: ClosedRange<Int64>) throws(WireError) {
    self = try part(field) { () throws(WireError) in try Resources(wire: wire, in: bounds) }
  }
}
