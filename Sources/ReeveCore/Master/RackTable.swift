import DequeModule
import ReeveModel

/// What the master knows of the racks beyond the journal: their sessions, offers and what is under way to them. All of it is
/// told again when a session opens.
struct RackTable: Sendable {
  private(set) var links: [RackAccount] = []
  /// Rack schedulers without a rack, the longest there first.
  private(set) var spares: [Spare] = []
  private var bySession: [SessionNumber: RackNumber] = [:]

  subscript(rack: RackNumber) -> RackAccount {
    @inline(__always) _read { yield links[rack.index - 1] }
    @inline(__always) _modify { yield &links[rack.index - 1] }
  }

  /// The rack of a session, if it is the rack's newest.
  func rack(of session: SessionNumber) -> RackNumber? { bySession[session] }

  struct Spare: Sendable {
    var session: SessionNumber
    var hello: RackHello
  }

  /// - Parameters:
  ///   - count: how many racks there are.
  ///   - since: from when on those that are new count as without a rack scheduler.
  mutating func grow(to count: Int, awaySince since: Instant) {
    while links.count < count { links.append(RackAccount(awaySince: since)) }
  }

  /// A spare that is there already has opened a newer session.
  mutating func offer(_ spare: Spare) {
    spares.removeAll { $0.hello.incarnation == spare.hello.incarnation }
    spares.append(spare)
  }

  /// One of the process that serves the fewest racks.
  mutating func takeSpare() -> Spare? {
    var served: [String: Int] = [:]
    for link in links where link.session != nil { served[link.address, default: 0] += 1 }
    let counts = spares.map { served[$0.hello.address] ?? 0 }
    guard let least = counts.min(), let place = counts.firstIndex(of: least) else { return nil }
    return spares.remove(at: place)
  }

  /// The master itself did not run for so long: racks were not away meanwhile, as far as anybody could see.
  mutating func excuse(_ gap: TimeSpan) {
    guard gap > .zero else { return }
    for i in links.indices { links[i].awaySince = links[i].awaySince.map { $0 + gap } }
  }

  /// - Returns: the session that this one ends.
  mutating func open(_ session: SessionNumber, rack: RackNumber, _ hello: RackHello) -> SessionNumber? {
    let older = self[rack].session
    if let older { bySession[older] = nil }
    let nodes = self[rack].nodes
    self[rack] = RackAccount()
    self[rack].session = session
    self[rack].isOwn = hello.claim == .own
    self[rack].address = hello.address
    self[rack].nodes = nodes
    bySession[session] = rack
    return older
  }

  mutating func close(_ session: SessionNumber, at now: Instant) {
    spares.removeAll { $0.session == session }
    guard let rack = bySession.removeValue(forKey: session) else { return }
    self[rack].session = nil
    self[rack].awaySince = now
    self[rack].isStated = false
  }
}

/// One rack's session and what it offers.
struct RackAccount: Sendable {
  var session: SessionNumber?
  /// Whoever has the session has the rack by its name.
  var isOwn = false
  /// Since when it has no session.
  var awaySince: Instant?
  /// The statement has been heard: orders may go out.
  var isStated = false
  var address = ""
  var nodes: [NodeNumber: NodeStatus] = [:]
  /// What this turn wants of the rack, and has not been sent yet.
  var orders = RackOrders()
  /// Shapes that it has been asked about.
  var asked: [ShapeNumber] = []
  private(set) var offer: RackOffer?
  /// Tasks that are over by then may run beside what is being gathered.
  private var fillsUntil = Instant(microseconds: .min)
  private var carriedTemplates: Set<TemplateNumber> = []
  private var lastBatch: UInt64 = 0
  /// Launches that the rack's last offer does not count yet.
  private var uncounted = Deque<Uncounted>()
  /// What such launches and the offers to frameworks take, by shape.
  private var promised: [Promise] = []
  private(set) var promisedResources = Resources.zero
  private var pace = Pace()
  private(set) var recalledAt: Instant?
  /// When acknowledgements that gather must leave.
  private(set) var acknowledgementsDue: Instant?
  private static let acknowledgementsMax = 500

  init(awaySince: Instant? = nil) { self.awaySince = awaySince }

  private struct Uncounted {
    var batch: UInt64
    var shape: ShapeNumber
    var count: Int
    var resources: Resources
  }

  private struct Promise {
    var shape: ShapeNumber
    var resources: Resources
    var count: Int
  }

  /// Whether the rack has said of a shape how often it fits.
  func knows(_ shape: ShapeNumber) -> Bool { offer?.fits.contains { $0.shape == shape } ?? false }

  /// How many of a shape could start on the rack at once, less those under way to it or offered. Fit counts of several shapes
  /// do not add up, so what is free in sum bounds them too.
  func room(for shape: ShapeNumber, _ resources: Resources) -> Int {
    guard isStated, let offer, let fit = offer.fits.first(where: { $0.shape == shape }), fit.fits > 0 else {
      return 0
    }
    let own = promised.first { $0.shape == shape }?.count ?? 0
    return max(0, min(fit.fits - own, resources.count(in: offer.free - promisedResources)))
  }

  /// The same of tasks that run for so long at most, on nodes where room is being gathered.
  func fillRoom(for shape: ShapeNumber, _ limit: TimeSpan, at now: Instant) -> Int {
    guard isStated, let fit = offer?.fits.first(where: { $0.shape == shape }), fit.fills > 0,
      now + limit <= fillsUntil
    else { return 0 }
    let own = promised.first { $0.shape == shape }?.count ?? 0
    return max(0, fit.fits + fit.fills - own)
  }

  /// Whether one of its nodes would take the shape if it were empty. What its nodes are is the rack's to know: of constraints
  /// there is its word alone, once it was asked.
  func mayFit(_ number: ShapeNumber, _ shape: Shape) -> Bool {
    guard let offer else { return false }
    guard shape.constraints.isEmpty else {
      return offer.fits.first { $0.shape == number }?.mayFit ?? false
    }
    return offer.largest.contains { shape.resources.fits(in: $0) }
  }

  /// Of launches that the rack's last offer does not count yet.
  var uncountedResources: Resources { uncounted.reduce(.zero) { $0 + $1.resources * $1.count } }

  /// Slices are offered to a framework, or something is under way.
  mutating func promise(_ shape: ShapeNumber, _ resources: Resources, count: Int) {
    promisedResources += resources * count
    if let i = promised.firstIndex(where: { $0.shape == shape }) {
      promised[i].count += count
    } else {
      promised.append(Promise(shape: shape, resources: resources, count: count))
    }
  }

  /// They are offered no more, or counted by the rack.
  mutating func unpromise(_ shape: ShapeNumber, _ resources: Resources, count: Int) {
    guard let i = promised.firstIndex(where: { $0.shape == shape }) else { return }
    promisedResources -= resources * count
    promised[i].count -= count
    if promised[i].count == 0 { promised.remove(at: i) }
  }

  func waiting(_ shape: ShapeNumber) -> Int {
    offer?.fits.first { $0.shape == shape }?.waiting ?? 0
  }

  /// How many tasks should wait at the rack beyond what is free, so that a freed slot is refilled without a trip to the
  /// master: what ends there in a tenth of a second. Where tasks are long that is none.
  mutating func aheadTarget(at now: Instant) -> Int { pace.current(at: now) }

  mutating func took(_ offer: RackOffer, countedIn batch: UInt64, at now: Instant) {
    self.offer = offer
    fillsUntil = now + offer.fillsWithin
    while let first = uncounted.first, first.batch <= batch {
      unpromise(first.shape, first.resources, count: first.count)
      uncounted.removeFirst()
    }
  }

  mutating func counted(ends: Int, at now: Instant) { pace.add(ends, at: now) }

  /// Notes a launch, or room to be held, of the batch that `takeOrders` will number.
  mutating func sent(_ shape: ShapeNumber, _ resources: Resources) {
    promise(shape, resources, count: 1)
    if let last = uncounted.last, last.batch == lastBatch + 1, last.shape == shape {
      uncounted[uncounted.count - 1].count += 1
    } else {
      uncounted.append(Uncounted(batch: lastBatch + 1, shape: shape, count: 1, resources: resources))
    }
  }

  /// Whether the stream has yet to carry the template; says so once.
  mutating func mustCarry(_ template: TemplateNumber) -> Bool { carriedTemplates.insert(template).inserted }

  mutating func recalled(at now: Instant) { recalledAt = now }

  /// Takes the orders out, numbered.
  ///
  /// Acknowledgements alone wait for company: nobody waits for them, and a message costs more than what is in it.
  mutating func takeOrders(at now: Instant, acknowledgeWithin: TimeSpan) -> RackOrders? {
    guard isStated, !orders.isEmpty else { return nil }
    if orders.isOnlyAcknowledgements, orders.acknowledged.count < Self.acknowledgementsMax {
      let due = acknowledgementsDue ?? now + acknowledgeWithin
      acknowledgementsDue = due
      guard now >= due else { return nil }
    }
    acknowledgementsDue = nil
    if !orders.launches.isEmpty || !orders.holds.isEmpty {
      lastBatch += 1
      orders.batch = lastBatch
    }
    defer { orders = RackOrders() }
    return orders
  }
}
