import ReeveModel

extension MasterCore {
  mutating func connect(
    _ hello: RackHello,
    on session: SessionNumber,
    at now: Now,
    into effects: inout [MasterEffect]
  ) {
    switch hello.claim {
    case .own:
      if let reason = whyNotOwn(hello) { return effects.append(.refuseRack(session, reason)) }
      serve(hello.rack, hello, on: session, at: now, into: &effects)
    case .spare: racks.offer(RackTable.Spare(session: session, hello: hello))
    case .adopted:
      guard let rack = durable.roster.rack(named: hello.rack),
        durable.roster[rack].incarnation == hello.incarnation
      else {
        return effects.append(.refuseRack(session, "rack \(hello.rack) has another rack scheduler by now"))
      }
      serve(hello.rack, hello, on: session, at: now, into: &effects)
    }
  }

  /// Two processes that have a rack by the same name would take it from each other for ever: who is there first keeps it.
  private func whyNotOwn(_ hello: RackHello) -> String? {
    guard let rack = durable.roster.rack(named: hello.rack) else { return mayMakeRack ? nil : tooManyRacks }
    let holder = racks[rack]
    guard holder.session != nil, holder.isOwn, holder.address != hello.address else { return nil }
    return "rack \(hello.rack) is served by \(holder.address), which has it by name, too"
  }

  /// Racks whose rack schedulers stay away go to spares. What runs there is not touched: its agents follow the higher
  /// generation.
  mutating func giveAway(at now: Now, into effects: inout [MasterEffect]) {
    racks.excuse(clock.gap(at: now.boot, tolerance: settings.lateTurn))
    while let next = nextAdoption, next.due <= now.boot {
      adopt(durable.roster[next.rack].name, at: now, into: &effects)
    }
  }

  /// Which rack is to go to a spare next, and when. An empty one waits for a node that names it.
  var nextAdoption: (rack: RackNumber, due: Instant)? {
    guard isLeading, !racks.spares.isEmpty else { return nil }
    var next: (rack: RackNumber, due: Instant)?
    for (i, link) in racks.links.enumerated() {
      guard let since = link.awaySince, durable.roster.racks[i].isInUse else { continue }
      let due = since + settings.rackLostAfter
      if next.map({ due < $0.due }) ?? true { next = (RackNumber(UInt32(i) + 1), due) }
    }
    return next
  }

  private mutating func adopt(_ name: String, at now: Now, into effects: inout [MasterEffect]) {
    guard let spare = racks.takeSpare() else { return }
    serve(name, spare.hello, on: spare.session, at: now, into: &effects)
  }

  private mutating func serve(
    _ name: String,
    _ hello: RackHello,
    on session: SessionNumber,
    at now: Now,
    into effects: inout [MasterEffect]
  ) {
    let known = durable.roster.rack(named: name)
    let rack = known ?? durable.roster.nextRack
    if known == nil || durable.roster[rack].incarnation != hello.incarnation {
      let last = durable.lastGeneration
      let number = last.term == durable.term ? last.number + 1 : 1
      let grant = RackGrant(
        rack: rack,
        name: name,
        incarnation: hello.incarnation,
        generation: Generation(term: durable.term, number: number)
      )
      commit(.rackGranted(grant), into: &effects)
    }
    racks.grow(to: durable.roster.racks.count, awaySince: now.boot)
    voidOffers(of: rack, into: &effects)
    if let older = racks.open(session, rack: rack, hello) {
      effects.append(.refuseRack(older, "rack \(name) has opened a newer session"))
    }
    effects.append(
      .assign(
        session,
        RackAssignment(
          rack: rack,
          name: name,
          term: durable.term,
          generation: durable.roster[rack].generation,
          roster: durable.roster.expected(in: rack)
        )
      )
    )
  }

  /// A statement holds all that the rack has: what it lacks has not arrived and never will.
  mutating func hear(
    statement: RackReport,
    on session: SessionNumber,
    at now: Now,
    into effects: inout [MasterEffect]
  ) {
    guard let rack = racks.rack(of: session) else { return }
    racks[rack].isStated = true
    nameRoles(
      of: statement.started.filter { durable.current($0.task, $0.attempt)?.hasStarted == false },
      on: rack
    )
    var missing = attempts(on: rack)
    // The end of an older attempt says nothing of the one that may have been on its way.
    for end in statement.ends where missing[end.task] == end.attempt { missing[end.task] = nil }
    for start in statement.started where missing[start.task] == start.attempt { missing[start.task] = nil }
    for waiting in statement.waiting {
      if missing[waiting.task] == waiting.attempt {
        missing[waiting.task] = nil
      } else {
        racks[rack].orders.kills.append(KillOrder(attempt: waiting.attempt, reason: .cancelled))
      }
    }
    hear(statement, on: session, at: now, into: &effects)
    giveUp(missing, of: rack, into: &effects, at: now)
    repeatCancels(on: rack)
  }

  mutating func hear(
    _ report: RackReport,
    on session: SessionNumber,
    at now: Now,
    into effects: inout [MasterEffect]
  ) {
    guard let rack = racks.rack(of: session), racks[rack].isStated else { return }
    start(report.started, on: rack, into: &effects)
    end(report.ends, on: rack, at: now, into: &effects)
    note(report.nodes, on: rack, into: &effects)
    takeBack(report.returned, at: now, into: &effects)
    lose(report.lost, at: now, into: &effects)
    loseUnstated(on: report.nodes, at: now, into: &effects)
    if let offer = report.offer { racks[rack].took(offer, countedIn: report.countedIn, at: now.boot) }
    hear(held: report.held, unheld: report.unheld, on: rack, at: now.boot, into: &effects)
  }

  /// Sends what the turn has wanted of a rack so far.
  mutating func sendOrders(to rack: RackNumber, at now: Now, into effects: inout [MasterEffect]) {
    guard let session = racks[rack].session,
      let orders = racks[rack].takeOrders(at: now.boot, acknowledgeWithin: settings.acknowledgeWithin)
    else { return }
    effects.append(.order(session, orders))
  }

  private mutating func start(_ starts: [TaskStart], on rack: RackNumber, into effects: inout [MasterEffect])
  {
    var counting: [TaskStart] = []
    var back: [TaskNumber] = []
    var seen: Set<TaskNumber> = []
    for start in starts {
      guard let known = durable.current(start.task, start.attempt), durable.roster.has(start.node) else {
        // Over, or never heard of: whatever runs under it is nobody's.
        racks[rack].orders.kills.append(KillOrder(attempt: start.attempt, reason: .nodeLost))
        continue
      }
      if durable.awaited[start.task] != nil, known.hasStarted {
        back.append(start.task)
        // What was ordered while nobody could be told.
        if known.ordered != .none {
          racks[rack].orders.kills.append(KillOrder(attempt: start.attempt, reason: .cancelled))
        }
      }
      // Stated by a node: where it was launched, the rack may have been another's.
      if known.hasStarted { nameRoles(of: [start], on: rack) }
      guard !known.hasStarted, starts.count == 1 || seen.insert(start.task).inserted
      else { continue }
      counting.append(start)
    }
    if !back.isEmpty {
      commit(.nodeReturned(back), into: &effects)
      for task in back { touch(task) }
    }
    guard !counting.isEmpty else { return }
    commit(.started(counting), into: &effects)
    for start in counting { touch(start.task) }
  }

  private mutating func end(
    _ ends: [TaskEnd],
    on rack: RackNumber,
    at now: Now,
    into effects: inout [MasterEffect]
  ) {
    guard !ends.isEmpty else { return }
    var counting: [TaskEnd] = []
    counting.reserveCapacity(ends.count)
    var seen: Set<TaskNumber> = []
    seen.reserveCapacity(ends.count)
    racks[rack].orders.acknowledged.reserveCapacity(racks[rack].orders.acknowledged.count + ends.count)
    for end in ends {
      racks[rack].orders.acknowledged.append(end.attempt)
      guard let known = durable.current(end.task, end.attempt),
        ends.count == 1 || seen.insert(end.task).inserted
      else { continue }
      var end = end
      if known.ordered != .none { end.reason = known.ordered }
      if !durable.roster.has(end.node) { end.node = known.node }
      if end.ended == .none { end.ended = now.wall }
      counting.append(end)
    }
    racks[rack].counted(ends: counting.count, at: now.boot)
    finish(counting, at: now, into: &effects)
  }

  /// The rack knows whose an attempt is from its launch, and has not seen those of these.
  private mutating func nameRoles(of starts: [TaskStart], on rack: RackNumber) {
    for start in starts {
      guard let known = durable.current(start.task, start.attempt) else { continue }
      racks[rack].orders.roles.append(AttemptRole(attempt: start.attempt, role: roleNumber(of: known.job)))
    }
  }

  /// The attempts that the journal gives to a rack. Linear in all that there are: paid once a session.
  private func attempts(on rack: RackNumber) -> [TaskNumber: AttemptID] {
    durable.active.filter { $0.value.rack == rack }.mapValues(\.attempt)
  }

  /// What a complete statement lacks is over: unstarted, or lost where it had started.
  private mutating func giveUp(
    _ missing: [TaskNumber: AttemptID],
    of rack: RackNumber,
    into effects: inout [MasterEffect],
    at now: Now
  ) {
    var unstarted: [TaskAttempt] = []
    var started: [LostAttempt] = []
    for (task, attempt) in missing.sorted(by: { $0.key < $1.key }) where durable.awaited[task] == nil {
      // It may be over by what the statement told besides.
      guard let known = durable.current(task, attempt) else { continue }
      let name = TaskAttempt(attempt: attempt, task: task)
      if known.hasStarted {
        started.append(LostAttempt(name, on: known.node))
      } else if durable.roster.mayBeOnLostNode(attempt, of: rack),
        durable.templates[known.template.index].onNodeLoss == .wait
      {
        // It may have been sent on, have started, and have been lost while the rack could tell nobody.
        started.append(LostAttempt(name, on: NodeNumber(0)))
      } else {
        unstarted.append(name)
      }
    }
    takeBack(unstarted, at: now, into: &effects)
    lose(started, at: now, into: &effects)
  }

  /// Orders stand until they are carried out: what the older session was told is told again.
  private mutating func repeatCancels(on rack: RackNumber) {
    let ordered = durable.active.values.filter { $0.ordered != .none && $0.rack == rack }.map(\.attempt)
    for attempt in ordered.sorted() {
      racks[rack].orders.kills.append(KillOrder(attempt: attempt, reason: .cancelled))
    }
  }

  private mutating func note(_ nodes: [NodeStatus], on rack: RackNumber, into effects: inout [MasterEffect]) {
    for node in nodes where durable.roster.has(node.number) {
      let known = durable.roster[node.number]
      guard known.rack == rack else {
        racks[rack].nodes[node.number] = nil
        continue
      }
      racks[rack].nodes[node.number] = node
      if known.isLost != (node.state == .lost) || known.isReturning {
        commit(.nodeMarked(node.number, lost: node.state == .lost), into: &effects)
      }
    }
  }

  mutating func locate(
    _ name: String,
    rack label: String?,
    for request: RequestNumber,
    at now: Now,
    into effects: inout [MasterEffect]
  ) {
    let known = durable.roster.node(named: name)
    let wanted = label ?? usualRack(of: known)
    if isToBeAdopted(wanted, at: now) { adopt(wanted, at: now, into: &effects) }
    guard let rack = durable.roster.rack(named: wanted), racks[rack].session != nil else {
      return effects.append(.located(request, .failure(unserved(wanted))))
    }
    let node = known ?? durable.roster.nextNode
    // A lost node is expected again from here on: its rack may place what waits there on it before the master hears of it.
    if known.map({ durable.roster[$0].rack != rack || durable.roster[$0].isLostForGood }) ?? true {
      commit(.nodePlaced(RosterNode(number: node, name: name), rack), into: &effects)
    }
    let place = NodePlace(
      node: node,
      rack: rack,
      address: racks[rack].address,
      generation: durable.roster[rack].generation
    )
    effects.append(.located(request, .success(place)))
  }

  /// Where a node goes that names no rack.
  private func usualRack(of known: NodeNumber?) -> String {
    let rack = known.map { durable.roster[$0].rack } ?? leastPopulatedRack()
    return (rack.map { durable.roster[$0] } ?? durable.roster.racks.first)?.name ?? Self.unnamedRack
  }

  /// The rack of nodes that name none, where there is none yet.
  private static let unnamedRack = "main"

  private func leastPopulatedRack() -> RackNumber? {
    durable.roster.rackList.filter { racks[$0].session != nil }
      .min { durable.roster[$0].nodeCount < durable.roster[$1].nodeCount }
  }

  /// A rack that nobody has served yet comes to be with its first node; one whose rack scheduler stays away goes to a spare
  /// with the next.
  private func isToBeAdopted(_ name: String, at now: Now) -> Bool {
    guard let rack = durable.roster.rack(named: name) else { return mayMakeRack }
    return racks[rack].awaySince.map { now.boot - $0 >= settings.rackLostAfter } ?? false
  }

  private var mayMakeRack: Bool { durable.roster.racks.count < settings.racksMax }
  private var tooManyRacks: String { "there are \(settings.racksMax) racks already, the most there may be" }

  private func unserved(_ name: String) -> Refusal {
    let message =
      if durable.roster.rack(named: name) != nil {
        "Rack \(name.quoted) has no rack scheduler at the moment."
      } else if mayMakeRack {
        "No rack-scheduler process is free for the new rack \(name.quoted): start one with `reeve rack`."
      } else {
        "Rack \(name.quoted) is not known, and \(tooManyRacks)."
      }
    return Refusal(.unavailable, field: "rack", message)
  }
}
