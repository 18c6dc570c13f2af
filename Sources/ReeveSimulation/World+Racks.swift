import ReeveCore
import ReeveModel

// A rack scheduler's shell.
extension World {
  mutating func startRack(_ i: Int) {
    begin(.rack(i))
    racks[i].core = RackCore(plantedRackSettings)
    racks[i].incarnation = chance.next() | 1
    racks[i].generation = .none
    racks[i].rack = nil
    racks[i].adopted = ""
    racks[i].isRefused = false
    racks[i].master = nil
    racks[i].masterSession = nil
    racks[i].nodes.removeAll()
    racks[i].newest.removeAll()
    racks[i].heardAt.removeAll()
    note(.rack(i), 20, "begins")
  }

  mutating func stopRack(_ i: Int) {
    note(.rack(i), 21, "dies")
    end(.rack(i), silently: false)
    promises.tally[.rackDied] += 1
  }

  mutating func rackTurn(_ i: Int) {
    var effects: [RackEffect] = []
    let time = clock(of: .rack(i))
    let inbox = racks[i].life.inbox
    racks[i].life.inbox.removeAll()
    if plants(.timersBeforeMailbox) { racks[i].core.decide(at: time, into: &effects) }
    for item in inbox {
      guard let event = rackEvent(item, i) else { continue }
      racks[i].core.handle(event, at: time, into: &effects)
    }
    if racks[i].isRefused { return letGo(i) }
    connectToMaster(i)
    tickRack(i)
    racks[i].core.decide(at: time, into: &effects)
    for effect in effects {
      if meetsItsDoom(.rack(i)) { return }
      carryOut(effect, by: i)
    }
    if options.checksEachStep {
      for found in racks[i].core.violations() { find("the rack's books balance", "rack \(i): \(found)") }
    }
    wake(.rack(i), at: racks[i].core.nextDeadline)
  }

  private mutating func connectToMaster(_ i: Int) {
    guard racks[i].life.isRetryDue else { return }
    racks[i].life.isRetryDue = false
    guard racks[i].master == nil else { return }
    let id = dial(.rackSession, from: .rack(i), to: .master)
    racks[i].master = id
    send(.hello(racks[i].hello(from: "\(i)")), on: id, from: .rack(i))
  }

  private mutating func rackEvent(_ item: Inbound, _ i: Int) -> RackEvent? {
    switch item {
    case .heard(let id, let message):
      let connection = connections[id.index]
      if connection.kind == .rackSession {
        noteHeard(id, by: .rack(i))
        return rackEvent(fromMaster: message, on: id, i)
      }
      guard connection.kind == .nodeSession else { return nil }
      noteHeard(id, by: .rack(i))
      return rackEvent(fromNode: message, on: id, i)
    case .closed(let id): return rackClosed(id, i)
    case .born, .ended: return nil
    }
  }

  private mutating func rackEvent(fromMaster message: Message, on id: ConnectionID, _ i: Int) -> RackEvent? {
    switch message {
    case .assignment(let assignment):
      guard racks[i].master == id else { return nil }
      note(.rack(i), 22, "hears \(id) \(message.summary)")
      let session = racks[i].life.takeSession()
      connections[id.index].client.session = session
      racks[i].masterSession = session
      racks[i].generation = assignment.generation
      racks[i].rack = assignment.rack
      if racks[i].name.isEmpty {
        if racks[i].adopted.isEmpty { promises.tally[.racksAdopted] += 1 }
        racks[i].adopted = assignment.name
      }
      racks[i].life.attemptsToConnect = 0
      return .masterConnected(session, planted(assignment))
    case .rackOrders(let orders):
      note(.rack(i), 23, "hears \(id) \(message.summary)")
      return connections[id.index].client.session.map { .masterOrdered($0, orders) }
    case .rackRefused:
      racks[i].isRefused = racks[i].master == id && !racks[i].adopted.isEmpty
      return nil
    default: return nil
    }
  }

  /// A spare whose rack has gone to another is a spare again; who has a rack of its own asks again.
  private mutating func letGo(_ i: Int) {
    note(.rack(i), 27, "lets go of \(racks[i].adopted)")
    promises.tally[.racksLetGo] += 1
    end(.rack(i), silently: false)
    startRack(i)
  }

  private mutating func rackEvent(fromNode message: Message, on id: ConnectionID, _ i: Int) -> RackEvent? {
    if case .nodeStatement(let statement, let rack) = message {
      guard racks[i].rack == rack else {
        note(.rack(i), 28, "does not serve rack \(rack)")
        close(id, by: .rack(i))
        return nil
      }
      note(.rack(i), 24, "hears \(id) \(message.summary)")
      let session = racks[i].life.takeSession()
      connections[id.index].server.session = session
      racks[i].nodes.append((session, statement.node, id))
      return .nodeConnected(session, statement)
    }
    guard let session = connections[id.index].server.session, let node = connections[id.index].node else {
      return nil
    }
    switch message {
    case .nodeReport(let report):
      note(.rack(i), 25, "hears \(id) of node \(node) \(message.summary)")
      return .nodeReported(session, node, report)
    case .beat: return .nodeBeat(session, node)
    default: return nil
    }
  }

  private mutating func rackClosed(_ id: ConnectionID, _ i: Int) -> RackEvent? {
    if racks[i].master == id { return masterGone(i) }
    guard let known = racks[i].nodes.first(where: { $0.connection == id }) else { return nil }
    racks[i].nodes.removeAll { $0.connection == id }
    return .nodeDisconnected(known.session, known.node)
  }

  private mutating func masterGone(_ i: Int) -> RackEvent? {
    racks[i].master = nil
    retryLater(.rack(i))
    defer { racks[i].masterSession = nil }
    return racks[i].masterSession.map { .masterDisconnected($0) }
  }

  private mutating func carryOut(_ effect: RackEffect, by i: Int) {
    switch effect {
    case .state(let session, let report):
      seeLost(report, by: i)
      tellMaster(session, .rackStatement(report), i)
    case .report(let session, let report):
      seeLost(report, by: i)
      tellMaster(session, .rackReport(report), i)
    case .welcome(let session, _, let generation): tell(session, .welcome(generation), i)
    case .order(let session, _, let orders): tell(session, .nodeOrders(planted(orders)), i)
    case .refuse(let session, _, let why):
      guard let known = racks[i].nodes.first(where: { $0.session == session }) else { return }
      note(.rack(i), 26, "refuses node \(known.node): \(why)")
      racks[i].nodes.removeAll { $0.session == session }
      // What still comes on it is not heard.
      if racks[i].newest[known.node] == known.connection { racks[i].newest[known.node] = nil }
      close(known.connection, by: .rack(i))
    }
  }

  /// A rack scheduler says that nodes are lost: for how long has it truly heard nothing of them, while it ran itself?
  private mutating func seeLost(_ report: RackReport, by i: Int) {
    for node in report.nodes where node.state == .lost {
      let silence = racks[i].heardAt[node.number].map { heard in
        racks[i].life.stops.reduce(now - heard) { silence, stop in
          let stopped = min(now, stop.end) - max(heard, stop.begin)
          return stopped > .zero
            ? TimeSpan(microseconds: silence.microseconds - stopped.microseconds) : silence
        }
      }
      see(.declaredLost(node.number, by: i, silentFor: silence))
    }
  }

  private mutating func tellMaster(_ session: SessionNumber, _ message: Message, _ i: Int) {
    guard session == racks[i].masterSession, let id = racks[i].master else { return }
    send(message, on: id, from: .rack(i))
  }

  private mutating func tell(_ session: SessionNumber, _ message: Message, _ i: Int) {
    guard let known = racks[i].nodes.first(where: { $0.session == session }) else { return }
    send(message, on: known.connection, from: .rack(i))
  }

  private mutating func tickRack(_ i: Int) {
    guard racks[i].life.isTickDue else { return }
    racks[i].life.isTickDue = false
    for node in racks[i].nodes {
      send(.beat(hasMaster: racks[i].masterSession != nil), on: node.connection, from: .rack(i))
    }
    guard let id = racks[i].master else { return }
    send(.beat(hasMaster: false), on: id, from: .rack(i))
    guard isSilent(id, for: .rack(i)) else { return }
    close(id, by: .rack(i))
    if let event = masterGone(i) {
      var effects: [RackEffect] = []
      let time = clock(of: .rack(i))
      racks[i].core.handle(event, at: time, into: &effects)
      for effect in effects { carryOut(effect, by: i) }
    }
  }
}
