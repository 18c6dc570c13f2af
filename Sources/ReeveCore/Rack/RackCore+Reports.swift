import ReeveModel

// What the master is told: a statement first, then what is new.
extension RackCore {
  mutating func speak(at now: Instant, into effects: inout [RackEffect]) {
    guard let session = link.session else { return }
    if link.awaitsStatement {
      guard nodes.isComplete else { return }
      link.stated()
      nodes.hasGrown = true  // From now on what never fits can be handed back.
      effects.append(.state(session, statement(at: now)))
    } else if link.isStated {
      gatherUntil = backlog.isEmpty ? nil : link.mayGather(at: now, for: settings.gatherInterval)
      guard gatherUntil == nil else { return }
      addNodes(at: now)
      let offer = offerToMake(at: now)
      guard link.hasNews || offer != nil else { return }
      var report = link.takeReport()
      report.offer = offer
      effects.append(.report(session, report))
    }
  }

  private mutating func statement(at now: Instant) -> RackReport {
    var report = link.takeReport()
    report.waiting = attempts.unstarted
    report.started = attempts.running.map { row in
      TaskStart(
        attempt: row.name.attempt,
        task: row.name.task,
        node: nodes[row.node].number,
        started: row.started
      )
    }
    report.ends = attempts.unacknowledged
    report.nodes = nodes.places.filter { !nodes[$0].isStruckOff }.map { nodes.told($0) }
    let offer = makeOffer(at: now)
    _ = announcer.isNews(offer, countedIn: link.countedIn, as: versions, at: now)
    announcer.toldFigures(at: now)
    report.offer = offer
    return report
  }

  /// Changes of state at once, of figures seldom: those change with each start and end.
  private mutating func addNodes(at now: Instant) {
    let withFigures = now >= announcer.figuresDue(every: settings.figuresInterval)
    let wanted = nodes.places.filter {
      nodes[$0].statusChange == .state || withFigures && nodes[$0].statusChange == .figures
    }
    if wanted.contains(where: { nodes[$0].statusChange == .figures }) { announcer.toldFigures(at: now) }
    for node in wanted { link.changed(nodes.told(node)) }
  }

  private mutating func offerToMake(at now: Instant) -> RackOffer? {
    guard let due = announcer.offerDue(versions, every: settings.offerInterval),
      link.hasNews || due <= now
    else { return nil }
    let offer = makeOffer(at: now)
    return announcer.isNews(offer, countedIn: link.countedIn, as: versions, at: now) ? offer : nil
  }

  private func makeOffer(at now: Instant) -> RackOffer {
    var offer = RackOffer(largest: nodes.largest)
    for node in nodes.places where nodes[node].state == .up {
      offer.total += nodes.rooms[node].total
      if nodes[node].reservations == 0 { offer.free += nodes.rooms[node].free.orZero }
    }
    let fillings = fillings(at: now)
    if let first = fillings.map(\.reservation.start).min() { offer.fillsWithin = first - now }
    offer.fits = link.asked.map { number, shape in
      RackOffer.ShapeFit(
        shape: number,
        fits: nodes.fits(shape),
        fills: fillings.reduce(0) { $0 + nodes.fits(shape, on: $1.node) },
        waiting: backlog.waiting(of: shape),
        mayFit: nodes.mayFit(shape)
      )
    }
    return offer
  }

  private var versions: Announcer.Versions {
    Announcer.Versions(nodes: nodes.version, backlog: backlog.version, link: link.version)
  }

  /// When something is to be said.
  var speechDeadline: Instant? {
    guard link.isStated else { return nil }
    return gatherUntil ?? [offerDeadline, figuresDeadline].compactMap(\.self).min()
  }

  private var offerDeadline: Instant? {
    link.isStated ? announcer.offerDue(versions, every: settings.offerInterval) : nil
  }

  private var figuresDeadline: Instant? {
    guard link.isStated, nodes.places.contains(where: { nodes[$0].statusChange != .none }) else { return nil }
    return announcer.figuresDue(every: settings.figuresInterval)
  }
}
