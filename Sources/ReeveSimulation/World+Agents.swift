import ReeveCore
import ReeveModel

// An agent's shell, and the supervisor that outlives it.
extension World {
  mutating func startAgent(_ i: Int) {
    begin(.agent(i))
    if agents[i].machine.incarnation == 0 { agents[i].machine.incarnation = chance.next() | 1 }
    agents[i].machine.starts += 1
    let machine = agents[i].machine
    if agents[i].turns, machine.starts > 1 { promises.tally[.turned] += 1 }
    agents[i].launchedOn.removeAll()
    agents[i].rack = nil
    agents[i].rackSession = nil
    agents[i].directory = nil
    agents[i].core = AgentCore(
      name: agents[i].name,
      address: agents[i].name,
      incarnation: machine.incarnation,
      start: machine.starts,
      total: plantedTotal(of: i),
      attributes: agents[i].attributes,
      obeyed: plants(.forgetsGeneration) ? .none : machine.obeyed,
      running: machine.running.map(recovered),
      ends: machine.ends,
      at: clock(of: .agent(i))
    )
    note(.agent(i), 30, "begins, with \(machine.running.count) running and \(machine.ends.count) ends")
  }

  private func recovered(_ process: Machine.Process) -> RecoveredAttempt {
    RecoveredAttempt(
      start: TaskStart(
        attempt: process.spawn.attempt,
        task: process.spawn.task,
        node: NodeNumber(0),
        started: process.started
      ),
      resources: process.spawn.template.resources,
      timeLimit: process.spawn.template.timeLimit,
      grace: process.spawn.template.grace,
      warning: process.spawn.template.warning,
      kill: process.kill
    )
  }

  /// The agent's process dies; its supervisor and what runs under it do not.
  mutating func stopAgent(_ i: Int) {
    note(.agent(i), 31, "its agent dies")
    end(.agent(i), silently: false)
    agents[i].core = nil
    promises.tally[.agentDied] += 1
  }

  /// The machine dies with all that runs on it, and comes back with what was written down, or with nothing.
  mutating func stopNode(_ i: Int, wiped: Bool) {
    note(.agent(i), 32, "its machine dies\(wiped ? ", and its disk with it" : "")")
    if agents[i].life.isUp { end(.agent(i), silently: true) }
    agents[i].core = nil
    agents[i].machine.running.removeAll()
    agents[i].place = nil
    // A machine's boot clock begins anew.
    let boot = now + chance.span(.zero, .seconds(30))
    agents[i].life.bootOffset = TimeSpan(microseconds: -boot.microseconds)
    if wiped { agents[i].machine = Machine() }
    see(.nodeDied(agent: i, wiped: wiped))
    promises.tally[.machineDied] += 1
  }

  mutating func agentTurn(_ i: Int) {
    var effects: [AgentEffect] = []
    let time = clock(of: .agent(i))
    let inbox = agents[i].life.inbox
    agents[i].life.inbox.removeAll()
    for item in inbox { hear(item, i, time, &effects) }
    lookForRack(i)
    tickAgent(i, time, &effects)
    agents[i].core?.decide(at: time, into: &effects)
    if agents[i].core?.hasWaiting ?? false { promises.tally[.waited] += 1 }
    for effect in effects {
      if meetsItsDoom(.agent(i)) { return }
      carryOut(effect, by: i)
    }
    if options.checksEachStep {
      for found in agents[i].core?.violations() ?? [] {
        find("the agent's books balance", "node \(i): \(found)")
      }
    }
    wake(.agent(i), at: agents[i].core?.nextDeadline)
  }

  private mutating func hear(_ item: Inbound, _ i: Int, _ time: Now, _ effects: inout [AgentEffect]) {
    switch item {
    case .born(let attempt, let wall):
      agents[i].core?.handle(.started(attempt, wall), at: time, into: &effects)
    case .ended(let end): agents[i].core?.handle(.ended(end), at: time, into: &effects)
    case .closed(let id): lost(id, i, time, &effects)
    case .heard(let id, let message):
      noteHeard(id, by: .agent(i))
      hear(message, on: id, i, time, &effects)
    }
  }

  private mutating func hear(
    _ message: Message,
    on id: ConnectionID,
    _ i: Int,
    _ time: Now,
    _ effects: inout [AgentEffect]
  ) {
    if agents[i].directory == id, case .located(let result) = message {
      agents[i].directory = nil
      close(id, by: .agent(i))
      located(result, i, time, &effects)
    }
    let isCurrent = agents[i].rack == id
    let stated = connections[id.index].client.session
    let isMisled = stated != nil && plants(.obeysOldSession)
    guard let session = isMisled ? agents[i].rackSession : stated else { return }
    switch message {
    case .welcome(let generation):
      note(.agent(i), 33, "hears \(id) \(message.summary)")
      agents[i].life.attemptsToConnect = 0
      connections[id.index].generation = generation
      agents[i].core?.handle(.rackWelcomed(session, generation), at: time, into: &effects)
    case .nodeOrders(let orders):
      note(.agent(i), 34, "hears \(id) \(message.summary)")
      if isCurrent || plants(.obeysOldSession) {
        for launch in orders.launches.launches { agents[i].launchedOn[launch.attempt] = id }
      }
      agents[i].core?.handle(.rackOrdered(session, orders), at: time, into: &effects)
    case .beat(let hasMaster) where isCurrent:
      if !hasMaster, agents[i].directory == nil, chance.chance(0.3) { askDirectory(i) }
    default: break
    }
  }

  /// Goes where the master says that the node belongs, unless it is there, or has obeyed a later one.
  private mutating func located(
    _ result: Result<NodePlace, Refusal>,
    _ i: Int,
    _ time: Now,
    _ effects: inout [AgentEffect]
  ) {
    guard case .success(let place) = result, place.generation >= agents[i].place?.generation ?? .none else {
      if agents[i].rack == nil { retryLater(.agent(i)) }
      return
    }
    let isThere = agents[i].rack != nil && agents[i].place?.generation == place.generation
    agents[i].place = place
    agents[i].placeTold = now
    agents[i].core?.handle(.placed(place.node), at: time, into: &effects)
    guard !isThere else { return }
    leaveRack(i, time, &effects)
    dialRack(i, at: place, time, &effects)
  }

  private mutating func dialRack(
    _ i: Int,
    at place: NodePlace,
    _ time: Now,
    _ effects: inout [AgentEffect]
  ) {
    guard let rack = Int(place.address) else { return }
    let id = dial(.nodeSession, from: .agent(i), to: .rack(rack))
    agents[i].rack = id
    agents[i].dialled = place.rack
    let session = agents[i].life.takeSession()
    agents[i].rackSession = session
    connections[id.index].client.session = session
    agents[i].core?.handle(.rackConnected(session), at: time, into: &effects)
  }

  private mutating func leaveRack(_ i: Int, _ time: Now, _ effects: inout [AgentEffect]) {
    guard let id = agents[i].rack, let session = agents[i].rackSession else { return }
    // What was said to the old rack leaves before it is left.
    for effect in effects { carryOut(effect, by: i) }
    effects.removeAll()
    close(id, by: .agent(i))
    agents[i].rack = nil
    agents[i].rackSession = nil
    agents[i].core?.handle(.rackDisconnected(session), at: time, into: &effects)
  }

  private mutating func lost(_ id: ConnectionID, _ i: Int, _ time: Now, _ effects: inout [AgentEffect]) {
    if agents[i].directory == id { agents[i].directory = nil }
    if agents[i].rack == id, let session = agents[i].rackSession {
      agents[i].rack = nil
      agents[i].rackSession = nil
      agents[i].core?.handle(.rackDisconnected(session), at: time, into: &effects)
    }
    if agents[i].rack == nil, agents[i].directory == nil { retryLater(.agent(i)) }
  }

  /// An answer of the directory may be acted on so late.
  private static var dialMax: TimeSpan { .seconds(3) }

  /// Asks a master where the node belongs, or goes where it was told to a moment ago.
  private mutating func lookForRack(_ i: Int) {
    guard agents[i].life.isRetryDue else { return }
    agents[i].life.isRetryDue = false
    guard agents[i].rack == nil, agents[i].directory == nil else { return }
    if chance.chance(0.5), let place = agents[i].place, now - agents[i].placeTold < Self.dialMax {
      var effects: [AgentEffect] = []
      dialRack(i, at: place, clock(of: .agent(i)), &effects)
      for effect in effects { carryOut(effect, by: i) }
    } else {
      askDirectory(i)
    }
  }

  private mutating func askDirectory(_ i: Int) {
    let id = dial(.directory, from: .agent(i), to: .master)
    agents[i].directory = id
    send(.locate(node: agents[i].name, rack: agents[i].label), on: id, from: .agent(i))
  }

  private mutating func tickAgent(_ i: Int, _ time: Now, _ effects: inout [AgentEffect]) {
    guard agents[i].life.isTickDue else { return }
    agents[i].life.isTickDue = false
    if let id = agents[i].directory, isSilent(id, for: .agent(i)) {
      close(id, by: .agent(i))
      agents[i].directory = nil
      if agents[i].rack == nil { retryLater(.agent(i)) }
    }
    guard let id = agents[i].rack else { return }
    send(.beat(hasMaster: false), on: id, from: .agent(i))
    guard isSilent(id, for: .agent(i)) else { return }
    note(.agent(i), 35, "gives up on \(id)")
    leaveRack(i, time, &effects)
    retryLater(.agent(i))
  }

  private mutating func carryOut(_ effect: AgentEffect, by i: Int) {
    switch effect {
    case .obey(let generation):
      see(.obeyed(agent: i, generation))
      if agents[i].machine.obeyed != .none { promises.tally[.movedOver] += 1 }
      agents[i].machine.obeyed = generation
    case .state(let session, let statement):
      see(.stated(agent: i, statement))
      tellRack(session, .nodeStatement(statement, to: agents[i].dialled), i)
    case .report(let session, let report):
      tellRack(session, .nodeReport(report), i)
      if plants(.forgetsEarly) { forget(report.ends.map(\.attempt), on: i) }
    case .spawn(let spawns): for spawn in planted(spawns) { self.spawn(spawn, on: i) }
    case .tell(let messages): for message in messages { tell(message, on: i) }
    case .warn: break
    case .kill(let attempt, let reason, let grace): kill(attempt, reason, grace, on: i)
    case .forget(let attempts): forget(attempts, on: i)
    case .disconnect(let session, let why):
      guard session == agents[i].rackSession, let id = agents[i].rack else { return }
      note(.agent(i), 36, "leaves \(id): \(why)")
      promises.tally[.leftOlder] += 1
      agents[i].rack = nil
      agents[i].rackSession = nil
      close(id, by: .agent(i))
      retryLater(.agent(i))
    }
  }

  private mutating func tellRack(_ session: SessionNumber, _ message: Message, _ i: Int) {
    guard session == agents[i].rackSession, let id = agents[i].rack else { return }
    send(message, on: id, from: .agent(i))
  }
}
