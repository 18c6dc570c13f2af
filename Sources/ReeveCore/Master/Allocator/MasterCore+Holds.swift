import OrderedCollections
import ReeveModel

// Room that is set aside: for those who want to know the node, for those whom smaller ones keep passing by, and for roles
// below their guarantee.
extension MasterCore {
  /// Has a rack set room for one of a shape aside. It counts as its framework's from now on.
  mutating func hold(
    _ name: Contentions.Name,
    on rack: RackNumber,
    gathering isGathered: Bool,
    takes: [HoldOrder.Take] = [],
    at now: Instant
  ) {
    let resources = batch.resources[name.shape.index]
    let row = HoldTable.Row(
      framework: name.framework,
      key: name.key,
      shape: name.shape,
      resources: resources,
      rack: rack,
      isGathered: isGathered,
      since: now,
      reclaimed: takes.isEmpty ? nil : now
    )
    let id = holds.add(row)
    racks[rack].orders.holds.append(
      HoldOrder(id: id, shape: name.shape, mayGather: isGathered, takes: takes)
    )
    if !isGathered { racks[rack].sent(name.shape, resources) }
    accounts[name.framework].offered += resources
    if let key = name.key { accounts[name.framework].changeDemand(key, name.shape) { $0.offered += 1 } }
    contentions.forget(name)
  }

  /// It is used, or of no use: the rack has it back.
  mutating func letGo(_ id: HoldID) {
    guard let row = holds.remove(id) else { return }
    racks[row.rack].orders.releases.append(id)
  }

  /// What is in no offer, and comes to nothing.
  private mutating func drop(_ id: HoldID) {
    guard let row = holds[id] else { return }
    letGo(id)
    accounts[row.framework].offered -= row.resources
    if let key = row.key { accounts[row.framework].changeDemand(key, row.shape) { $0.offered -= 1 } }
  }

  mutating func dropHolds(where isVoid: (HoldTable.Row) -> Bool) {
    for id in holds.all(where: { !$0.isOffered && isVoid($0) }) { drop(id) }
  }

  /// What a rack has set aside, and what it has not.
  mutating func hear(
    held: [HeldRoom],
    unheld: [HoldID],
    on rack: RackNumber,
    at now: Instant,
    into effects: inout [MasterEffect]
  ) {
    for id in unheld where holds[id]?.rack == rack {
      if holds[id]?.isOffered == true {
        rescind(offers.all { $0.holds.contains(id) }, for: .nodeLost, into: &effects)
      } else {
        drop(id)
      }
    }
    var slices: OrderedDictionary<PinnedSlices, [HoldID]> = [:]
    for room in held {
      guard let row = holds[room.id], row.rack == rack, durable.roster.has(room.node) else { continue }
      holds.change(room.id) { $0.node = room.node }
      guard let key = row.key else { continue }
      holds.change(room.id) { $0.isOffered = true }
      let slice = PinnedSlices(framework: row.framework, key: key, shape: row.shape, node: room.node)
      slices[slice, default: []].append(room.id)
    }
    for (slice, holds) in slices { offer(slice, holds, on: rack, at: now, into: &effects) }
  }

  private struct PinnedSlices: Hashable {
    var framework: FrameworkNumber
    var key: UInt32
    var shape: ShapeNumber
    var node: NodeNumber
  }

  private mutating func offer(
    _ slice: PinnedSlices,
    _ holds: [HoldID],
    on rack: RackNumber,
    at now: Instant,
    into effects: inout [MasterEffect]
  ) {
    let row = OfferTable.Row(
      framework: slice.framework,
      key: slice.key,
      shape: slice.shape,
      resources: batch.resources[slice.shape.index],
      count: holds.count,
      rack: rack,
      node: slice.node,
      holds: holds,
      made: now
    )
    let offer = makeOffer(row)
    if let session = accounts[slice.framework].session { effects.append(.offered(session, [offer])) }
  }

  /// Puts ready tasks where room was gathered for them.
  mutating func placeHeld(at now: Now, into effects: inout [MasterEffect]) {
    for id in holds.all(where: { $0.key == nil && $0.node != nil }) {
      guard let row = holds[id] else { continue }
      let tasks = takeReady(of: row)
      let attempt = durable.firstFreeAttempt
      assign(tasks, to: row.rack, at: now, into: &effects)
      if !tasks.isEmpty { racks[row.rack].orders.uses.append(HoldUse(attempt: attempt, hold: id)) }
      drop(id)
    }
  }

  /// The next task that room was gathered for, if there still is one.
  private mutating func takeReady(of row: HoldTable.Row) -> [TaskNumber] {
    if row.framework == .batch {
      batch.beginRound()
      return batch.nextRun(among: [row.shape]).map { batch.accept($0, count: 1, isReady: isReady) } ?? []
    }
    let tasks = accounts[row.framework].returned.take(1, of: row.shape, isReady: isReady)
    for task in tasks { accounts[row.framework].note(task) }
    return tasks
  }
}

// When room is gathered, and when it is taken from others.
extension MasterCore {
  /// Whose turn it was first, and who found no room, does not wait for ever.
  mutating func relieve(_ round: AllocationRound, at now: Instant) {
    // What is kept for the head of the queue, which may be another by now.
    for (id, row) in holds.gathering where row.framework == .batch && row.shape != round.batchHead {
      drop(id)
    }
    guard let first = round.first, isKnown(first.shape) else { return }
    contentions.note(first, othersGot: round.served.contains { $0 != first.framework }, at: now)
    let gathered = holds.gathering.filter { $0.row.framework == first.framework }
    if first.framework == .batch, durable.policy.backfills {
      if gathered.isEmpty { gather(first, 1, at: now) }
      return
    }
    guard let contention = contentions[first], contention.since + settings.gatherAfter <= now else { return }
    if let lack = lackOfGuarantee(of: first.framework) {
      let count = min(openCount(first), batch.resources[first.shape.index].count(in: lack), Self.reclaimedMax)
      gather(first, count - gathered.count, at: now)
    } else if contention.isOvertaken, gathered.isEmpty {
      gather(first, 1, at: now)
    }
  }

  /// Whether the racks that could take a shape have said how often it fits now.
  private func isKnown(_ shape: ShapeNumber) -> Bool {
    durable.roster.rackList.allSatisfy {
      !racks[$0].isStated || racks[$0].knows(shape)
    }
  }

  /// For the queue.
  func isGathering(_ shape: ShapeNumber) -> Bool {
    holds.gathering.contains { $0.row.framework == .batch && $0.row.shape == shape }
  }

  /// Whether a rack could take a shape if it were empty, or has not said yet that it could not.
  func mayFitSomewhere(_ shape: ShapeNumber) -> Bool {
    durable.roster.rackList.contains {
      racks[$0].isStated && (!racks[$0].knows(shape) || racks[$0].mayFit(shape, batch.shapes[shape.index]))
    }
  }

  /// Room for so many is gathered at one time for one framework below its guarantee.
  private static let reclaimedMax = 16

  private func openCount(_ name: Contentions.Name) -> Int {
    guard let key = name.key else { return 1 }
    return accounts[name.framework].demands.first { $0.wanted.key == key && $0.shape == name.shape }?.open
      ?? 0
  }

  private mutating func gather(_ name: Contentions.Name, _ count: Int, at now: Instant) {
    for _ in 0..<max(0, count) {
      guard let rack = gatheringRack(for: name, at: now) else { return }
      hold(name, on: rack, gathering: true, at: now)
    }
  }

  /// The rack where least is gathered already, and of those the one with most that is free.
  private func gatheringRack(for name: Contentions.Name, at now: Instant) -> RackNumber? {
    let shape = name.shape
    // A rack that is wanted is worth a wait.
    let demand = accounts[name.framework].demands.first { $0.wanted.key == name.key && $0.shape == shape }
    let wanted = demand.map { $0.since + $0.wanted.wait > now ? $0.wanted.racks : [] } ?? []
    var best: (gathered: Int, free: Double, rack: RackNumber)?
    let gathering = holds.gathering
    for rack in durable.roster.rackList where racks[rack].isStated && racks[rack].asked.contains(shape) {
      guard wanted.isEmpty || wanted.contains(durable.roster[rack].name),
        racks[rack].mayFit(shape, batch.shapes[shape.index]), let offer = racks[rack].offer
      else {
        continue
      }
      let count = gathering.count { $0.row.rack == rack }
      let free = offer.free.orZero.dominantShare(of: clusterTotal)
      if best.map({ (count, -free) < ($0.gathered, -$0.free) }) ?? true { best = (count, free, rack) }
    }
    return best?.rack
  }

  /// What a framework's role lacks of its guarantee, whatever is being gathered for it; `nil` where it has that, or none.
  private func lackOfGuarantee(of framework: FrameworkNumber) -> Resources? {
    let role = durable.frameworks.role(named: durable.frameworks[framework].info.role)
    guard let guarantee = role.guarantee else { return nil }
    let gathered = holds.gathering.reduce(Resources.zero) {
      durable.frameworks[$1.row.framework].info.role == role.name ? $0 + $1.row.resources : $0
    }
    let use = use(ofRole: role.name) - gathered
    return role.isBelowGuarantee(use) ? guarantee - use : nil
  }

  /// Roles that have waited below their guarantee have room made for them, at the cost of those above their share.
  mutating func reclaim(at now: Instant) {
    // All at once, so that nobody's surplus is given out twice.
    let due = holds.gathering.filter { lackOfGuarantee(of: $0.row.framework) != nil }
    guard due.contains(where: { ($0.row.reclaimed ?? $0.row.since) + settings.reclaimAfter <= now }) else {
      return
    }
    var surplus = Surplus(in: self, besides: Set(due.map { durable.frameworks[$0.row.framework].info.role }))
    for (id, row) in due {
      holds.change(id) { $0.reclaimed = now }
      let takes = surplus.takes(from: row.rack, &roleNumbers)
      let elsewhere = surplus.racks.first {
        racks[$0].isStated && racks[$0].asked.contains(row.shape)
          && racks[$0].mayFit(row.shape, batch.shapes[row.shape.index])
      }
      guard takes.isEmpty, let elsewhere else {
        // Also where nothing may be taken any more.
        racks[row.rack].orders.holds.append(
          HoldOrder(id: id, shape: row.shape, mayGather: true, takes: takes)
        )
        continue
      }
      drop(id)
      let name = Contentions.Name(framework: row.framework, key: row.key, shape: row.shape)
      hold(name, on: elsewhere, gathering: true, takes: surplus.takes(from: elsewhere, &roleNumbers), at: now)
    }
  }

  /// What takes too long is tried elsewhere.
  mutating func dropOverdueHolds(at now: Instant) {
    let overdue = holds.gathering.filter { $0.row.since + settings.gatherMax <= now }
    for (id, _) in overdue { drop(id) }
  }

  var holdsDeadline: Instant? {
    let gathering = holds.gathering.flatMap { _, row in
      [row.since + settings.gatherMax, (row.reclaimed ?? row.since) + settings.reclaimAfter]
    }
    return (gathering + [contentions.next(after: settings.gatherAfter, from: decidedAt)].compactMap { $0 })
      .filter { $0 > decidedAt }.min()
  }
}
