import ReeveModel

extension MasterCore {
  mutating func connect(
    _ hello: RackHello,
    on session: SessionNumber,
    at now: Now,
    into effects: inout [MasterEffect]
  ) {
    switch hello.claim {
    case .own: serve(hello.rack, hello, on: session, at: now, into: &effects)
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

  /// Racks whose rack schedulers stay away go to spares. What runs there is not touched: its agents follow the higher
  /// generation.
  mutating func giveAway(at now: Now, into effects: inout [MasterEffect]) {
    while let due = racks.adoptionDue(after: settings.rackLostAfter), due <= now.boot {
      guard
        let rack = durable.roster.rackList.first(where: {
          racks[$0].awaySince.map { $0 + settings.rackLostAfter } == due
        })
      else { return }
      adopt(durable.roster[rack].name, at: now, into: &effects)
    }
  }

  /// - Returns: whether there was a spare for it.
  @discardableResult private mutating func adopt(
    _ rack: String,
    at now: Now,
    into effects: inout [MasterEffect]
  )
    -> Bool
  {
    guard let spare = racks.takeSpare() else { return false }
    serve(rack, spare.hello, on: spare.session, at: now, into: &effects)
    return true
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
    racks.grow(to: durable.roster.racks.count, at: now.boot)
    if let older = racks.open(session, rack: rack, address: hello.address) {
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
    if let offer = report.offer { racks[rack].took(offer, countedIn: report.countedIn) }
  }

  private mutating func start(_ starts: [TaskStart], on rack: RackNumber, into effects: inout [MasterEffect])
  {
    var counting: [TaskStart] = []
    var back: [TaskNumber] = []
    var seen: Set<TaskNumber> = []
    for start in starts {
      guard let i = durable.tasks.current(start.task, start.attempt), durable.roster.has(start.node) else {
        // Over, or never heard of: whatever runs under it is nobody's.
        racks[rack].orders.kills.append(KillOrder(attempt: start.attempt, reason: .nodeLost))
        continue
      }
      if durable.tasks.awaited[start.task] != nil, durable.tasks.states[i] == .running {
        back.append(start.task)
        // What was ordered while nobody could be told.
        if durable.tasks.cancelOrdered[i] {
          racks[rack].orders.kills.append(KillOrder(attempt: start.attempt, reason: .cancelled))
        }
      }
      guard durable.tasks.states[i] == .assigned, starts.count == 1 || seen.insert(start.task).inserted
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
      guard let i = durable.tasks.current(end.task, end.attempt),
        ends.count == 1 || seen.insert(end.task).inserted
      else { continue }
      var end = end
      if durable.tasks.cancelOrdered[i] { end.reason = .cancelled }
      if !durable.roster.has(end.node) { end.node = durable.tasks.outcomes[i].node }
      if end.ended == .none { end.ended = now.wall }
      counting.append(end)
    }
    racks[rack].counted(ends: counting.count, at: now.boot)
    finish(counting, at: now.wall, into: &effects)
  }

  /// The attempts that the journal gives to a rack. Linear in all tasks: paid once a session.
  private func attempts(on rack: RackNumber) -> [TaskNumber: AttemptID] {
    var attempts: [TaskNumber: AttemptID] = [:]
    for i in durable.tasks.states.indices
    where durable.tasks.states[i].hasAttempt && durable.tasks.racks[i] == rack {
      attempts[TaskNumber(UInt64(i) + 1)] = durable.tasks.attempts[i]
    }
    return attempts
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
    for (task, attempt) in missing.sorted(by: { $0.key < $1.key }) where durable.tasks.awaited[task] == nil {
      let (name, i) = (TaskAttempt(attempt: attempt, task: task), durable.tasks.place(task))
      switch durable.tasks.states[i] {
      case .assigned:
        // It may have been sent on, have started, and have been lost while the rack could tell nobody.
        if durable.roster.mayBeOnLostNode(attempt, of: rack), durable.template(of: i).onNodeLoss == .wait {
          started.append(LostAttempt(name, on: NodeNumber(0)))
        } else {
          unstarted.append(name)
        }
      case .running: started.append(LostAttempt(name, on: durable.tasks.outcomes[i].node))
      default: break
      }
    }
    takeBack(unstarted, at: now, into: &effects)
    lose(started, at: now, into: &effects)
  }

  /// Orders stand until they are carried out: what the older session was told is told again.
  private mutating func repeatCancels(on rack: RackNumber) {
    for i in durable.tasks.states.indices
    where durable.tasks.cancelOrdered[i] && durable.tasks.states[i].hasAttempt
      && durable.tasks.racks[i] == rack
    {
      racks[rack].orders.kills.append(KillOrder(attempt: durable.tasks.attempts[i], reason: .cancelled))
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
    // A rack that nobody has served yet comes to be with its first node.
    let newRack = label ?? Self.unnamedRack
    if durable.roster.racks.count < settings.racksMax, label != nil || durable.roster.racks.isEmpty,
      durable.roster.rack(named: newRack) == nil
    {
      adopt(newRack, at: now, into: &effects)
    }
    let known = durable.roster.node(named: name)
    let wanted: RackNumber?
    if let label {
      wanted = durable.roster.rack(named: label)
    } else {
      wanted = known.map { durable.roster[$0].rack } ?? leastPopulatedRack()
    }
    guard let rack = wanted, racks[rack].session != nil else {
      let who = label.map { "Rack \"\($0)\"" } ?? "The cluster"
      effects.append(
        .located(
          request,
          .failure(Refusal(.unavailable, field: "rack", "\(who) has no rack scheduler at the moment."))
        )
      )
      return
    }
    let node = known ?? durable.roster.nextNode
    // A lost node is expected again from here on: its rack may place what waits there on it before the master hears of it.
    if known.map({ durable.roster[$0].rack != rack || durable.roster.isLostForGood($0) }) ?? true {
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

  /// The rack of nodes that name none, where there is none yet.
  private static let unnamedRack = "main"

  private func leastPopulatedRack() -> RackNumber? {
    durable.roster.rackList.filter { racks[$0].session != nil }
      .min { durable.roster[$0].nodeCount < durable.roster[$1].nodeCount }
  }
}
