import ReeveModel

// Which launch goes to which node.
extension RackCore {
  /// Places what waits, first come first served; a shape that does not fit hides nothing behind it.
  mutating func placeWaiting(at now: Instant, into effects: inout [RackEffect]) {
    guard link.generation != nil, !backlog.isEmpty, nodes.hasGrown || backlog.hasGrown else { return }
    nodes.hasGrown = false
    backlog.hasGrown = false
    backlog.beginRound()
    var fillings = fillings(at: now)
    // What finds no room is not passed by what would only wait for room: that would never leave it any.
    var mayWait = true
    while let head = backlog.next() {
      if let node = BestFit.place(for: head.resources, in: nodes.rooms) {
        let room = head.resources.count(in: nodes.rooms[node].free)
        fill(node, room, with: head, at: now, into: &effects)
        backlog.keep(head)
      } else if let (i, end) = filling(for: head, among: fillings, at: now) {
        fillings[i].reservation.take(head.resources, until: end)
        fill(fillings[i].node, 1, with: head, at: now, into: &effects)
        backlog.keep(head)
      } else if mayWait, let (node, room) = aheadPlace(for: head.resources, at: now) {
        nodes.sendingAhead(head.resources, to: node)
        // A part of it, so that nodes come to have about as many.
        fill(node, (room + 1) / 2, with: head, at: now, into: &effects)
        backlog.keep(head)
      } else if nodes.largest.contains(where: { head.resources.fits(in: $0) }) {
        mayWait = false
      } else if link.isStated {
        // No node could take it if it were empty: the master may know a rack that can.
        for place in backlog.takeLast(.max, of: head.resources) { forget(place, returned: true) }
      }
    }
  }

  /// The node that may be sent the most of a shape beyond what it has free.
  private mutating func aheadPlace(for need: Resources, at now: Instant) -> (node: Int, room: Int)? {
    var best: (node: Int, room: Int)?
    for node in nodes.places {
      let room = nodes.aheadRoom(for: need, on: node, at: now)
      if room > best?.room ?? 0 { best = (node, room) }
    }
    return best
  }

  /// Sends up to so many launches of one shape to a node, until another shape's first came earlier.
  private mutating func fill(
    _ node: Int,
    _ room: Int,
    with head: Backlog.Head,
    at now: Instant,
    into effects: inout [RackEffect]
  ) {
    var room = room
    while room > 0, let place = backlog.take(head) {
      send(place, to: node, at: now)
      if outbox.isFull(node) { sendOrders(to: node, at: now, into: &effects) }
      room -= 1
    }
  }

  mutating func send(_ place: Int, to node: Int, at now: Instant) {
    guard let parcel = attempts[place].parcel else {
      return assertionFailure("attempt without payload waits")
    }
    nodes.hold(attempts[place].resources, on: node)
    attempts.send(place, to: node, endsBy: endsBy(place, from: now))
    outbox.launch(parcel, from: consignments, sharing: templates, on: node)
  }

  /// What has not left before, in one message a node.
  mutating func sendOrders(at now: Instant, into effects: inout [RackEffect]) {
    guard link.generation != nil else { return }
    for node in nodes.places where nodes[node].isConnected { sendOrders(to: node, at: now, into: &effects) }
  }

  private mutating func sendOrders(to node: Int, at now: Instant, into effects: inout [RackEffect]) {
    guard let session = nodes[node].session,
      let orders = outbox.take(node, at: now, acknowledgeWithin: settings.acknowledgeWithin)
    else { return }
    effects.append(.order(session, nodes[node].number, orders))
  }

  var pauseDeadline: Instant? { nodes.places.compactMap { nodes[$0].pausedUntil }.min() }
}
