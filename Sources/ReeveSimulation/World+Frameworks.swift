import ReeveCore
import ReeveModel

/// A framework that wants some tasks done, each once: it crashes, forgets, hoards and declines, and comes back under its id
/// with what it has written down.
struct FrameworkProcess: Sendable {
  var life = Life()
  let info: FrameworkInfo
  let template: TaskTemplate
  /// It wants to know nodes beforehand.
  let isPinned: Bool
  /// What it has written down: of each task where it is.
  var tasks: [String: Progress]
  var connection: ConnectionID?
  var isWelcome = false
  var isDone = false
  /// Accepts so far, which name them.
  var accepts = 0
  /// What was said on this stream and is not answered, by its serial.
  var said: [UInt64: Said] = [:]
  var lastSerial: UInt64 = 0
  var lastMessage: UInt64 = 0
  /// Offers that it sits on.
  var hoarded: [FrameworkOffer] = []
  /// Ends that it has been told of, for those who must not change.
  var ends: [String: TaskState] = [:]

  enum Progress: Hashable, Sendable {
    case toDo
    /// An accept was sent; whether it arrived is not known.
    case sent
    case accepted
    case ended
  }

  enum Said: Sendable {
    case accept([String])
    case tearDown
    case other
  }

  init(_ info: FrameworkInfo, _ template: TaskTemplate, isPinned: Bool, count: Int) {
    self.info = info
    self.template = template
    self.isPinned = isPinned
    tasks = Dictionary(uniqueKeysWithValues: (0..<count).map { ("t\($0)", .toDo) })
  }

  func names(_ progress: Progress) -> [String] { tasks.filter { $0.value == progress }.keys.sorted() }
  var hasEnded: Bool { tasks.values.allSatisfy { $0 == .ended } }
}

/// What a framework and the master say to each other.
enum FrameworkMessage: Sendable {
  case subscribe(FrameworkInfo)
  case say(UInt64, FrameworkRequest)
  case welcome(FrameworkWelcome)
  case offers([FrameworkOffer])
  case rescinded([OfferID])
  case updates([TaskUpdate])
  case reply(UInt64, Result<Int, Refusal>)
  case refused(Refusal)
}

extension World {
  mutating func frameworkTurn(_ i: Int) {
    let inbox = frameworks[i].life.inbox
    frameworks[i].life.inbox.removeAll()
    for item in inbox {
      switch item {
      case .closed(let id) where frameworks[i].connection == id: lostMaster(i)
      case .heard(let id, .framework(let message)) where frameworks[i].connection == id:
        noteHeard(id, by: .framework(i))
        hear(message, i)
      case .heard(let id, .beat): noteHeard(id, by: .framework(i))
      default: break
      }
      guard frameworks[i].life.isUp else { return }
    }
    if frameworks[i].life.isTickDue {
      frameworks[i].life.isTickDue = false
      if let id = frameworks[i].connection {
        send(.beat(hasMaster: true), on: id, from: .framework(i))
        if isSilent(id, for: .framework(i)) {
          close(id, by: .framework(i))
          lostMaster(i)
        }
      }
      useHoard(i)
    }
    guard frameworks[i].life.isRetryDue else { return }
    frameworks[i].life.isRetryDue = false
    if frameworks[i].connection == nil, !frameworks[i].isDone { subscribe(i) }
  }

  private mutating func subscribe(_ i: Int) {
    let id = dial(.frameworkSession, from: .framework(i), to: .master)
    frameworks[i].connection = id
    send(.framework(.subscribe(frameworks[i].info)), on: id, from: .framework(i))
  }

  private mutating func lostMaster(_ i: Int) {
    forgetStream(i)
    retryLater(.framework(i))
  }

  /// What only this stream knew is void.
  mutating func forgetStream(_ i: Int) {
    frameworks[i].connection = nil
    frameworks[i].isWelcome = false
    frameworks[i].said = [:]
    frameworks[i].hoarded = []
  }

  private mutating func say(_ request: FrameworkRequest, as what: FrameworkProcess.Said = .other, _ i: Int) {
    guard let id = frameworks[i].connection else { return }
    frameworks[i].lastSerial += 1
    let serial = frameworks[i].lastSerial
    frameworks[i].said[serial] = what
    send(.framework(.say(serial, request)), on: id, from: .framework(i))
  }

  private mutating func hear(_ message: FrameworkMessage, _ i: Int) {
    note(.framework(i), 70, "hears \(message)")
    switch message {
    case .welcome(let welcome):
      frameworks[i].isWelcome = true
      frameworks[i].life.attemptsToConnect = 0
      if welcome.isResumed { promises.tally[.resubscribed] += 1 }
      // What was sent and never answered has arrived, or never will: this asks which.
      say(.reconcile(frameworks[i].names(.sent)), i)
      want(i)
      finish(i)
    case .offers(let offers): for offer in offers { answer(offer, i) }
    case .rescinded(let ids):
      promises.tally[.rescinded] += ids.count
      frameworks[i].hoarded.removeAll { ids.contains($0.id) }
    case .updates(let updates): hear(updates, i)
    case .reply(let serial, let result): hear(result, to: serial, i)
    case .refused(let refusal):
      // Its id is gone: torn down, or away for too long.
      if refusal.message.contains("newer stream") { break }
      frameworks[i].isDone = true
    case .subscribe, .say: break
    }
  }

  private mutating func want(_ i: Int) {
    let count = frameworks[i].names(.toDo).count
    let shape = frameworks[i].template.shape
    let demand = ShapeDemand(
      key: 1,
      resources: shape.resources,
      constraints: shape.constraints,
      count: count,
      isPinned: frameworks[i].isPinned
    )
    say(.demand([demand]), i)
  }

  private mutating func answer(_ offer: FrameworkOffer, _ i: Int) {
    promises.tally[.offered] += offer.count
    if offer.node != nil { promises.tally[.offeredPinned] += offer.count }
    if chance.chance(0.1) {
      promises.tally[.declined] += 1
      return say(.decline([offer.id]), i)
    }
    if chance.chance(0.15) {
      frameworks[i].hoarded.append(offer)
    } else {
      accept(offer, i)
    }
  }

  /// Late, if at all.
  private mutating func useHoard(_ i: Int) {
    guard frameworks[i].isWelcome, !frameworks[i].hoarded.isEmpty, chance.chance(0.3) else { return }
    accept(frameworks[i].hoarded.removeFirst(), i)
  }

  private mutating func accept(_ offer: FrameworkOffer, _ i: Int) {
    let most = chance.chance(0.2) ? chance.within(1...offer.count) : offer.count
    let names = Array(frameworks[i].names(.toDo).prefix(most))
    guard !names.isEmpty else { return say(.decline([offer.id]), i) }
    frameworks[i].accepts += 1
    var spec = JobSpec(id: frameworks[i].info.id)
    spec.addition = "a\(frameworks[i].accepts)"
    spec.templates = [frameworks[i].template]
    // They were said in the demand.
    spec.templates[0].constraints = []
    for name in names {
      spec.append(name: name, template: 0, arguments: [], after: [])
      frameworks[i].tasks[name] = .sent
    }
    say(.accept([offer.id], spec, hasRoom: true), as: .accept(names), i)
  }

  private mutating func hear(_ result: Result<Int, Refusal>, to serial: UInt64, _ i: Int) {
    guard let said = frameworks[i].said.removeValue(forKey: serial) else { return }
    switch (said, result) {
    case (.accept(let names), .success):
      for name in names where frameworks[i].tasks[name] == .sent { frameworks[i].tasks[name] = .accepted }
    case (.accept(let names), .failure(let refusal)):
      if refusal.code != .conflict, refusal.code != .unavailable {
        find("an accept that fits is taken", "\(refusal)")
      }
      promises.tally[.acceptRefused] += 1
      for name in names where frameworks[i].tasks[name] == .sent { frameworks[i].tasks[name] = .toDo }
      want(i)
    case (.tearDown, _): frameworks[i].isDone = true
    case (.other, .failure(let refusal)):
      // A decline crosses a rescind; a shape may be for none of the nodes that are there.
      if [.exceedsLargestNode, .noMatchingNode].contains(refusal.code) { frameworks[i].isDone = true }
    case (.other, .success): break
    }
  }

  private mutating func hear(_ updates: [TaskUpdate], _ i: Int) {
    for update in updates {
      guard let state = update.state else {
        if frameworks[i].tasks[update.task] == .accepted {
          find("what was acknowledged is known", "\(frameworks[i].info.id)/\(update.task)")
        }
        frameworks[i].tasks[update.task] = .toDo
        continue
      }
      if state == .running { message(update.task, i) }
      if state.isTerminal {
        frameworks[i].tasks[update.task] = .ended
        if let before = frameworks[i].ends.updateValue(state, forKey: update.task), before != state {
          find("a task ends once", "\(update.task) was \(before), and is \(state)")
        }
      } else if frameworks[i].tasks[update.task] != .ended {
        frameworks[i].tasks[update.task] = .accepted
      } else {
        find("a task ends once", "\(update.task) had ended, and is \(state)")
      }
    }
    // It may die before it has said so.
    if meetsItsDoom(.framework(i)) { return }
    say(.acknowledge(updates.map(\.id).filter { $0 != 0 }), i)
    if updates.contains(where: { $0.state == nil }) { want(i) }
    finish(i)
  }

  private mutating func finish(_ i: Int) {
    guard frameworks[i].hasEnded else { return }
    if chance.chance(0.9) { say(.tearDown, as: .tearDown, i) } else { frameworks[i].isDone = true }
  }

  mutating func stopFramework(_ i: Int) {
    end(.framework(i), silently: false)
    forgetStream(i)
    promises.tally[.frameworkDied] += 1
    note(.framework(i), 71, "dies")
  }
}

// What frameworks tell their tasks: numbers that grow, for lines may be lost, and must not change places.
extension World {
  private mutating func message(_ task: String, _ i: Int) {
    guard chance.chance(0.3) else { return }
    frameworks[i].lastMessage += 1
    let number = frameworks[i].lastMessage
    say(.message(task, (0..<8).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }), i)
  }

  mutating func tell(_ message: TaskMessage, on i: Int) {
    guard let place = agents[i].machine.running.firstIndex(where: { $0.spawn.attempt == message.attempt })
    else { return }
    if message.line.lexicographicallyPrecedes(agents[i].machine.running[place].lastMessage) {
      find("messages come in order", "\(message) after \(agents[i].machine.running[place].lastMessage)")
    }
    agents[i].machine.running[place].lastMessage = message.line
  }
}

// The master's end.
extension World {
  mutating func frameworkEvent(_ message: FrameworkMessage, on id: ConnectionID) -> MasterEvent? {
    switch message {
    case .subscribe(let info):
      let session = master.life.takeSession()
      master.sessions.append((session, id))
      connections[id.index].server.session = session
      return .frameworkSubscribed(session, info)
    case .say(let serial, let request):
      guard let session = connections[id.index].server.session else { return nil }
      let number = master.takeRequest()
      master.said[number] = (session, serial)
      return .frameworkSaid(session, number, request)
    case .welcome, .offers, .rescinded, .updates, .reply, .refused: return nil
    }
  }

  mutating func tell(_ session: SessionNumber, _ message: FrameworkMessage) {
    guard let id = master.connection(of: session) else { return }
    send(.framework(message), on: id, from: .master)
    guard case .refused = message else { return }
    master.sessions.removeAll { $0.session == session }
    close(id, by: .master)
  }
}

extension Workload {
  /// Frameworks of two roles, with tasks that some node can take.
  mutating func makeFrameworks() -> [FrameworkProcess] {
    (0..<chance.pick([0, 0, 1, 2, 4])).map { i in
      let info = FrameworkInfo(
        id: JobID("fw\(i)"),
        role: chance.pick(["default", "other"]),
        failover: chance.chance(0.8) ? .seconds(1_000) : chance.span(.zero, .seconds(20))
      )
      var template = template(isTooLarge: false, isEndless: false)
      template.priority = 0
      // One in three has tasks that take a whole node.
      if chance.chance(0.3) {
        template.resources = chance.pick(nodes).total
        template.resources.disk = 0
        template.constraints = []
      }
      return FrameworkProcess(
        info,
        template,
        isPinned: chance.chance(0.3),
        count: chance.within(1...30)
      )
    }
  }
}
