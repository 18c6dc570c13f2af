import ReeveModel

// What frameworks demand, are offered, and answer.
extension MasterCore {
  mutating func demand(
    _ shapes: [ShapeDemand],
    by framework: FrameworkNumber,
    at now: Instant,
    into effects: inout [MasterEffect]
  ) throws(Refusal) {
    try check(shapes)
    accounts[framework].demand(shapes.map { ($0, batch.number(of: $0.shape)) }, at: now)
    forgetUndemanded(from: framework, into: &effects)
  }

  /// Refuses what no node could ever take, and racks that are not there.
  private func check(_ shapes: [ShapeDemand]) throws(Refusal) {
    var nodes = KnownNodes(of: self)
    for (i, shape) in shapes.enumerated() {
      if let refusal = nodes.neverFits(shape.shape, field: "shapes[\(i)]") { throw refusal }
      if let unknown = shape.racks.first(where: { durable.roster.rack(named: $0) == nil }) {
        throw Refusal(
          .notFound,
          field: "shapes[\(i)].racks",
          "There is no rack \(unknown.quoted). `reeve racks` lists what there is."
        )
      }
    }
  }

  /// Offers of what is not wanted any more are void, and nothing is kept for it.
  private mutating func forgetUndemanded(from framework: FrameworkNumber, into effects: inout [MasterEffect])
  {
    let wanted = Set(
      accounts[framework].demands.map {
        Contentions.Name(framework: framework, key: $0.wanted.key, shape: $0.shape)
      }
    )
    let void = offers.all {
      $0.framework == framework
        && !wanted.contains(Contentions.Name(framework: framework, key: $0.key, shape: $0.shape))
    }
    rescind(void, for: .notDemanded, into: &effects)
    dropHolds { row in
      row.framework == framework && row.key != nil
        && !wanted.contains(Contentions.Name(framework: framework, key: row.key, shape: row.shape))
    }
    contentions.keep { $0.framework != framework || $0.key == nil || wanted.contains($0) }
  }

  /// Makes offers of what has been set aside.
  mutating func offer(
    _ slices: [AllocationRound.Slices: Int],
    at now: Instant,
    into effects: inout [MasterEffect]
  ) {
    var made: [FrameworkNumber: [FrameworkOffer]] = [:]
    let inOrder = slices.sorted {
      ($0.key.framework, $0.key.key, $0.key.shape, $0.key.rack)
        < ($1.key.framework, $1.key.key, $1.key.shape, $1.key.rack)
    }
    for (slice, count) in inOrder {
      let resources = batch.resources[slice.shape.index]
      let row = OfferTable.Row(
        framework: slice.framework,
        key: slice.key,
        shape: slice.shape,
        resources: resources,
        count: count,
        rack: slice.rack,
        made: now
      )
      made[slice.framework, default: []].append(makeOffer(row))
    }
    for (framework, list) in made.sorted(by: { $0.key < $1.key }) {
      if let session = accounts[framework].session { effects.append(.offered(session, list)) }
    }
  }

  mutating func makeOffer(_ row: OfferTable.Row) -> FrameworkOffer {
    FrameworkOffer(
      id: offers.make(row, in: durable.term),
      key: row.key,
      resources: row.resources,
      count: row.count,
      rack: durable.roster[row.rack].name,
      node: row.node.map { durable.roster[$0].name },
      expires: settings.offerExpiry
    )
  }

  /// An offer is answered or void: what it held is free for others.
  @discardableResult mutating func takeBack(_ id: OfferID) -> OfferTable.Row? {
    guard let row = offers.remove(id) else { return nil }
    if row.holds.isEmpty { racks[row.rack].unpromise(row.shape, row.resources, count: row.count) }
    for hold in row.holds { letGo(hold) }
    accounts[row.framework].offered -= row.resources * row.count
    accounts[row.framework].changeDemand(row.key, row.shape) { $0.offered -= row.count }
    return row
  }

  /// Offers of a framework that cannot answer them any more.
  mutating func takeOffersBack(from framework: FrameworkNumber) {
    for id in offers.all(where: { $0.framework == framework }) { takeBack(id) }
    dropHolds { $0.framework == framework && $0.key != nil }
    contentions.keep { $0.framework != framework || $0.key == nil }
  }

  /// Offers of a rack whose session is over: what it has free is told anew, and what it held it holds no more.
  mutating func voidOffers(of rack: RackNumber, into effects: inout [MasterEffect]) {
    rescind(offers.all { $0.rack == rack }, for: .rackLost, into: &effects)
    dropHolds { $0.rack == rack }
  }

  mutating func rescind(
    _ ids: [OfferID],
    for reason: RescindReason,
    into effects: inout [MasterEffect]
  ) {
    var told: [FrameworkNumber: [OfferID]] = [:]
    for id in ids {
      if let row = takeBack(id) { told[row.framework, default: []].append(id) }
    }
    for (framework, ids) in told.sorted(by: { $0.key < $1.key }) {
      if let session = accounts[framework].session { effects.append(.rescinded(session, ids, reason)) }
    }
  }

  /// Offers that nobody has answered in time.
  mutating func expireOffers(at now: Instant, into effects: inout [MasterEffect]) {
    let ids = offers.made(by: now - settings.offerExpiry)
    guard !ids.isEmpty else { return }
    rest(ids, at: now)
    rescind(ids, for: .expired, into: &effects)
  }

  /// Where others wait, the time to answer is short.
  /// - Returns: whether there is room again.
  mutating func rescindHoarded(at now: Instant, into effects: inout [MasterEffect]) -> Bool {
    guard !contenders.isEmpty else { return false }
    let ids = offers.made(by: now - settings.offerPatience).filter { id in
      guard let row = offers[id] else { return false }
      return contenders.contains { $0 != row.framework }
    }
    rest(ids, at: now)
    rescind(ids, for: .wantedByOthers, into: &effects)
    return !ids.isEmpty
  }

  /// When an offer will have been open for too long.
  var offersDeadline: Instant? {
    offers.oldest.map { $0 + (contenders.isEmpty ? settings.offerExpiry : settings.offerPatience) }
  }

  /// What was offered in vain has its next turn after a while, and later each time.
  private mutating func rest(_ ids: [OfferID], at now: Instant) {
    var names: Set<UInt64> = []
    for id in ids {
      guard let row = offers[id],
        names.insert(UInt64(row.framework.rawValue) << 32 | UInt64(row.key)).inserted
      else { continue }
      let (first, most) = (settings.declineRest.microseconds, settings.declineRestMax.microseconds)
      accounts[row.framework].changeDemand(row.key, row.shape) { demand in
        demand.rests = now + TimeSpan(microseconds: min(most, first << min(demand.declines, 16)))
        demand.declines += 1
      }
    }
  }

  mutating func decline(
    _ ids: [OfferID],
    by framework: FrameworkNumber,
    at now: Instant
  ) throws(Refusal) -> Int {
    _ = try rows(ids, of: framework)
    rest(ids, at: now)
    for id in ids { takeBack(id) }
    return 0
  }

  /// Puts tasks into what was offered. They are records before they are sent, and before the framework is answered.
  /// - Returns: how many.
  mutating func accept(
    _ ids: [OfferID],
    _ spec: JobSpec,
    hasRoom: Bool,
    by framework: FrameworkNumber,
    at now: Now,
    into effects: inout [MasterEffect]
  ) throws(Refusal) -> Int {
    if try known(spec) {
      // It was answered before, and the answer was lost.
      for id in ids where offers[id]?.framework == framework { takeBack(id) }
      return spec.count
    }
    let rows = try rows(ids, of: framework)
    let rack = try rack(of: rows)
    let constraints = try constraints(of: rows)
    try Self.checkReady(spec)
    let packing = try pack(spec, into: rows)
    guard hasRoom, !isDiskLow else { throw Self.diskLow }
    for id in ids { takeBack(id) }
    for (row, count) in zip(rows, packing.used) {
      accounts[framework].changeDemand(row.key, row.shape) { demand in
        demand.wanted.count -= min(demand.wanted.count, count)
        (demand.declines, demand.rests) = (0, nil)
      }
    }
    let job = durable.jobs.next
    let queuedBefore = queued.count
    commit(
      .jobSubmitted(try submitted(spec, constraints: constraints, at: now.wall)),
      into: &effects
    )
    touchJob(durable.jobs[job].head)
    // They have their place, and need not queue for it.
    queued.removeSubrange(queuedBefore...)
    let first = durable.firstFreeAttempt
    assign((0..<spec.count).map { durable.jobs[job].task($0) }, to: rack, at: now, into: &effects)
    if rows.contains(where: { !$0.holds.isEmpty }) { pin(job, from: first, to: rows, packing) }
    return spec.count
  }

  /// Tells the rack which of the tasks go where room is held for them.
  private mutating func pin(
    _ job: JobNumber,
    from first: AttemptID,
    to rows: [OfferTable.Row],
    _ packing: SlicePacking
  ) {
    var places: [Resources: [Int]] = [:]
    for place in (0..<durable.jobs[job].count).reversed() {
      places[durable.templates[durable.jobs[job].template(at: place).index].resources, default: []].append(
        place
      )
    }
    var uses: [HoldUse] = []
    for (row, contents) in zip(rows, packing.contents) {
      for (size, count) in contents {
        for _ in 0..<count {
          guard let place = places[size]?.popLast(), let hold = row.holds.first else { continue }
          uses.append(HoldUse(attempt: first.advanced(by: place), hold: hold))
        }
      }
    }
    racks[rows[0].rack].orders.uses += uses.sorted { $0.attempt < $1.attempt }
  }

  /// What racks are told that a task is made of.
  mutating func sharedTemplate(at place: Int, of number: JobNumber) -> TemplateNumber {
    let own = durable.jobs[number].template(at: place)
    guard durable.jobs[number].isOfOpenJob else { return own }
    return sharedTemplates.shared(own, durable.templates[own.index], of: durable.jobs[number].head)
  }

  private func rows(_ ids: [OfferID], of framework: FrameworkNumber) throws(Refusal) -> [OfferTable.Row] {
    guard !ids.isEmpty else {
      throw Refusal(.invalid, field: "offers", "no offer is named. Name one or several that are open.")
    }
    var rows: [OfferTable.Row] = []
    for (i, id) in ids.enumerated() {
      if ids[..<i].contains(id) {
        throw Refusal(.duplicate, field: "offers[\(i)]", "offer \(id) is named twice. Name each once.")
      }
      guard let row = offers[id], row.framework == framework else {
        throw Refusal(
          .conflict,
          field: "offers[\(i)]",
          "offer \(id) is not open to framework \"\(durable.frameworks[framework].info.id)\": it has expired, was rescinded or "
            + "answered, or is another's. Wait for the next."
        )
      }
      rows.append(row)
    }
    return rows
  }

  private func rack(of rows: [OfferTable.Row]) throws(Refusal) -> RackNumber {
    let rack = rows[0].rack
    guard let other = rows.firstIndex(where: { $0.rack != rack }) else { return rack }
    throw Refusal(
      .invalid,
      field: "offers[\(other)]",
      "the offers are of racks \(durable.roster[rack].name.quoted) and \(durable.roster[rows[other].rack].name.quoted). Accept "
        + "those of one rack at a time."
    )
  }

  /// Of the demand that the offers are for.
  private func constraints(of rows: [OfferTable.Row]) throws(Refusal) -> [AttributeConstraint] {
    let constraints = batch.shapes[rows[0].shape.index].constraints
    guard
      let other = rows.firstIndex(where: { batch.shapes[$0.shape.index].constraints != constraints })
    else { return constraints }
    throw Refusal(
      .invalid,
      field: "offers[\(other)]",
      "it is of nodes that meet other constraints than those of the first. Accept offers of one kind at a time."
    )
  }

  /// Tasks in slices start at once: nothing may keep them.
  private static func checkReady(_ spec: JobSpec) throws(Refusal) {
    if spec.count == 0 {
      throw Refusal(
        .invalid,
        field: "tasks",
        "there is no task. Decline offers that nothing is to be put into."
      )
    }
    if let template = spec.templates.firstIndex(where: {
      $0.resources.cpuMillis <= 0 && $0.resources.memory <= 0
    }) {
      let task = spec.taskTemplates.firstIndex(of: UInt32(template)) ?? 0
      throw Refusal(
        .invalid,
        field: "tasks[\(task)].resources",
        "task \(spec.taskNames[task].quoted) asks for no resources. Say what of its slice it needs."
      )
    }
    if let template = spec.templates.firstIndex(where: { !$0.constraints.isEmpty }) {
      let task = spec.taskTemplates.firstIndex(of: UInt32(template)) ?? 0
      throw Refusal(
        .invalid,
        field: "tasks[\(task)].constraints",
        "task \(spec.taskNames[task].quoted) names constraints. Say them in the demand: its offers are of nodes that meet them, "
          + "and so do its tasks."
      )
    }
    let waits = "the tasks of an accept start at once: accept for those alone that are ready."
    if spec.isHeld { throw Refusal(.invalid, field: "held", "the tasks are held, and \(waits)") }
    if spec.hasDependencies {
      throw Refusal(.invalid, field: "dependencies", "there are dependencies, and \(waits)")
    }
    if let array = spec.arrays.firstIndex(where: { $0.parallel > 0 }) {
      throw Refusal(
        .invalid,
        field: "arrays[\(array)].parallel",
        "only so many may run at a time, and \(waits)"
      )
    }
  }

  private func pack(_ spec: JobSpec, into rows: [OfferTable.Row]) throws(Refusal) -> SlicePacking {
    var counts = spec.taskTemplates.reduce(into: [UInt32: Int]()) { $0[$1, default: 0] += 1 }
    for array in spec.arrays { counts[spec.taskTemplates[Int(array.entry)], default: 0] += array.count - 1 }
    let tasks = counts.sorted { $0.key < $1.key }.map { (spec.templates[Int($0.key)].resources, $0.value) }
    var packing = SlicePacking(rows.map { ($0.resources, $0.count) })
    guard let left = packing.put(tasks) else { return packing }
    let template = spec.templates.firstIndex { $0.resources == left } ?? 0
    let task = spec.taskTemplates.firstIndex(of: UInt32(template)) ?? 0
    throw Refusal(
      .tooLarge,
      field: "tasks[\(task)]",
      "the offers hold less than the tasks ask for: \(spec.taskNames[task].quoted) (\(Self.text(left))) finds no room beside the "
        + "others in \(rows.map { "\($0.count) x \(Self.text($0.resources))" }.joined(separator: " and ")). Accept with fewer "
        + "or smaller tasks."
    )
  }
}
