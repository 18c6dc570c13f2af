import ReeveCore
import ReeveModel

// The master's shell: turns, the journal, and effects that leave when the journal is durable up to them.
extension World {
  mutating func startMaster() {
    begin(.master)
    recover()
    let replayed = master.core.durable
    see(.replayed(replayed))
    master.held.removeAll()
    master.sessions.removeAll()
    master.requests.removeAll()
    master.said.removeAll()
    var effects: [MasterEffect] = []
    let term = Term(replayed.term.rawValue + 1)
    note(.master, 10, "leads in term \(term), with \(master.disk.durable.count) facts")
    // Wall time never runs backwards past what the journal holds.
    master.life.lastWall = promises.books.lastWall
    let time = clock(of: .master)
    master.core.handle(.leading(term), at: time, into: &effects)
    promises.tally[.terms] += 1
    finishMasterTurn(&effects)
  }

  /// The newest snapshot that can be read, and what the journal holds after it.
  private mutating func recover() {
    if plants(.forgetsCancel) { return recoverWithoutCancels() }
    let (snapshot, after) = master.disk.recover(newestIsDamaged: options.faults && chance.chance(0.1))
    if snapshot.position > 0 { promises.tally[.restartsFromSnapshot] += 1 }
    master.core = MasterCore(restoring: snapshot.state)
    for fact in after { master.core.replay(fact) }
  }

  /// Also while the master decides, and a group is on its way to the disk.
  mutating func snapshotNowAndThen() {
    if master.life.isUp, master.life.stoppedUntil == nil { takeSnapshot() }
    queue.schedule(.snapshot, at: now + chance.skewedSpan(.milliseconds(200), .seconds(30)))
  }

  mutating func takeSnapshot() {
    promises.tally[.snapshots] += 1
    note(.master, 17, "takes a snapshot of \(master.disk.durable.count) facts")
    if plants(.snapshotsUndurable) {
      master.disk.keep(Disk.Snapshot(position: master.disk.end, state: master.core.durable))
    } else {
      master.disk.takeSnapshot()
    }
  }

  mutating func masterTurn() {
    var effects: [MasterEffect] = []
    let time = clock(of: .master)
    let inbox = master.life.inbox
    master.life.inbox.removeAll()
    for item in inbox {
      guard let event = masterEvent(item) else { continue }
      master.core.handle(event, at: time, into: &effects)
    }
    tickMaster(&effects, time)
    finishMasterTurn(&effects)
  }

  private mutating func finishMasterTurn(_ effects: inout [MasterEffect]) {
    let time = clock(of: .master)
    master.core.decide(at: time, into: &effects)
    var leaving: [MasterEffect] = []
    for effect in effects {
      guard case .record(let fact) = effect else {
        leaving.append(effect)
        continue
      }
      note(.master, 18, "records \(fact)")
      see(.recorded(fact))
      for written in planted(fact) { master.disk.append(written) }
    }
    note(.master, 11, "decides \(effects.count) effects, journal at \(master.disk.end)")
    let core = master.core
    see(.decided(core, at: time))
    if !leaving.isEmpty { master.held.append((master.disk.end, leaving)) }
    if plants(.answersDuplicateEarly) { answerDuplicates(in: leaving) }
    if plants(.acknowledgesEarly), chance.chance(0.1) { letGo(upTo: .max) }
    beginSync()
    letGo(upTo: master.disk.durable.count)
    guard master.life.isUp else { return }
    wake(.master, at: master.core.nextDeadline)
  }

  private mutating func beginSync() {
    guard master.disk.beginSync() else { return }
    let time = now + chance.skewedSpan(.microseconds(200), master.syncMax)
    queue.schedule(.synced(life: master.life.number), at: time)
    mayDieInSync(until: time)
  }

  mutating func synced() {
    for fact in master.disk.finishSync() { see(.durable(fact)) }
    note(.master, 12, "is durable up to \(master.disk.durable.count)")
    letGo(upTo: master.disk.durable.count)
    if master.life.isUp { beginSync() }
  }

  mutating func stopMaster() {
    let underWay = master.disk.end
    for fact in master.disk.crash(keeping: chance.fraction()) { see(.durable(fact)) }
    if master.disk.end < underWay { promises.tally[.tornGroups] += 1 }
    master.held.removeAll()
    see(.crashed)
    end(.master, silently: false)
    promises.tally[.masterDied] += 1
    note(.master, 13, "dies, with \(master.disk.durable.count) facts durable")
  }

  mutating func letGoOfDurable() { letGo(upTo: master.disk.durable.count) }

  /// Effects whose records are durable leave, in their order. A stopped process sends nothing.
  private mutating func letGo(upTo position: Int) {
    guard master.life.stoppedUntil == nil else { return }
    while let first = master.held.first, first.position <= position {
      master.held.removeFirst()
      for effect in first.effects {
        if meetsItsDoom(.master) { return }
        carryOut(effect)
      }
    }
  }

  mutating func carryOut(_ intended: MasterEffect) {
    let effect = planted(intended)
    see(.left(effect))
    seeCancelled(effect)
    switch effect {
    case .record: break
    case .assign(let session, let assignment): tell(session, .assignment(assignment))
    case .order(let session, let orders): tell(session, .rackOrders(orders))
    case .refuseRack(let session, _):
      guard let id = master.connection(of: session) else { return }
      master.sessions.removeAll { $0.session == session }
      send(.rackRefused, on: id, from: .master)
      close(id, by: .master)
    case .welcomed(let session, let welcome): tell(session, .welcome(welcome))
    case .offered(let session, let offers): tell(session, .offers(offers))
    case .rescinded(let session, let offers, _): tell(session, .rescinded(offers))
    case .updated(let session, let updates):
      if !strikes(.losesUpdates) { tell(session, .updates(updates)) }
    case .refuseFramework(let session, let refusal): tell(session, .refused(refusal))
    case .replied(let request, let result):
      guard let said = master.said.removeValue(forKey: request) else { return }
      tell(said.session, .reply(said.serial, result))
    case .located(let request, let result):
      guard let asked = master.requests.removeValue(forKey: request) else { return }
      send(.located(result), on: asked.connection, from: .master)
    case .submitted(let request, _), .obeyed(let request, _), .forgotten(let request, _),
      .answered(let request, _),
      .watchEnded(let request, _), .followRefused(let request, _):
      guard let asked = master.requests.removeValue(forKey: request) else { return }
      send(.answer(asked.tag, effect), on: asked.connection, from: .master)
    case .progress(let request, _), .followed(let request, _, _):
      guard let asked = master.requests[request] else { return }
      send(.answer(asked.tag, effect), on: asked.connection, from: .master)
    }
  }

  private mutating func tell(_ session: SessionNumber, _ message: Message) {
    guard let id = master.connection(of: session) else { return }
    note(.master, 14, "\(id) \(message.summary)")
    send(message, on: id, from: .master)
  }

  private mutating func masterEvent(_ item: Inbound) -> MasterEvent? {
    switch item {
    case .heard(let id, let message):
      guard connections[id.index].server.isOpen else { return nil }
      noteHeard(id, by: .master)
      return masterEvent(message, on: id)
    case .closed(let id): return masterClosed(id)
    case .born, .ended: return nil
    }
  }

  private mutating func masterEvent(_ message: Message, on id: ConnectionID) -> MasterEvent? {
    if case .beat = message { return nil }
    note(.master, 15, "hears \(id) \(message.summary)")
    switch message {
    case .hello(let hello):
      let session = master.life.takeSession()
      master.sessions.append((session, id))
      connections[id.index].server.session = session
      return .rackConnected(session, hello)
    case .rackStatement(let report):
      return connections[id.index].server.session.map { .rackStated($0, planted(report)) }
    case .rackReport(let report):
      return connections[id.index].server.session.map { .rackReported($0, planted(report)) }
    case .locate(let node, let rack): return .nodeLocated(takeRequest(0, on: id), node: node, rack: rack)
    case .request(let tag, let request): return masterEvent(request, takeRequest(tag, on: id))
    case .framework(let message): return frameworkEvent(message, on: id)
    default: return nil
    }
  }

  /// What an answer says is on record.
  private mutating func seeCancelled(_ effect: MasterEffect) {
    guard case .obeyed(let request, .success) = effect, let asked = master.requests[request],
      case .client(let i) = connections[asked.connection.index].client.process,
      case .order(.cancel, let selectors) = clients[i].errands[asked.tag].request
    else { return }
    see(.cancelAcknowledged(selectors))
  }

  private func masterEvent(_ request: Request, _ number: RequestNumber) -> MasterEvent {
    switch request {
    case .submit(let spec): .submitted(number, spec)
    case .order(let order, let what): .ordered(number, order, what)
    case .watch(let job): .watchOpened(number, [job])
    case .follow(let what): .followOpened(number, what)
    case .ask(let query): .asked(number, query)
    }
  }

  private mutating func takeRequest(_ tag: Int, on id: ConnectionID) -> RequestNumber {
    let number = master.takeRequest()
    master.requests[number] = (id, tag)
    return number
  }

  private mutating func masterClosed(_ id: ConnectionID) -> MasterEvent? {
    guard let session = connections[id.index].server.session else {
      forgetRequests(on: id)
      return nil
    }
    master.sessions.removeAll { $0.session == session }
    return disconnected(session, id)
  }

  private func disconnected(_ session: SessionNumber, _ id: ConnectionID) -> MasterEvent {
    if case .frameworkSession = connections[id.index].kind { return .frameworkDisconnected(session) }
    return .rackDisconnected(session)
  }

  /// Their client has gone: watches and follows end with it.
  private mutating func forgetRequests(on id: ConnectionID) {
    let time = clock(of: .master)
    let gone = master.requests.filter { $0.value.connection == id }.map(\.key).sorted()
    var effects: [MasterEffect] = []
    for request in gone {
      master.requests[request] = nil
      master.core.handle(.closed(request), at: time, into: &effects)
    }
  }

  /// Signs of life, and an end of the sessions that show none.
  private mutating func tickMaster(_ effects: inout [MasterEffect], _ time: Now) {
    guard master.life.isTickDue else { return }
    master.life.isTickDue = false
    for (session, id) in master.sessions {
      send(.beat(hasMaster: true), on: id, from: .master)
      guard isSilent(id, for: .master) else { continue }
      note(.master, 16, "gives up on \(id)")
      close(id, by: .master)
      master.sessions.removeAll { $0.session == session }
      master.core.handle(disconnected(session, id), at: time, into: &effects)
    }
  }
}
