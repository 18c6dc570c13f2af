package import ReeveModel

extension Reeve_V1_RackReport {
  /// Without the parts in which there is nothing: most reports are about one thing.
  package init(_ report: RackReport) {
    self.init()
    countedIn = report.countedIn
    if !report.waiting.isEmpty { waiting = Reeve_V1_AttemptColumns(report.waiting) }
    if !report.started.isEmpty { running = Reeve_V1_StartColumns(report.started) }
    if !report.ends.isEmpty { ends = Reeve_V1_EndColumns(report.ends) }
    if !report.returned.isEmpty { returned = Reeve_V1_AttemptColumns(report.returned) }
    if !report.lost.isEmpty { lost = Reeve_V1_LostColumns(report.lost) }
    if let offered = report.offer { offer = Reeve_V1_RackOffer(offered) }
    nodes = report.nodes.map { Reeve_V1_NodeState($0) }
    if !report.held.isEmpty { held = Reeve_V1_HeldColumns(report.held) }
    unheld = report.unheld.map(\.rawValue)
  }
}

extension RackReport {
  package init(wire: Reeve_V1_RackReport) throws(WireError) {
    self.init()
    countedIn = try check("counted_in", number: wire.countedIn)
    waiting = try [TaskAttempt]("waiting", wire: wire.waiting)
    started = try [TaskStart]("running", wire: wire.running)
    ends = try [TaskEnd]("ends", wire: wire.ends)
    returned = try [TaskAttempt]("returned", wire: wire.returned)
    lost = try [LostAttempt]("lost", wire: wire.lost)
    if wire.hasOffer {
      offer = try part("offer") { () throws(WireError) in try RackOffer(wire: wire.offer) }
    }
    nodes = try parts("nodes", wire.nodes, NodeStatus.init(wire:))
    held = try [HeldRoom]("held", wire: wire.held)
    unheld = try wire.unheld.map { id throws(WireError) in HoldID(try check("unheld", number: id)) }
  }

  package init(_ field: String, wire: Reeve_V1_RackReport) throws(WireError) {
    self = try part(field) { () throws(WireError) in try RackReport(wire: wire) }
  }
}

extension Reeve_V1_RackOffer {
  package init(_ offer: RackOffer) {
    self.init()
    total = Reeve_V1_Resources(offer.total)
    free = Reeve_V1_Resources(offer.free)
    fits = offer.fits.map { Reeve_V1_ShapeFit($0) }
    largest = offer.largest.map { Reeve_V1_Resources($0) }
    fillsWithinMicros = offer.fillsWithin.microseconds
  }
}

extension RackOffer {
  package init(wire: Reeve_V1_RackOffer) throws(WireError) {
    self.init(
      total: try Resources("total", wire: wire.total, in: WireLimits.amounts),
      free: try Resources("free", wire: wire.free, in: WireLimits.freeAmounts),
      fits: wire.fits.map { ShapeFit(wire: $0) },
      largest: try parts("largest", wire.largest) { one throws(WireError) in
        try Resources(wire: one, in: WireLimits.nodeAmounts)
      },
      fillsWithin: try TimeSpan("fills_within_micros", wire: wire.fillsWithinMicros)
    )
  }
}

extension Reeve_V1_ShapeFit {
  /// What is more than 32 bits travels as the most that they hold: a shape of nothing fits any number of times.
  package init(_ fit: RackOffer.ShapeFit) {
    self.init()
    shape = fit.shape.rawValue
    fits = UInt32(clamping: fit.fits)
    fills = UInt32(clamping: fit.fills)
    waiting = UInt32(clamping: fit.waiting)
    mayFit = fit.mayFit
  }
}

extension RackOffer.ShapeFit {
  package init(wire: Reeve_V1_ShapeFit) {
    self.init(
      shape: ShapeNumber(wire.shape),
      fits: Int(wire.fits),
      fills: Int(wire.fills),
      waiting: Int(wire.waiting),
      mayFit: wire.mayFit
    )
  }
}

extension Reeve_V1_NodeState {
  package init(_ status: NodeStatus) {
    self.init()
    number = status.number.rawValue
    name = status.name
    state = status.state.rawValue
    total = Reeve_V1_Resources(status.total)
    free = Reeve_V1_Resources(status.free)
    running = UInt32(clamping: status.running)
    address = status.address
    attributes = status.attributes.map { Reeve_V1_Variable($0) }
  }
}

extension NodeStatus {
  package init(wire: Reeve_V1_NodeState) throws(WireError) {
    self.init(
      number: NodeNumber(wire.number),
      name: wire.name,
      state: try State(wire: wire.state),
      total: try Resources("total", wire: wire.total, in: WireLimits.nodeAmounts),
      free: try Resources("free", wire: wire.free, in: WireLimits.nodeFreeAmounts),
      running: Int(wire.running),
      address: wire.address,
      attributes: wire.attributes.map { TaskTemplate.Variable(wire: $0) }
    )
  }
}
