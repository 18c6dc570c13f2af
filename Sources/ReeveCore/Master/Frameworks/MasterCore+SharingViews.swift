import ReeveModel

// Who has what, is offered what, and is due what.
extension MasterCore {
  func frameworkViews(at now: Instant) -> [FrameworkView] {
    let (due, total) = (fairDivision(), clusterTotal)
    return durable.frameworks.live.map { number in
      let row = durable.frameworks[number]
      let (share, fairShare) = (share(of: number, in: total), due.frameworks[number] ?? 0)
      let (code, sentence) = whyNoMore(number, has: share, due: fairShare, at: now)
      return FrameworkView(
        info: row.info,
        state: number == .batch || accounts[number].session != nil ? .connected : .away,
        leaves: leaves(number).map { max(.zero, $0 - now) } ?? .zero,
        used: row.used,
        offered: accounts[number].offered,
        share: share,
        fairShare: fairShare,
        demands: demandViews(of: number, at: now),
        job: jobProgress(of: number),
        code: code,
        sentence: sentence
      )
    }
  }

  private func jobProgress(of number: FrameworkNumber) -> JobProgress {
    guard number == .batch else { return progress(of: durable.frameworks[number].job) }
    // Of those that are on their way: to add up all jobs would keep others waiting.
    var counts = TaskCounts()
    counts[.queued] = batch.readyShapes.reduce(0) { $0 + batch.readyCount($1) }
    for rack in durable.roster.racks {
      counts[.assigned] += rack.waitingCount
      counts[.running] += rack.runningCount
    }
    for other in durable.frameworks.live where other != .batch {
      let own = durable.jobs.counts(of: durable.frameworks[other].job)
      counts[.assigned] -= own[.assigned]
      counts[.running] -= own[.running]
    }
    return JobProgress(id: durable.frameworks[number].info.id, counts: counts)
  }

  private func demandViews(of number: FrameworkNumber, at now: Instant) -> [FrameworkView.DemandView] {
    guard number != .batch else {
      return batch.readyShapes.map { shape in
        FrameworkView.DemandView(
          key: shape.rawValue,
          resources: batch.resources[shape.index],
          constraints: batch.shapes[shape.index].constraints,
          count: batch.readyCount(shape),
          offered: 0,
          declines: 0,
          rests: .zero
        )
      }
    }
    return accounts[number].demands.map { demand in
      FrameworkView.DemandView(
        key: demand.wanted.key,
        resources: demand.wanted.resources,
        constraints: demand.wanted.constraints,
        count: demand.wanted.count,
        offered: demand.offered,
        declines: demand.declines,
        rests: demand.rests.map { max(.zero, $0 - now) } ?? .zero
      )
    }
  }

  /// Of what it has and is offered.
  private func share(of number: FrameworkNumber, in total: Resources) -> Double {
    (durable.frameworks[number].used + accounts[number].offered).dominantShare(of: total)
  }

  private func whyNoMore(
    _ number: FrameworkNumber,
    has share: Double,
    due fairShare: Double,
    at now: Instant
  ) -> (FrameworkView.Code, String) {
    let account = accounts[number]
    let shapes = number == .batch ? batch.readyShapes : account.demands.filter { $0.open > 0 }.map(\.shape)
    if number != .batch, account.session == nil {
      return (.away, "Its stream has ended, and offers are made on a stream only.")
    }
    if isDiskLow { return (.diskLow, "The master's disk is nearly full: nothing is started.") }
    if let gathered = holds.gathering.first(where: { $0.row.framework == number }) {
      return (
        .gathering,
        "Room for \(Self.text(gathered.row.resources)) is being gathered for it on rack \(durable.roster[gathered.row.rack].name)."
      )
    }
    if shapes.isEmpty {
      return account.offered == .zero
        ? (.noDemand, "It wants nothing.")
        : (.offered, "All that it wants is offered, and it has yet to answer.")
    }
    if number != .batch, !account.wants(at: now) {
      return (
        .resting, "Its last offers came to nothing; its next turn comes after a while, or with new demand."
      )
    }
    let role = durable.frameworks.role(named: durable.frameworks[number].info.role)
    let use = use(ofRole: role.name)
    if !shapes.contains(where: { role.allows(use, and: batch.resources[$0.index]) }) {
      return (.limit, "Role \(role.name.quoted) has as much as its limit allows.")
    }
    if !racks.links.contains(where: { $0.isStated && $0.offer?.total ?? .zero != .zero }) {
      return (.noRack, "No rack with a node is there at the moment.")
    }
    guard contenders.contains(number) else {
      return (.notYetConsidered, "It is considered in the next round.")
    }
    return share < fairShare * 0.98
      ? (.resources, "It is due more, and no rack has room for one of its shapes now.")
      : (.share, "It has what it is due, and others take the rest.")
  }

  func offerViews(at now: Instant) -> [OfferView] {
    offers.rows.sorted { $0.key < $1.key }.map { id, row in
      let info = durable.frameworks[row.framework].info
      return OfferView(
        id: id,
        framework: info.id,
        role: info.role,
        rack: durable.roster[row.rack].name,
        resources: row.resources,
        count: row.count,
        age: max(.zero, now - row.made),
        expires: max(.zero, row.made + settings.offerExpiry - now)
      )
    }
  }

  func roleViews(at now: Instant) -> [RoleView] {
    let due = fairDivision()
    return durable.frameworks.roleNames.map { name in
      let members = durable.frameworks.live.filter { durable.frameworks[$0].info.role == name }
      let used = members.reduce(Resources.zero) { $0 + durable.frameworks[$1].used }
      let offered = members.reduce(Resources.zero) { $0 + accounts[$1].offered }
      let share = (used + offered).dominantShare(of: clusterTotal)
      let fairShare = due.roles[name] ?? 0
      return RoleView(
        role: durable.frameworks.role(named: name),
        frameworks: members.count,
        used: used,
        offered: offered,
        share: share,
        fairShare: fairShare,
        history: roleShares.history(of: name, at: now),
        blocked: share < fairShare ? smallestBlocked(of: members, at: now) : nil,
        wasted: wasted[name] ?? WastedWork()
      )
    }
  }

  /// What a role's frameworks have and are offered.
  func use(ofRole name: String) -> Resources {
    durable.frameworks.live.reduce(.zero) { sum, number in
      durable.frameworks[number].info.role == name
        ? sum + durable.frameworks[number].used + accounts[number].offered : sum
    }
  }

  /// What roles are due by their weights, and what of that their frameworks are.
  func fairDivision() -> (roles: [String: Double], frameworks: [FrameworkNumber: Double]) {
    let total = clusterTotal
    let wanted = durable.frameworks.live.map { number in
      let shapes =
        number == .batch
        ? batch.readyShapes.map { (batch.resources[$0.index], batch.readyCount($0)) }
        : accounts[number].demands.map { ($0.wanted.resources, $0.open) }
      return shapes.reduce(durable.frameworks[number].used + accounts[number].offered) { sum, shape in
        // More than all is all the same.
        sum + shape.0 * min(shape.1, shape.0.count(in: total) + 1)
      }
    }
    let names = durable.frameworks.roleNames
    let claims = names.map { name in
      let role = durable.frameworks.role(named: name)
      let all = zip(durable.frameworks.live, wanted).reduce(Resources.zero) {
        durable.frameworks[$1.0].info.role == name ? $0 + $1.1 : $0
      }
      return FairDivision.Claim(
        weight: role.weight,
        wanted: all,
        shareMax: Self.shareMax(role.limit, of: total)
      )
    }
    let roleShares = FairDivision.shares(of: total, among: claims)
    var frameworks: [FrameworkNumber: Double] = [:]
    for ((name, claim), share) in zip(zip(names, claims), roleShares) {
      let members = zip(durable.frameworks.live, wanted).filter { durable.frameworks[$0.0].info.role == name }
      let wanted = claim.wanted.dominantShare(of: total)
      let parts = FairDivision.shares(
        of: total,
        available: claim.wanted.scaled(by: wanted > 0 ? share / wanted : 0),
        among: members.map { FairDivision.Claim(weight: 1, wanted: $0.1) }
      )
      for (member, part) in zip(members, parts) { frameworks[member.0] = part }
    }
    return (Dictionary(uniqueKeysWithValues: zip(names, roleShares)), frameworks)
  }

  /// The dominant share at which one of a limit's amounts is reached; no limit is no such share.
  private static func shareMax(_ limit: Resources, of total: Resources) -> Double {
    let pairs = [(limit.cpuMillis, total.cpuMillis), (limit.memory, total.memory), (limit.disk, total.disk)]
    return pairs.filter { $0.0 != .max && $0.1 > 0 }.map { Double($0.0) / Double($0.1) }.min() ?? .infinity
  }
}
