import ReeveModel

// Room that is set aside: where it is, and what may run meanwhile where it is being gathered.
extension RackCore {
  mutating func obey(_ order: HoldOrder) {
    guard !holds.update(order) else { return }
    guard let shape = link[order.shape] else { return link.unheld(order.id) }
    holds.add(order, shape)
  }

  /// Lets room go, and puts launches there that it was held for. One that finds its node gone, or too full, waits like any
  /// other.
  mutating func use(_ uses: [HoldUse], releasing released: [HoldID], at now: Instant) {
    let nodes = uses.map { use in holds[use.hold].flatMap { $0.isHeld ? $0.node : nil } }
    for id in released { letGo(id) }
    for case (let use, let node?) in zip(uses, nodes) {
      guard let place = attempts.place(of: use.attempt), attempts[place].phase == .waiting,
        self.nodes.takesLaunches(node), self.nodes.fits(attempts[place].shape, on: node) > 0
      else { continue }
      backlog.remove(sequence: attempts[place].sequence, shape: attempts[place].shape)
      send(place, to: node, at: now)
    }
  }

  private mutating func letGo(_ id: HoldID) {
    guard let row = holds.remove(id), let node = row.node else { return }
    if row.isHeld {
      nodes.giveBack(row.resources, on: node)
    } else {
      nodes.unreserve(row.resources, on: node)
    }
  }

  /// Holds live with the master's session.
  mutating func dropHolds() { for row in holds.rows { letGo(row.id) } }

  /// A node is gone: what was held there is not any more, what was being gathered is gathered elsewhere.
  mutating func dropHolds(on node: Int) {
    for (i, row) in holds.rows.enumerated().reversed() where row.node == node {
      if row.isHeld {
        letGo(row.id)
        link.unheld(row.id)
      } else {
        nodes.unreserve(row.resources, on: node)
        holds.gather(i, on: nil)
      }
    }
  }

  /// A node has stated itself anew, perhaps as another than it was.
  mutating func recheckHolds(on node: Int) {
    for (i, row) in holds.rows.enumerated().reversed() where row.node == node {
      let isMet = nodes.constraints.isMet(row.shape.constraints, by: node)
      if row.isHeld, !isMet {
        letGo(row.id)
        link.unheld(row.id)
      } else if !row.isHeld, !isMet || !nodes[node].reserved.fits(in: nodes.rooms[node].total) {
        nodes.unreserve(row.resources, on: node)
        holds.gather(i, on: nil)
      }
    }
  }

  /// Holds what there is room for by now, and begins to gather the rest.
  /// - Returns: whether a node is open to others again.
  mutating func settleHolds() -> Bool {
    guard !holds.isEmpty, nodes.mayHold || holds.hasGrown else { return false }
    (nodes.mayHold, holds.hasGrown) = (false, false)
    let opened = nodes.openings
    for id in holds.rows.filter({ !$0.isHeld }).map(\.id) where !settle(id) {
      letGo(id)
      link.unheld(id)
    }
    return nodes.openings > opened
  }

  /// - Returns: whether there is, or may be, room for it.
  private mutating func settle(_ id: HoldID) -> Bool {
    guard let i = holds.rows.firstIndex(where: { $0.id == id }) else { return false }
    let row = holds.rows[i]
    if let node = placeNow(for: row) {
      if let gathered = row.node { nodes.unreserve(row.resources, on: gathered) }
      nodes.setAside(row.resources, on: node)
      holds.hold(i, on: node)
      link.held(HeldRoom(id: row.id, node: nodes[node].number))
      return true
    }
    guard row.mayGather else { return false }
    if row.node == nil {
      guard let node = gatheringPlace(for: row.shape) else { return nodes.mayFit(row.shape) }
      gather(i, on: node)
    }
    if !row.takes.isEmpty { claim(i) }
    return true
  }

  private func placeNow(for row: Holds.Row) -> Int? {
    if let node = row.node, nodes.takesLaunches(node), row.resources.fits(in: nodes.rooms[node].free) {
      return node
    }
    return nodes.bestFit(for: row.shape)
  }

  private mutating func gather(_ i: Int, on node: Int) {
    let row = holds.rows[i]
    if let older = row.node { nodes.unreserve(row.resources, on: older) }
    nodes.reserve(row.resources, on: node)
    holds.gather(i, on: node)
    holds.hasGrown = false
  }

  /// The node that will have room first, by when what runs there must have ended; where that is not known, the one that lacks
  /// least.
  private func gatheringPlace(for shape: RackShape) -> Int? {
    let ends = plannedEnds()
    var best: (start: Instant, lack: Double, node: Int)?
    for node in nodes.places where nodes.mayBeHeld(node, for: shape) {
      let all = shape.resources + nodes[node].reserved
      guard all.fits(in: nodes.rooms[node].total) else { continue }
      let start = ends[node].reservation(for: all, free: nodes.rooms[node].free)?.start
      let lack = (all - nodes.rooms[node].free).orZero.dominantShare(of: nodes.rooms[node].total)
      let this = (start: start ?? Instant(microseconds: .max), lack: lack, node: node)
      if best.map({ (this.start, this.lack) < ($0.start, $0.lack) }) ?? true { best = this }
    }
    return best?.node
  }

  /// By when what each node runs will have ended at the latest; never, for what has no time limit that is known.
  private func plannedEnds() -> [PlannedEnds] {
    var ends = nodes.rooms.map { _ in [PlannedEnds.End]() }
    for (_, row) in attempts.all where row.holds {
      ends[row.node].append(PlannedEnds.End(at: row.endsBy, resources: row.resources))
    }
    return ends.map { PlannedEnds($0) }
  }

  // MARK: Filling

  /// A node where room is being gathered, and what may run there beside it.
  struct Filling: Sendable {
    var node: Int
    var reservation: Reservation
  }

  /// Of nodes where room is being gathered, those of which it is known when there will be enough.
  func fillings(at now: Instant) -> [Filling] {
    guard holds.areGathering else { return [] }
    let ends = plannedEnds()
    // What others had to make room for is not for whoever is short.
    let claimed = Set(holds.rows.filter { !$0.isHeld && !$0.takes.isEmpty }.compactMap(\.node))
    return nodes.places.compactMap { node in
      guard nodes[node].reservations > 0, nodes.takesLaunches(node), !claimed.contains(node),
        let reservation = ends[node].reservation(
          for: nodes[node].reserved,
          free: nodes.rooms[node].free
        ),
        now < reservation.start, reservation.start < Instant(microseconds: .max)
      else { return nil }
      return Filling(node: node, reservation: reservation)
    }
  }

  /// Where the first of a shape may run beside what is being gathered, and until when it would.
  func filling(for head: Backlog.Head, among fillings: [Filling], at now: Instant) -> (Int, Instant)? {
    guard !fillings.isEmpty, let first = backlog.first(of: head) else { return nil }
    let end = endsBy(first, from: now)
    let i = fillings.firstIndex { filling in
      nodes.fits(head.shape, on: filling.node) > 0
        && filling.reservation.admits(head.shape.resources, until: end)
    }
    return i.map { ($0, end) }
  }

  /// When an attempt that starts now will have ended at the latest.
  func endsBy(_ place: Int, from now: Instant) -> Instant {
    attempts[place].parcel.flatMap { templates[$0.template].template.timeLimit }.map { now + $0 }
      ?? Instant(microseconds: .max)
  }

  // MARK: Reclaiming

  /// Ends as much of what may be taken as is missing, on the node where the fewest have to end for it.
  private mutating func claim(_ i: Int) {
    let row = holds.rows[i]
    if let node = row.node, victims(on: node, for: nodes[node].reserved, row.takes)?.isEmpty == true {
      return
    }
    var best: (victims: [Int], node: Int)?
    for node in nodes.places where nodes.mayBeHeld(node, for: row.shape) {
      let others = node == row.node ? nodes[node].reserved - row.resources : nodes[node].reserved
      let all = row.resources + others
      guard all.fits(in: nodes.rooms[node].total), let victims = victims(on: node, for: all, row.takes),
        best.map({ victims.count < $0.victims.count }) ?? true
      else { continue }
      best = (victims, node)
    }
    guard let best else { return }
    if best.node != row.node { gather(i, on: best.node) }
    for place in best.victims { preempt(place) }
  }

  /// Those to end so that a node has room for `need`, the latest started first: they lose the least. What is to end already
  /// counts as ended, and as taken.
  /// - Returns: `nil` where all that may be taken is not enough.
  private func victims(on node: Int, for need: Resources, _ takes: [HoldOrder.Take]) -> [Int]? {
    var left = Dictionary(takes.map { ($0.role, $0.most) }) { a, _ in a }
    var missing = need - nodes.rooms[node].free
    for (_, row) in attempts.all where row.holds && row.kill != .none {
      if row.kill == .preempted { left[row.role]? -= row.resources }
      if row.node == node { missing -= row.resources }
    }
    var victims: [Int] = []
    for place in attempts.held(on: node).sorted(by: { attempts[$0].sequence > attempts[$1].sequence }) {
      guard missing.orZero != .zero else { break }
      let row = attempts[place]
      guard row.kill == .none, let most = left[row.role], row.resources.fits(in: most) else { continue }
      victims.append(place)
      left[row.role] = most - row.resources
      missing -= row.resources
    }
    guard missing.orZero == .zero else { return nil }
    // The last ones may have made up for earlier ones.
    return victims.filter { place in
      guard (missing + attempts[place].resources).orZero == .zero else { return true }
      missing += attempts[place].resources
      return false
    }
  }

  private mutating func preempt(_ place: Int) {
    let row = attempts[place]
    attempts.kill(place, .preempted)
    if nodes[row.node].isConnected {
      outbox.kill(KillOrder(attempt: row.name.attempt, reason: .preempted), on: row.node)
    }
  }
}
