package import ReeveModel

extension Reeve_V1_Role {
  package init(_ role: Role) {
    self.init()
    name = role.name
    weight = role.weight
    if let guarantee = role.guarantee { self.guarantee = Reeve_V1_Resources(quota: guarantee) }
    if role.limit != .unlimited { limit = Reeve_V1_Resources(quota: role.limit) }
  }
}

extension Role {
  package init(wire: Reeve_V1_Role) throws(WireError) {
    guard wire.weight > 0, wire.weight.isFinite else {
      throw WireError("weight", "\(wire.weight) is not above 0")
    }
    self.init(
      name: wire.name,
      weight: wire.weight,
      guarantee: wire.hasGuarantee ? try Resources("guarantee", quota: wire.guarantee) : nil,
      limit: wire.hasLimit ? try Resources("limit", quota: wire.limit) : .unlimited
    )
  }
}

/// Of a quota, -1 is a resource that it does not name.
extension Reeve_V1_Resources {
  fileprivate init(quota: Resources) {
    func named(_ amount: Int64) -> Int64 { amount == .max ? -1 : amount }
    self.init()
    cpuMillis = named(quota.cpuMillis)
    memory = named(quota.memory)
    disk = named(quota.disk)
  }
}

extension Resources {
  fileprivate init(_ field: String, quota wire: Reeve_V1_Resources) throws(WireError) {
    func named(_ name: String, _ amount: Int64) throws(WireError) -> Int64 {
      amount == -1 ? .max : try check("\(field).\(name)", amount, in: WireLimits.amounts)
    }
    self.init(
      cpuMillis: try named("cpu_millis", wire.cpuMillis),
      memory: try named("memory", wire.memory),
      disk: try named("disk", wire.disk)
    )
  }
}

extension Reeve_V1_RoleOrder {
  package init(_ change: RoleChange) {
    self.init()
    name = change.name
    weight = change.weight ?? 0
    if let quota = change.guarantee { guarantee = Reeve_V1_Quota(quota) }
    if let quota = change.limit { limit = Reeve_V1_Quota(quota) }
  }
}

extension RoleChange {
  package init(wire: Reeve_V1_RoleOrder) throws(WireError) {
    self.init(
      name: wire.name,
      weight: wire.weight == 0 ? nil : wire.weight,
      guarantee: wire.hasGuarantee ? try Quota("guarantee", wire: wire.guarantee) : nil,
      limit: wire.hasLimit ? try Quota("limit", wire: wire.limit) : nil
    )
  }
}

extension Reeve_V1_Quota {
  fileprivate init(_ quota: RoleChange.Quota) {
    self.init()
    if case .amounts(let amounts) = quota { self.amounts = Reeve_V1_Resources(quota: amounts) }
  }
}

extension RoleChange.Quota {
  fileprivate init(_ field: String, wire: Reeve_V1_Quota) throws(WireError) {
    self = wire.hasAmounts ? .amounts(try Resources(field, quota: wire.amounts)) : .none
  }
}
