package import ReeveModel

extension Reeve_V1_FrameworkView {
  package init(_ view: FrameworkView) {
    self.init()
    id = view.info.id.text
    name = view.info.name
    role = view.info.role
    user = view.info.user
    state = view.state.rawValue
    leavesMicros = view.leaves.microseconds
    failoverMicros = view.info.failover.microseconds
    used = Reeve_V1_Resources(view.used)
    offered = Reeve_V1_Resources(view.offered)
    share = view.share
    fairShare = view.fairShare
    demands = view.demands.map { Reeve_V1_DemandView($0) }
    job = Reeve_V1_JobProgress(view.job)
    code = view.code.rawValue
    sentence = view.sentence
  }
}

extension FrameworkView {
  package init(wire: Reeve_V1_FrameworkView) throws(WireError) {
    self.init(
      info: FrameworkInfo(
        id: JobID(wire.id),
        name: wire.name,
        role: wire.role,
        user: wire.user,
        failover: try TimeSpan("failover_micros", wire: wire.failoverMicros)
      ),
      state: try State(wire: wire.state),
      leaves: try TimeSpan("leaves_micros", wire: wire.leavesMicros),
      used: try Resources("used", wire: wire.used, in: WireLimits.amounts),
      offered: try Resources("offered", wire: wire.offered, in: WireLimits.amounts),
      share: wire.share,
      fairShare: wire.fairShare,
      demands: try parts("demands", wire.demands, DemandView.init(wire:)),
      job: try part("job") { () throws(WireError) in try JobProgress(wire: wire.job) },
      code: try Code(wire: wire.code),
      sentence: wire.sentence
    )
  }
}

extension Reeve_V1_DemandView {
  fileprivate init(_ view: FrameworkView.DemandView) {
    self.init()
    key = view.key
    shape = Reeve_V1_Resources(view.resources)
    constraints = view.constraints.map { Reeve_V1_AttributeConstraint($0) }
    count = UInt64(clamping: view.count)
    offered = UInt64(clamping: view.offered)
    declines = UInt32(clamping: view.declines)
    restsMicros = view.rests.microseconds
  }
}

extension FrameworkView.DemandView {
  fileprivate init(wire: Reeve_V1_DemandView) throws(WireError) {
    self.init(
      key: wire.key,
      resources: try Resources("shape", wire: wire.shape, in: WireLimits.amounts),
      constraints: wire.constraints.map { AttributeConstraint(wire: $0) },
      count: try check("count", count: wire.count),
      offered: try check("offered", count: wire.offered),
      declines: Int(wire.declines),
      rests: try TimeSpan("rests_micros", wire: wire.restsMicros)
    )
  }
}

extension Reeve_V1_OfferView {
  package init(_ view: OfferView) {
    self.init()
    id = view.id.rawValue
    framework = view.framework.text
    role = view.role
    rack = view.rack
    shape = Reeve_V1_Resources(view.resources)
    count = UInt64(clamping: view.count)
    ageMicros = view.age.microseconds
    expiresMicros = view.expires.microseconds
  }
}

extension OfferView {
  package init(wire: Reeve_V1_OfferView) throws(WireError) {
    self.init(
      id: OfferID(wire.id),
      framework: JobID(wire.framework),
      role: wire.role,
      rack: wire.rack,
      resources: try Resources("shape", wire: wire.shape, in: WireLimits.amounts),
      count: try check("count", count: wire.count),
      age: try TimeSpan("age_micros", wire: wire.ageMicros),
      expires: try TimeSpan("expires_micros", wire: wire.expiresMicros)
    )
  }
}

extension Reeve_V1_RoleView {
  package init(_ view: RoleView) {
    self.init()
    role = Reeve_V1_Role(view.role)
    frameworks = UInt32(clamping: view.frameworks)
    used = Reeve_V1_Resources(view.used)
    offered = Reeve_V1_Resources(view.offered)
    share = view.share
    fairShare = view.fairShare
    history = Reeve_V1_ShareHistory(view.history)
    if let shape = view.blocked {
      blocked.framework = shape.framework.text
      blocked.shape = Reeve_V1_Resources(shape.resources)
    }
    preempted = UInt64(view.wasted.preempted)
    wastedCoreMicros = view.wasted.coreTime.microseconds
  }
}

extension Reeve_V1_ShareHistory {
  init(_ history: ShareHistory) {
    self.init()
    share = history.mean.share
    fairShare = history.mean.fairShare
    shares = history.minutes.map(\.share)
    fairShares = history.minutes.map(\.fairShare)
  }
}

extension ShareHistory {
  init(wire: Reeve_V1_ShareHistory) throws(WireError) {
    let (shares, fairShares) = (wire.shares, wire.fairShares)
    try check("fair_shares", length: fairShares.count, is: shares.count)
    self.init(
      mean: SharePair(share: wire.share, fairShare: wire.fairShare),
      minutes: zip(shares, fairShares).map { SharePair(share: $0, fairShare: $1) }
    )
  }
}

extension Reeve_V1_UserView {
  package init(_ view: UserView) {
    self.init()
    name = view.name
    used = Reeve_V1_Resources(view.used)
    share = view.now.share
    fairShare = view.now.fairShare
    history = Reeve_V1_ShareHistory(view.history)
  }
}

extension UserView {
  package init(wire: Reeve_V1_UserView) throws(WireError) {
    self.init(
      name: wire.name,
      used: try Resources("used", wire: wire.used, in: WireLimits.amounts),
      now: SharePair(share: wire.share, fairShare: wire.fairShare),
      history: try part("history") { () throws(WireError) in try ShareHistory(wire: wire.history) }
    )
  }
}

extension RoleView {
  package init(wire: Reeve_V1_RoleView) throws(WireError) {
    self.init(
      role: try part("role") { () throws(WireError) in try Role(wire: wire.role) },
      frameworks: Int(wire.frameworks),
      used: try Resources("used", wire: wire.used, in: WireLimits.amounts),
      offered: try Resources("offered", wire: wire.offered, in: WireLimits.amounts),
      share: wire.share,
      fairShare: wire.fairShare,
      history: try part("history") { () throws(WireError) in try ShareHistory(wire: wire.history) },
      blocked: wire.hasBlocked
        ? BlockedShape(
          framework: JobID(wire.blocked.framework),
          resources: try Resources("blocked.shape", wire: wire.blocked.shape, in: WireLimits.amounts)
        ) : nil,
      wasted: WastedWork(
        preempted: try check("preempted", count: wire.preempted),
        coreTime: try TimeSpan("wasted_core_micros", wire: wire.wastedCoreMicros)
      )
    )
  }
}
