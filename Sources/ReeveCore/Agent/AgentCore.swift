package import ReeveModel

/// Decides what one node starts and ends, under whose orders, and keeps each end until it counts.
package struct AgentCore: Core {
  package typealias Event = AgentEvent
  package typealias Effect = AgentEffect

  private let name: String
  private let address: String
  private let incarnation: UInt64
  /// Sorted by name.
  private let attributes: [TaskTemplate.Variable]
  /// Of the last statement: the agent's own number above, that of the statement below.
  private var serial: UInt64
  private let settings: AgentSettings
  private var node: NodeNumber?
  private var link: RackLink
  private var attempts: AttemptTable
  private var queue = LaunchQueue()
  private var outbox: UpdateOutbox
  private var turn = Turn()

  /// What the events of a turn want done, carried out together at its end.
  private struct Turn: Sendable {
    var spawns: [AgentEffect.Spawn] = []
    var kills: [KillOrder] = []
    var forgotten: [AttemptID] = []
    var messages: [TaskMessage] = []
  }

  /// An agent that has come up: with what its supervisor still runs, and the ends that nobody has acknowledged; the
  /// `start`th of its incarnation.
  package init(
    name: String,
    address: String,
    incarnation: UInt64,
    start: UInt32 = 1,
    total: Resources,
    attributes: [TaskTemplate.Variable] = [],
    obeyed: Generation = .none,
    running: [RecoveredAttempt] = [],
    ends: [TaskEnd] = [],
    settings: AgentSettings = AgentSettings(),
    at now: Now
  ) {
    self.name = name
    self.address = address
    self.incarnation = incarnation
    self.attributes = attributes
    serial = UInt64(start) << 32
    self.settings = settings
    link = RackLink(obeyed: obeyed)
    attempts = AttemptTable(total: total)
    outbox = UpdateOutbox(ends)
    for found in running { attempts.recover(found, at: now) }
  }

  /// The highest generation that was ever obeyed; outlives the agent.
  package var obeyed: Generation { link.obeyed }

  /// Whether launches wait here for room.
  package var hasWaiting: Bool { !queue.isEmpty }

  package mutating func handle(_ event: AgentEvent, at now: Now, into effects: inout [AgentEffect]) {
    switch event {
    case .placed(let number): placed(number, into: &effects)
    case .rackConnected(let session):
      link.open(session)
      state(into: &effects)
    case .rackWelcomed(let session, let generation):
      if session == link.session { welcomed(session, generation, into: &effects) }
    case .rackOrdered(let session, let orders):
      if session == link.session, link.isWelcomed { obey(orders, at: now) }
    case .rackDisconnected(let session):
      if session == link.session { link.close() }
    case .started(let attempt, let wall): started(attempt, wall, at: now.boot)
    case .ended(let end): ended(end, at: now)
    }
  }

  package mutating func decide(at now: Now, into effects: inout [AgentEffect]) {
    for name in queue.takeOverdue(at: now.boot) { outbox.refuse(name) }
    startWaiting(at: now)
    for attempt in attempts.takeOverdue(at: now.boot) {
      turn.kills.append(KillOrder(attempt: attempt, reason: .timedOut))
    }
    // Spawns first: an attempt may be ended by an order that came right behind its launch.
    if !turn.spawns.isEmpty { effects.append(.spawn(turn.spawns)) }
    if !turn.messages.isEmpty { effects.append(.tell(turn.messages)) }
    for order in turn.kills {
      guard let grace = attempts.kill(order.attempt, order.reason) else { continue }
      effects.append(.kill(order.attempt, order.reason, grace: grace))
    }
    // After the kills: what is told to end is not warned any more.
    for warning in attempts.takeWarnings(at: now.boot) {
      effects.append(.warn(warning.attempt, signal: warning.signal))
    }
    if !turn.forgotten.isEmpty { effects.append(.forget(turn.forgotten)) }
    turn = Turn()
    report(at: now.boot, into: &effects)
    assert(violations().isEmpty, "\(violations())")
  }

  package var nextDeadline: Instant? {
    [attempts.nextDeadline, queue.nextDeadline, link.isStated ? reportDue : nil].compactMap(\.self).min()
  }

  /// What cannot be, in words; nothing if all is well.
  package func violations() -> [String] {
    var found = attempts.violations()
    for end in outbox.statement(node: NodeNumber(0)) where attempts[end.attempt] != nil {
      found.append("attempt \(end.attempt) has ended and still holds resources")
    }
    if let need = queue.need, need.fits(in: attempts.free) {
      found.append("a launch waits for \(need), which is free")
    }
    return found
  }
}

// The rack scheduler.
extension AgentCore {
  private mutating func placed(_ number: NodeNumber, into effects: inout [AgentEffect]) {
    let before = node
    node = number
    if let session = link.session, link.isStated, before != number {
      link.close()
      return effects.append(
        .disconnect(session, "the node is now number \(number): it must state itself anew")
      )
    }
    if !link.isStated { state(into: &effects) }
  }

  /// Says everything, as soon as there is somebody to say it to and a number to say it under.
  private mutating func state(into effects: inout [AgentEffect]) {
    guard let session = link.session, let node else { return }
    link.stated()
    _ = outbox.takeReport(at: nil)
    // They stand in no statement, so that the rack sends them again.
    queue.removeAll()
    serial += 1
    let statement = NodeStatement(
      node: node,
      name: name,
      incarnation: incarnation,
      serial: serial,
      address: address,
      total: attempts.total,
      attributes: attributes,
      running: attempts.statement(node: node),
      ends: outbox.statement(node: node),
      obeyed: link.obeyed
    )
    effects.append(.state(session, statement))
  }

  private mutating func welcomed(
    _ session: SessionNumber,
    _ generation: Generation,
    into effects: inout [AgentEffect]
  ) {
    let before = link.obeyed
    guard !link.welcome(generation) else {
      if generation > before { effects.append(.obey(generation)) }
      return
    }
    effects.append(
      .disconnect(session, "generation \(generation) is over: generation \(link.obeyed) has been obeyed")
    )
    link.close()
  }

  private mutating func obey(_ orders: NodeOrders, at now: Now) {
    for template in orders.launches.newTemplates { link.templates[template.number] = template }
    for i in orders.launches.launches.indices { launch(i, of: orders.launches, at: now) }
    for order in orders.kills { kill(order, at: now) }
    for attempt in orders.acknowledged where outbox.acknowledge(attempt) { turn.forgotten.append(attempt) }
    turn.messages += orders.messages.all.filter { attempts[$0.attempt] != nil }
  }

  private mutating func launch(_ i: Int, of batch: LaunchBatch, at now: Now) {
    let launch = batch.launches[i]
    guard attempts[launch.attempt] == nil, !outbox.has(launch.attempt), !queue.has(launch.attempt) else {
      return
    }
    guard let shared = link.templates[launch.template],
      shared.template.resources.fits(in: attempts.total)
    else {
      return outbox.refuse(TaskAttempt(attempt: launch.attempt, task: launch.task))
    }
    let spawn = AgentEffect.Spawn(
      attempt: launch.attempt,
      task: launch.task,
      job: shared.job,
      name: batch.names[i],
      template: shared.template,
      arguments: batch.arguments[i],
      index: launch.index,
      value: launch.index == nil || batch.values.isEmpty ? nil : batch.values[i]
    )
    if queue.isEmpty, spawn.template.resources.fits(in: attempts.free) {
      start(spawn, at: now)
    } else {
      queue.append(spawn, until: now.boot + settings.launchesWait)
    }
  }

  /// Starts what there is room for now, in the order in which it came.
  private mutating func startWaiting(at now: Now) {
    while let need = queue.need, need.fits(in: attempts.free), let spawn = queue.popFirst() {
      start(spawn, at: now)
    }
  }

  private mutating func start(_ spawn: AgentEffect.Spawn, at now: Now) {
    attempts.hold(
      spawn.attempt,
      AttemptTable.Row(
        task: spawn.task,
        resources: spawn.template.resources,
        timeLimit: spawn.template.timeLimit,
        grace: spawn.template.grace,
        warning: spawn.template.warning,
        started: now.wall
      )
    )
    turn.spawns.append(spawn)
  }

  /// What has not started goes back as it came: what becomes of its task is decided above.
  private mutating func kill(_ order: KillOrder, at now: Now) {
    if let task = queue.remove(order.attempt) {
      outbox.refuse(TaskAttempt(attempt: order.attempt, task: task))
      startWaiting(at: now)
    } else {
      turn.kills.append(order)
    }
  }

  /// One report a turn, once there is a statement that it can follow.
  private mutating func report(at now: Instant, into effects: inout [AgentEffect]) {
    guard let session = link.session, link.isStated, let due = reportDue, due <= now else { return }
    effects.append(.report(session, outbox.takeReport(at: now)))
  }

  /// When there is something to be said that has gathered for long enough.
  ///
  /// Ends wait only while as many launches wait here as have ended and are not told of: then half of what waited is left
  /// when the rack hears that there is room for more.
  private var reportDue: Instant? {
    let hasEnough = !queue.isEmpty && queue.count >= outbox.untoldEnds
    return outbox.reportDue(
      startsWait: hasEnough ? settings.gatherInterval : settings.startsWait,
      startsInterval: settings.startsInterval,
      endsWait: hasEnough ? settings.gatherInterval : .zero
    )
  }
}

// The supervisor.
extension AgentCore {
  private mutating func started(_ attempt: AttemptID, _ wall: WallTime, at now: Instant) {
    guard let task = attempts.start(attempt, wall, at: now) else { return }
    let start = TaskStart(attempt: attempt, task: task, node: node ?? NodeNumber(0), started: wall)
    outbox.start(start, at: now)
  }

  /// Also the end of an attempt that is not known is kept: it may be the only trace of it.
  private mutating func ended(_ end: TaskEnd, at now: Now) {
    guard !outbox.has(end.attempt) else { return }
    _ = attempts.end(end.attempt)
    outbox.end(end.on(node ?? end.node), at: now.boot)
    startWaiting(at: now)
  }
}
