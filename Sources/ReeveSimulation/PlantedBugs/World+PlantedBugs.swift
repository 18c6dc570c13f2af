import ReeveCore
import ReeveModel

// Where planted bugs take hold: on what passes from one core to another, never inside one.
extension World {
  func plants(_ bug: PlantedBug) -> Bool { options.bug == bug }

  /// Now and then, so that a world goes on for long enough to show what came of it.
  private mutating func strikes(_ bug: PlantedBug) -> Bool { plants(bug) && chance.chance(0.1) }

  mutating func planted(_ fact: Fact) -> [Fact] {
    switch fact {
    case .ended where strikes(.recordsEndTwice): [fact, fact]
    case .started where strikes(.losesRecord), .ended where strikes(.losesRecord): []
    default: [fact]
    }
  }

  /// What a rack reports to the master.
  mutating func planted(_ report: RackReport) -> RackReport {
    var report = report
    if !report.ends.isEmpty {
      if strikes(.dropsEnd) { report.ends.removeLast() }
      if strikes(.embellishesEnd) { report.ends.mutateEach { $0.reason = .none } }
      if plants(.acceptsOldEnd) {
        let books = promises.books
        report.ends.mutateEach { end in
          if let task = books.task(end.task), task.state.hasAttempt { end.attempt = task.attempt }
        }
      }
    }
    if !report.returned.isEmpty, strikes(.forgetsReturned) { report.returned.removeAll() }
    return report
  }

  /// What a client is told.
  mutating func planted(_ effect: MasterEffect) -> MasterEffect {
    guard case .progress(let request, var progress) = effect, strikes(.showsTooMuch) else { return effect }
    progress.counts[.succeeded] += 1
    return .progress(request, progress)
  }

  /// What a rack orders of a node.
  mutating func planted(_ orders: NodeOrders) -> NodeOrders {
    var orders = orders
    if plants(.dropsAcknowledgement) { orders.acknowledged.removeAll() }
    if plants(.dropsKill) { orders.kills.removeAll() }
    return orders
  }

  mutating func planted(_ spawns: [AgentEffect.Spawn]) -> [AgentEffect.Spawn] {
    strikes(.launchesTwice) ? spawns + spawns.prefix(1) : spawns
  }
}

extension Array {
  fileprivate mutating func mutateEach(_ change: (inout Element) -> Void) {
    for i in indices { change(&self[i]) }
  }
}
