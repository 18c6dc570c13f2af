import ReeveCore
import ReeveModel

/// Somebody who uses the cluster, over one connection at a time: what is not answered is asked again.
struct Client: Sendable {
  var life = Life()
  var errands: [Errand]
  var connection: ConnectionID?
  var isBackingOff = false

  init(_ errands: [Errand]) { self.errands = errands }

  struct Errand: Sendable {
    var request: Request
    var time: Instant
    /// The errand whose answer this one waits for.
    var after: Int?
    /// Where it was asked last.
    var askedOn: ConnectionID?
    var askedAt = Instant(microseconds: 0)
    var isDone = false
    /// A job that may be refused: larger than every node, or not the same as another of its id.
    var mayBeRefused = false
    var mustBeRefused = false
    /// A cancel that may come before its job.
    var mayBeUnknown = false
    var wasRefused = false
  }

  var isDone: Bool { errands.allSatisfy(\.isDone) }
}

extension World {
  mutating func clientTurn(_ i: Int) {
    let inbox = clients[i].life.inbox
    clients[i].life.inbox.removeAll()
    for item in inbox {
      switch item {
      case .closed(let id) where clients[i].connection == id:
        disconnected(i)
      case .heard(let id, .answer(let tag, let effect)):
        noteHeard(id, by: .client(i))
        answered(tag, effect, i)
      default: break
      }
    }
    if clients[i].life.isTickDue {
      clients[i].life.isTickDue = false
      giveUpOnSilence(i)
    }
    if clients[i].life.isRetryDue {
      clients[i].life.isRetryDue = false
      clients[i].isBackingOff = false
    }
    if !clients[i].isBackingOff { runErrands(i) }
  }

  private mutating func disconnected(_ i: Int) {
    clients[i].connection = nil
    clients[i].isBackingOff = true
    retryLater(.client(i))
  }

  private mutating func runErrands(_ i: Int) {
    for e in clients[i].errands.indices {
      let errand = clients[i].errands[e]
      guard !errand.isDone, errand.time <= now, errand.after.map({ clients[i].errands[$0].isDone }) ?? true
      else {
        continue
      }
      if let first = errand.after, clients[i].errands[first].wasRefused {
        clients[i].errands[e].wasRefused = true
        clients[i].errands[e].isDone = true
        continue
      }
      let id = clients[i].connection ?? dial(.user, from: .client(i), to: .master)
      clients[i].connection = id
      guard errand.askedOn != id else { continue }
      clients[i].errands[e].askedOn = id
      clients[i].errands[e].askedAt = now
      send(.request(e, errand.request), on: id, from: .client(i))
    }
  }

  /// A request that nobody answers is asked again, on a new connection. A watch may be silent for long.
  private mutating func giveUpOnSilence(_ i: Int) {
    guard let id = clients[i].connection else { return }
    let isOverdue = clients[i].errands.contains { errand in
      guard !errand.isDone, errand.askedOn == id else { return false }
      return now - errand.askedAt > (errand.request.isLong ? .seconds(30) : .seconds(4))
    }
    guard isOverdue else { return }
    close(id, by: .client(i))
    disconnected(i)
  }

  private mutating func answered(_ tag: Int, _ effect: MasterEffect, _ i: Int) {
    note(.client(i), 50, "hears \(effect)")
    clients[i].life.attemptsToConnect = 0
    switch effect {
    case .submitted(_, .success(let submission)):
      if submission.known { promises.tally[.sameJobAgain] += 1 }
      if clients[i].errands[tag].mustBeRefused { find("an id names one job", "\(effect)") }
      clients[i].errands[tag].isDone = true
    case .submitted(_, .failure(let refusal)):
      if refusal.code == .conflict { promises.tally[.otherJobAgain] += 1 }
      if !clients[i].errands[tag].mayBeRefused, !clients[i].errands[tag].mustBeRefused {
        find("valid jobs are accepted", "\(refusal)")
      }
      clients[i].errands[tag].wasRefused = true
      clients[i].errands[tag].isDone = true
    case .obeyed(_, .success(let count)):
      if case .order(.cancel, _) = clients[i].errands[tag].request, count == 0 {
        promises.tally[.cancelledEnded] += 1
      }
      clients[i].errands[tag].isDone = true
    case .obeyed(_, .failure) where clients[i].errands[tag].mayBeUnknown:
      clients[i].errands[tag].isDone = true
    case .answered, .watchEnded(_, nil): clients[i].errands[tag].isDone = true
    case .obeyed(_, .failure(let refusal)), .watchEnded(_, .some(let refusal)),
      .followRefused(_, let refusal):
      find("what was acknowledged is known", "\(clients[i].errands[tag].request.summary): \(refusal)")
    case .followed(_, let view, _): if view.state.isTerminal { clients[i].errands[tag].isDone = true }
    default: break
    }
  }
}

extension Request {
  /// Whether it is answered when something happens, not at once.
  var isLong: Bool {
    switch self {
    case .watch, .follow: true
    case .submit, .order, .ask: false
    }
  }
}
