import ReeveModel

// What nodes say, and what their silence means.
extension RackCore {
  mutating func nodeConnected(
    _ session: SessionNumber,
    _ statement: NodeStatement,
    at now: Instant,
    into effects: inout [RackEffect]
  ) {
    let before = nodes.place(of: statement.node).map { nodes[$0] }
    guard let node = nodes.connect(session, statement, at: now) else {
      return effects.append(.refuse(session, statement.node, "the node has said more since"))
    }
    if let before, before.isConnected, let older = before.session {
      effects.append(.refuse(older, statement.node, "the node has opened a newer session"))
    }
    outbox.reset(node)
    recheckHolds(on: node)
    releaseStrays(of: node)
    let isOfOlder = before.map { $0.welcomed != link.generation } ?? false
    takeBackMissing(
      in: statement,
      on: node,
      hasForgotten: before?.hasForgotten(statement) ?? false,
      isOfOlder
    )
    for held in statement.running { reconcile(held, on: node) }
    for end in statement.ends { take(end, from: node, at: now) }
    repeatKills(on: node)
    welcome(node, into: &effects)
  }

  mutating func nodeDisconnected(_ session: SessionNumber, _ number: NodeNumber) {
    guard let node = nodes.place(of: number), nodes[node].session == session, nodes[node].isConnected else {
      return
    }
    nodes.disconnect(node)
    outbox.reset(node)
  }

  mutating func take(_ report: NodeReport, from node: Int, at now: Instant) {
    for start in report.starts { take(start, from: node) }
    for end in report.ends { take(end, from: node, at: now) }
    for name in report.refused { takeRefusal(of: name, from: node, at: now) }
  }

  private mutating func take(_ start: TaskStart, from node: Int) {
    guard let place = attempts.place(of: start.attempt), attempts[place].node == node,
      attempts[place].phase == .sent
    else { return }
    releasePayload(place)
    attempts.run(place, on: node, since: start.started, holding: attempts[place].resources)
    link.started(start)
  }

  private mutating func take(_ end: TaskEnd, from node: Int, at now: Instant) {
    if let stray = attempts.removeStray(end.attempt, on: node) {
      nodes.release(stray.resources, on: node)
      return outbox.acknowledge(end.attempt, on: node)
    }
    if let place = attempts.place(of: end.attempt) {
      let row = attempts[place]
      // The attempt is elsewhere, and what counts is what becomes of it there.
      if row.phase != .waiting, row.node != node { return outbox.acknowledge(end.attempt, on: node) }
      if row.phase == .waiting { backlog.remove(sequence: row.sequence, shape: row.shape) }
      if row.holds {
        if row.kill == .preempted { holds.spend(row.resources, of: row.role) }
        nodes.release(row.resources, on: node)
        nodes.ended(on: node, freeing: row.resources, at: now)
      }
      releasePayload(place)
    }
    attempts.end(end, on: node)
    link.ended(end)
  }

  private mutating func takeRefusal(of name: TaskAttempt, from node: Int, at now: Instant) {
    guard let place = attempts.place(of: name.attempt), attempts[place].node == node,
      attempts[place].phase == .sent
    else { return }
    let wasAhead = !nodes.rooms[node].free.isNonNegative
    let wasToEnd = attempts[place].kill != .none
    takeBack(place)
    guard !wasToEnd else { return }
    if wasAhead { nodes.wasTooSlow(node) } else { nodes.pause(node, until: now + settings.refusalPause) }
  }

  /// A launch has surely not started where it was sent: it waits again, unless it was to be ended anyway.
  private mutating func takeBack(_ place: Int) {
    let row = attempts[place]
    nodes.release(row.resources, on: row.node)
    guard row.kill == .none else { return forget(place, returned: true) }
    attempts.takeBack(place)
    backlog.push(place, sequence: row.sequence, shape: row.shape)
  }

  // MARK: Statements

  /// What was sent and the statement lacks has not arrived and never will; what ran and is not in it is gone.
  ///
  /// But where the node may have forgotten what it was sent, that may have arrived, and even have run.
  /// What was sent under an older generation, and has not arrived, is no more to be started than the backlog of that time.
  private mutating func takeBackMissing(
    in statement: NodeStatement,
    on node: Int,
    hasForgotten: Bool,
    _ isOfOlder: Bool
  ) {
    let known = Set(statement.running.map(\.start.attempt)).union(statement.ends.map(\.attempt))
    for place in attempts.held(on: node) where !known.contains(attempts[place].name.attempt) {
      if attempts[place].phase == .sent, !hasForgotten, !isOfOlder {
        takeBack(place)
      } else {
        nodes.release(attempts[place].resources, on: node)
        forget(place, returned: attempts[place].phase == .sent && !hasForgotten)
      }
    }
  }

  /// A node runs it: so it is where the node says, unless the rack has it elsewhere.
  private mutating func reconcile(_ held: NodeStatement.HeldAttempt, on node: Int) {
    nodes.hold(held.resources, on: node)
    guard let place = attempts.place(of: held.start.attempt) else {
      attempts.adopt(held, on: node)
      return link.started(held.start)
    }
    let row = attempts[place]
    guard row.phase == .waiting || row.holds && row.node == node else {
      return attempts.addStray(held, on: node)
    }
    if row.phase == .waiting { backlog.remove(sequence: row.sequence, shape: row.shape) }
    if row.holds { nodes.release(row.resources, on: node) }
    if row.phase != .running { link.started(held.start) }
    releasePayload(place)
    attempts.run(place, on: node, since: held.start.started, holding: held.resources)
  }

  private mutating func releaseStrays(of node: Int) {
    for stray in attempts.removeStrays(on: node) { nodes.release(stray.resources, on: node) }
  }

  private mutating func repeatKills(on node: Int) {
    for place in attempts.held(on: node) where attempts[place].kill != .none {
      outbox.kill(KillOrder(attempt: attempts[place].name.attempt, reason: attempts[place].kill), on: node)
    }
    for stray in attempts.strays where stray.node == node {
      outbox.kill(KillOrder(attempt: stray.attempt, reason: .cancelled), on: node)
    }
  }

  mutating func welcomeAll(into effects: inout [RackEffect]) {
    for node in nodes.places where nodes[node].isConnected { welcome(node, into: &effects) }
  }

  private mutating func welcome(_ node: Int, into effects: inout [RackEffect]) {
    guard let generation = link.generation, let session = nodes[node].session else { return }
    nodes.welcome(node, under: generation)
    effects.append(.welcome(session, nodes[node].number, generation))
  }

  // MARK: Silence

  mutating func judgeSilence(at now: Instant, into effects: inout [RackEffect]) {
    for node in nodes.places {
      let silence = now - nodes[node].seen
      switch nodes[node].state {
      case .lost: break
      case .up, .suspect, .unknown:
        if silence >= settings.nodeLostAfter {
          giveUp(node, into: &effects)
        } else if nodes[node].state == .up, silence >= settings.nodeSuspectAfter {
          nodes.suspect(node)
        }
      }
    }
  }

  private mutating func giveUp(_ node: Int, into effects: inout [RackEffect]) {
    if nodes[node].isConnected, let session = nodes[node].session {
      // It may be heard again on this stream, but has been disowned: it must state itself anew.
      effects.append(
        .refuse(
          session,
          nodes[node].number,
          "silent for \(settings.nodeLostAfter): lost, and to connect again"
        )
      )
    }
    nodes.lose(node)
    disown(node)
  }

  /// What a lost node holds is lost, also what was sent and may have arrived: nobody can tell whether it started, and an
  /// attempt placed twice could run twice under one name.
  mutating func disown(_ node: Int) {
    outbox.reset(node)
    dropHolds(on: node)
    releaseStrays(of: node)
    for place in attempts.held(on: node) {
      nodes.release(attempts[place].resources, on: node)
      forget(place, returned: false)
    }
  }

  var silenceDeadline: Instant? {
    nodes.places.compactMap { node in
      switch nodes[node].state {
      case .up: nodes[node].seen + settings.nodeSuspectAfter
      case .suspect, .unknown: nodes[node].seen + settings.nodeLostAfter
      case .lost: nil
      }
    }.min()
  }
}
