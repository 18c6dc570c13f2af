import ReeveModel

extension MasterCore {
  /// Gives out what racks have, one turn after the other in fair order, until nothing that is wanted fits: to the batch
  /// framework in the order of its policy, to others as offers, and to what has come back of theirs at once.
  ///
  /// First fit over the shapes of each: a large task at the head never hides a small one that fits.
  mutating func allocate(at now: Now, into effects: inout [MasterEffect]) {
    expireOffers(at: now.boot, into: &effects)
    giveRound(at: now, into: &effects)
    // Somebody waits for what another sits on.
    if rescindHoarded(at: now.boot, into: &effects) { giveRound(at: now, into: &effects) }
    dropOverdueHolds(at: now.boot)
    reclaim(at: now.boot)
    recallForIdleRacks(at: now)
  }

  private mutating func giveRound(at now: Now, into effects: inout [MasterEffect]) {
    placeHeld(at: now, into: &effects)
    let batchShapes = batch.demand(settings.shapesMax)
    var round = AllocationRound(
      shares: fairShares(at: now.boot, batchWants: !batchShapes.isEmpty),
      batchShapes: batchShapes
    )
    askAbout(shapesWanted(in: round, at: now.boot))
    while let framework = round.shares.next {
      let got =
        framework == .batch
        ? giveToBatch(in: &round, at: now, into: &effects)
        : give(to: framework, in: &round, at: now, into: &effects)
      if got { round.served.insert(framework) } else { round.shares.close(framework) }
    }
    offer(round.slices, at: now.boot, into: &effects)
    contenders = round.contenders
    contentions.keep { $0.key != nil || round.blocked.contains($0) }
    relieve(round, at: now.boot)
  }

  /// Everybody who has something or wants something.
  private mutating func fairShares(at now: Instant, batchWants: Bool) -> RoleShares {
    var shares = members ?? RoleShares(of: .zero)
    if members == nil {
      for number in durable.frameworks.live {
        shares.add(number, of: durable.frameworks.role(named: durable.frameworks[number].info.role))
      }
      members = shares
    }
    shares.begin(of: clusterTotal)
    for (place, number) in durable.frameworks.live.enumerated() {
      let wants =
        number == .batch
        ? batchWants : accounts[number].wants(at: now) || !accounts[number].returned.isEmpty
      shares.tell(place, use: durable.frameworks[number].used + accounts[number].offered, wants: wants)
    }
    shares.open()
    return shares
  }

  /// Of all nodes that are up.
  var clusterTotal: Resources {
    racks.links.reduce(.zero) { $0 + ($1.isStated ? $1.offer?.total ?? .zero : .zero) }
  }

  /// The shapes of those who want something; where they are too many, the first of each before the second of any.
  private func shapesWanted(in round: AllocationRound, at now: Instant) -> [ShapeNumber] {
    let wanted = round.shares.inOrder.map { number in
      number == .batch
        ? round.batchShapes
        : accounts[number].returned.shapes
          + accounts[number].demands.lazy.filter { $0.isOn(at: now) }.map(\.shape)
    }
    var shapes: [ShapeNumber] = []
    var seen: Set<ShapeNumber> = []
    for place in 0..<(wanted.map(\.count).max() ?? 0) {
      for list in wanted where place < list.count {
        if shapes.count == settings.shapesMax { return shapes }
        if seen.insert(list[place]).inserted { shapes.append(list[place]) }
      }
    }
    return shapes
  }

  /// Asks each rack about shapes, and keeps asking about the latest others while there is room, for they tend to come back.
  private mutating func askAbout(_ wanted: [ShapeNumber]) {
    for rack in durable.roster.rackList where racks[rack].isStated {
      let asked = racks[rack].asked
      let missing = wanted.filter { !asked.contains($0) }
      guard !missing.isEmpty else { continue }
      let kept = asked.filter { !wanted.contains($0) }.suffix(settings.shapesMax - wanted.count)
      racks[rack].asked = kept + wanted
      racks[rack].orders.shapes = racks[rack].asked.map {
        NumberedShape(number: $0, shape: batch.shapes[$0.index])
      }
    }
  }

  /// - Returns: whether something was there for it.
  private mutating func giveToBatch(
    in round: inout AllocationRound,
    at now: Now,
    into effects: inout [MasterEffect]
  ) -> Bool {
    while let run = batch.nextRun(among: round.batchShapes) {
      let resources = batch.resources[run.shape.index]
      let allowance = round.shares.allowance(of: .batch, for: resources)
      let name = Contentions.Name(framework: .batch, key: nil, shape: run.shape)
      guard allowance > 0, let (rack, room) = chooseForBatch(run, round, at: now) else {
        // Where room is being gathered, tasks of the same shape that are shorter may still fit.
        if allowance > 0, run.limit != nil {
          batch.passOver(run)
        } else {
          round.batchShapes.removeAll { $0 == run.shape }
        }
        if allowance == 0 {
          if isGathering(run.shape) { round.keepHead(run.shape) }
        } else if mayFitSomewhere(run.shape) {
          round.block(name)
        }
        continue
      }
      contentions.forget(name)
      let tasks = batch.accept(run, count: min(room, allowance), isReady: isReady)
      assign(tasks, to: rack, at: now, into: &effects)
      round.shares.take(resources * tasks.count, .batch)
      return true
    }
    return false
  }

  /// The rack with the most room for the shape, and a part of that room, so that load is evened out; where no rack has
  /// room, the one whose backlog is shortest of what it gets through. But nothing is sent ahead while another framework waits
  /// that is due more, for what is freed would never be seen; nor where
  /// whatever passes the first of the queue must have been looked at for that.
  private mutating func chooseForBatch(
    _ run: BatchFramework.Run,
    _ round: AllocationRound,
    at now: Now
  ) -> (RackNumber, Int)? {
    let shape = run.shape
    if let best = roomiest(for: shape) { return (best.rack, max(1, best.room / 2)) }
    if let limit = run.limit, let rack = rackToFill(with: shape, limit, at: now.boot) { return (rack, 1) }
    guard !durable.policy.backfills, round.contenders.isSubset(of: [.batch]) else { return nil }
    var best: (rack: RackNumber, room: Int)?
    for rack in durable.roster.rackList where racks[rack].isStated {
      let room = racks[rack].aheadTarget(at: now.boot) - durable.roster[rack].waitingCount
      if room > best?.room ?? 0, racks[rack].mayFit(shape, batch.shapes[shape.index]) { best = (rack, room) }
    }
    return best.map { ($0.rack, $0.room) }
  }

  /// A rack where room is being gathered, and tasks that are so short may run meanwhile.
  private func rackToFill(with shape: ShapeNumber, _ limit: TimeSpan, at now: Instant) -> RackNumber? {
    durable.roster.rackList.first { racks[$0].fillRoom(for: shape, limit, at: now) > 0 }
  }

  /// The rack with the most room for a shape, among some or all.
  private func roomiest(for shape: ShapeNumber, among wanted: [String] = []) -> (rack: RackNumber, room: Int)?
  {
    let resources = batch.resources[shape.index]
    var best: (rack: RackNumber, room: Int)?
    for rack in durable.roster.rackList where wanted.isEmpty || wanted.contains(durable.roster[rack].name) {
      let room = racks[rack].room(for: shape, resources)
      if room > best?.room ?? 0 { best = (rack, room) }
    }
    return best
  }

  /// Places what has come back of a framework's tasks, else sets slices of its demand aside for an offer.
  /// - Returns: whether something was there for it.
  private mutating func give(
    to framework: FrameworkNumber,
    in round: inout AllocationRound,
    at now: Now,
    into effects: inout [MasterEffect]
  ) -> Bool {
    for shape in accounts[framework].returned.shapes {
      let name = Contentions.Name(framework: framework, key: nil, shape: shape)
      guard let (rack, count) = choose(name, in: &round) else { continue }
      let tasks = accounts[framework].returned.take(count, of: shape, isReady: isReady)
      assign(tasks, to: rack, at: now, into: &effects)
      for task in tasks { accounts[framework].note(task) }
      round.shares.take(batch.resources[shape.index] * tasks.count, framework)
      return true
    }
    for demand in accounts[framework].demands where demand.isOn(at: now.boot) {
      // A rack that is wanted is worth a wait.
      let mayBeAnywhere = demand.since + demand.wanted.wait <= now.boot
      let name = Contentions.Name(framework: framework, key: demand.wanted.key, shape: demand.shape)
      guard
        let (rack, room) = choose(name, in: &round, preferring: demand.wanted.racks, only: !mayBeAnywhere)
      else { continue }
      let count = min(room, demand.open)
      if demand.wanted.isPinned {
        for _ in 0..<count { hold(name, on: rack, gathering: false, at: now.boot) }
        round.shares.take(batch.resources[demand.shape.index] * count, framework)
        return true
      }
      let slices = AllocationRound.Slices(
        framework: framework,
        key: demand.wanted.key,
        shape: demand.shape,
        rack: rack
      )
      round.slices[slices, default: 0] += count
      let resources = batch.resources[demand.shape.index]
      racks[rack].promise(demand.shape, resources, count: count)
      accounts[framework].offered += resources * count
      accounts[framework].changeDemand(demand.wanted.key, demand.shape) { $0.offered += count }
      round.shares.take(resources * count, framework)
      return true
    }
    return false
  }

  /// A rack with room for a framework's shape, and how many of it are for it.
  private mutating func choose(
    _ name: Contentions.Name,
    in round: inout AllocationRound,
    preferring wanted: [String] = [],
    only: Bool = false
  ) -> (RackNumber, Int)? {
    let allowance = round.shares.allowance(of: name.framework, for: batch.resources[name.shape.index])
    guard allowance > 0 else { return nil }
    var best = wanted.isEmpty ? nil : roomiest(for: name.shape, among: wanted)
    if best == nil, wanted.isEmpty || !only { best = roomiest(for: name.shape) }
    guard let best else {
      if mayFitSomewhere(name.shape) { round.block(name) }
      return nil
    }
    contentions.forget(name)
    return (best.rack, min(allowance, best.room))
  }

  /// Gives tasks to a rack: they are records before they are sent.
  mutating func assign(
    _ tasks: [TaskNumber],
    to rack: RackNumber,
    at now: Now,
    into effects: inout [MasterEffect]
  ) {
    guard !tasks.isEmpty else { return }
    let first = durable.firstFreeAttempt
    commit(.assigned(rack, first: first, tasks: tasks), into: &effects)
    var attempt = first
    var job = JobNumber(0)
    var (template, shape): (TemplateNumber?, ShapeNumber) = (nil, ShapeNumber(0))
    for task in tasks {
      job = durable.jobs.job(of: task, guess: job)
      let own = durable.jobs[job].template(at: durable.jobs[job].place(task))
      if own != template {
        (template, shape) = (own, batch.number(of: durable.templates[own.index].shape))
      }
      launch(task, of: job, attempt, on: rack)
      racks[rack].sent(shape, batch.resources[shape.index])
      // A few long command lines fill a message: the rest of them goes in another.
      if racks[rack].orders.launches.isFull { sendOrders(to: rack, at: now, into: &effects) }
      attempt = attempt.advanced(by: 1)
    }
  }

  /// Whose share the tasks of a job count to, as racks know it.
  mutating func roleNumber(of job: JobNumber) -> RoleNumber {
    roleNumbers.number(of: durable.frameworks[durable.jobs[job].framework].info.role)
  }

  private mutating func launch(
    _ task: TaskNumber,
    of number: JobNumber,
    _ attempt: AttemptID,
    on rack: RackNumber
  ) {
    let place = durable.jobs[number].place(task)
    let template = sharedTemplate(at: place, of: number)
    if racks[rack].mustCarry(template) {
      racks[rack].orders.launches.carry(
        NumberedTemplate(
          number: template,
          job: durable.jobs[number].spec.id,
          role: roleNumber(of: number),
          template: durable.templates[template.index]
        )
      )
    }
    let entry = durable.jobs[number].layout.entry(at: place)
    var launch = LaunchBatch.Launch(attempt: attempt, task: task, template: template)
    var value: (PackedStrings, Int)?
    if let array = durable.jobs[number].layout.array(at: place) {
      launch.index = durable.jobs[number].spec.arrayIndex(at: place, durable.jobs[number].layout)
      let values = durable.jobs[number].spec.arrays[array].values
      if !values.isEmpty { value = (values, place - durable.jobs[number].layout.arrays[array].start) }
    }
    racks[rack].orders.launches.append(
      launch,
      name: durable.jobs[number].name(at: place),
      entry,
      of: durable.jobs[number].spec.arguments,
      value: value
    )
  }

  /// Where the queue is empty and a rack has room, another rack's backlog is asked back: through the master, never from
  /// each other.
  private mutating func recallForIdleRacks(at now: Now) {
    for rack in durable.roster.rackList where racks[rack].isStated {
      for shape in racks[rack].asked where racks[rack].waiting(shape) > 0 && batch.readyCount(shape) == 0 {
        let last = racks[rack].recalledAt
        guard last.map({ $0 + settings.recallInterval <= now.boot }) ?? true else { continue }
        let count = min(room(for: shape, besides: rack), racks[rack].waiting(shape))
        guard count > 0 else { continue }
        racks[rack].recalled(at: now.boot)
        racks[rack].orders.recalls.append(Recall(shape: shape, count: count))
      }
    }
  }

  private func room(for shape: ShapeNumber, besides rack: RackNumber) -> Int {
    durable.roster.rackList.reduce(0) {
      $1 == rack ? $0 : $0 + racks[$1].room(for: shape, batch.resources[shape.index])
    }
  }

  /// When a recall that had to wait may be made.
  var recallDeadline: Instant? {
    racks.links.compactMap { link in
      guard link.isStated, let last = link.recalledAt, link.asked.contains(where: { link.waiting($0) > 0 })
      else { return nil }
      return last + settings.recallInterval
    }.min()
  }
}
