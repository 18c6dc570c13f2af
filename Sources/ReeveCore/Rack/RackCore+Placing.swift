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
    // What finds no room is not passed, on the nodes that it could have, by what would only wait for room: that would never
    // leave it any.
    var awaited: [ConstraintNumber] = []
    while let head = backlog.next() {
      if let node = nodes.bestFit(for: head.shape) {
        let room = head.shape.resources.count(in: nodes.rooms[node].free)
        fill(node, room, with: head, at: now, into: &effects)
        backlog.keep(head)
      } else if let (i, end) = filling(for: head, among: fillings, at: now) {
        fillings[i].reservation.take(head.shape.resources, until: end)
        fill(fillings[i].node, 1, with: head, at: now, into: &effects)
        backlog.keep(head)
      } else if let (node, room) = nodes.aheadPlace(for: head.shape, besides: awaited, at: now) {
        nodes.sendingAhead(head.shape.resources, to: node)
        // A part of it, so that nodes come to have about as many.
        fill(node, (room + 1) / 2, with: head, at: now, into: &effects)
        backlog.keep(head)
      } else if nodes.mayFit(head.shape) {
        awaited.append(head.shape.constraints)
      } else if link.isStated {
        // No node could take it if it were empty: the master may know a rack that can.
        for place in backlog.takeLast(.max, of: head.shape) { forget(place, returned: true) }
      }
    }
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
