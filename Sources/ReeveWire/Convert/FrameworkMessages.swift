package import ReeveModel

extension Reeve_V1_SubscribedFramework {
  package init(_ framework: SubscribedFramework) {
    self.init()
    self.framework = framework.number.rawValue
    job = framework.job.rawValue
    id = framework.info.id.text
    name = framework.info.name
    role = framework.info.role
    user = framework.info.user
    failoverMicros = framework.info.failover.microseconds
    wallMicros = framework.submitted.microseconds
  }
}

extension SubscribedFramework {
  package init(wire: Reeve_V1_SubscribedFramework) throws(WireError) {
    self.init(
      number: FrameworkNumber(wire.framework),
      job: JobNumber(wire.job),
      info: FrameworkInfo(
        id: JobID(wire.id),
        name: wire.name,
        role: wire.role,
        user: wire.user,
        failover: try TimeSpan("failover_micros", wire: wire.failoverMicros)
      ),
      submitted: try WallTime("wall_micros", wire: wire.wallMicros)
    )
  }
}

extension Reeve_V1_Subscribe {
  package init(_ info: FrameworkInfo) {
    self.init()
    framework = info.id.text
    name = info.name
    role = info.role
    user = info.user
    failoverMicros = info.failover.microseconds
  }
}

extension FrameworkInfo {
  package init(wire: Reeve_V1_Subscribe) throws(WireError) {
    self.init(
      id: JobID(wire.framework),
      name: wire.name,
      role: wire.role.isEmpty ? Role.defaultName : wire.role,
      user: wire.user,
      failover: try TimeSpan("failover_micros", wire: wire.failoverMicros)
    )
  }
}

extension Array where Element == ShapeDemand {
  package init(wire: Reeve_V1_Demand) throws(WireError) {
    self = try parts("shapes", wire.shapes, ShapeDemand.init(wire:))
  }
}

extension ShapeDemand {
  package init(wire: Reeve_V1_ShapeDemand) throws(WireError) {
    self.init(
      key: wire.key,
      resources: try Resources("shape", wire: wire.shape, in: WireLimits.nodeAmounts),
      constraints: wire.constraints.map { AttributeConstraint(wire: $0) },
      count: Int(wire.count),
      racks: wire.racks,
      wait: try TimeSpan("wait_micros", wire: wire.waitMicros),
      isPinned: wire.kind == .pinned
    )
  }
}

extension Reeve_V1_ShapeDemand {
  package init(_ demand: ShapeDemand) {
    self.init()
    key = demand.key
    shape = Reeve_V1_Resources(demand.resources)
    constraints = demand.constraints.map { Reeve_V1_AttributeConstraint($0) }
    count = UInt32(clamping: demand.count)
    racks = demand.racks
    waitMicros = demand.wait.microseconds
    kind = demand.isPinned ? .pinned : .pooled
  }
}

extension Reeve_V1_Offer {
  package init(_ offer: FrameworkOffer) {
    self.init()
    id = offer.id.rawValue
    key = offer.key
    shape = Reeve_V1_Resources(offer.resources)
    count = UInt32(clamping: offer.count)
    rack = offer.rack
    if let name = offer.node { (kind, node) = (.pinned, name) }
    expiresMicros = offer.expires.microseconds
  }
}

extension FrameworkOffer {
  package init(wire: Reeve_V1_Offer) throws(WireError) {
    self.init(
      id: OfferID(wire.id),
      key: wire.key,
      resources: try Resources("shape", wire: wire.shape, in: WireLimits.amounts),
      count: Int(wire.count),
      rack: wire.rack,
      node: wire.kind == .pinned ? wire.node : nil,
      expires: try TimeSpan("expires_micros", wire: wire.expiresMicros)
    )
  }
}

extension Reeve_V1_TaskUpdates {
  package init(_ updates: [TaskUpdate]) {
    self.init()
    ids = updates.map(\.id)
    names = Reeve_V1_PackedStrings(PackedStrings(updates.map(\.task)))
    states = updates.map { UInt32(Reeve_V1_UpdateState($0.state).rawValue) }
    reasons = Reeve_V1_PackedStrings(PackedStrings(updates.map(\.reason.code)))
    statuses = updates.map(\.status)
    nodes = Reeve_V1_PackedStrings(PackedStrings(updates.map(\.node)))
    attempts = updates.map(\.attempt.rawValue)
  }
}

extension Reeve_V1_UpdateState {
  /// What a framework's tasks wait for is the framework's to know: they are never blocked, nor skipped.
  fileprivate init(_ state: TaskState?) {
    self =
      switch state {
      case nil: .unknown
      case .blocked, .queued: .queued
      case .assigned: .assigned
      case .running: .running
      case .succeeded: .succeeded
      case .failed: .failed
      case .cancelled, .skipped: .cancelled
      }
  }

  fileprivate var state: TaskState? {
    switch self {
    case .unknown, .UNRECOGNIZED: nil
    case .queued: .queued
    case .assigned: .assigned
    case .running: .running
    case .succeeded: .succeeded
    case .failed: .failed
    case .cancelled: .cancelled
    }
  }
}

extension Array where Element == TaskUpdate {
  package init(wire: Reeve_V1_TaskUpdates) throws(WireError) {
    let (ids, states, statuses, attempts) = (wire.ids, wire.states, wire.statuses, wire.attempts)
    let names = try PackedStrings("names", wire: wire.names)
    let reasons = try PackedStrings("reasons", wire: wire.reasons)
    let nodes = try PackedStrings("nodes", wire: wire.nodes)
    try check("names", length: names.count, is: ids.count)
    try check("states", length: states.count, is: ids.count)
    try check("reasons", length: reasons.count, is: ids.count)
    try check("statuses", length: statuses.count, is: ids.count)
    try check("nodes", length: nodes.count, is: ids.count)
    try check("attempts", length: attempts.count, is: ids.count)
    self = []
    reserveCapacity(ids.count)
    for i in ids.indices {
      append(
        TaskUpdate(
          id: ids[i],
          task: names[i],
          state: Reeve_V1_UpdateState(rawValue: Int(states[i]))?.state,
          reason: try FailureReason(wire: reasons[i]),
          status: statuses[i],
          node: nodes[i],
          attempt: AttemptID(attempts[i])
        )
      )
    }
  }
}

extension Reeve_V1_FrameworkReply {
  package init(_ serial: UInt64, _ result: Result<Int, Refusal>) {
    self.init()
    self.serial = serial
    switch result {
    case .success(let count): tasks = UInt64(count)
    case .failure(let refusal): problem = Reeve_V1_Problem(refusal)
    }
  }
}
