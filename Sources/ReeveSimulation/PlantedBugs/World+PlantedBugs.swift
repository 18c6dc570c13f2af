import ReeveCore
import ReeveModel

// Where planted bugs take hold: on what passes from one core to another, never inside one.
extension World {
  func plants(_ bug: PlantedBug) -> Bool { options.bug == bug }

  /// Now and then, so that a world goes on for long enough to show what came of it.
  mutating func strikes(_ bug: PlantedBug) -> Bool { plants(bug) && chance.chance(0.1) }

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

  /// What leaves the master.
  mutating func planted(_ effect: MasterEffect) -> MasterEffect {
    switch effect {
    case .progress(let request, var progress) where strikes(.showsTooMuch):
      progress.counts[.succeeded] += 1
      return .progress(request, progress)
    case .order(let session, let orders): return .order(session, planted(orders))
    default: return effect
    }
  }

  /// What the master orders of a rack.
  private func planted(_ orders: RackOrders) -> RackOrders {
    guard options.bug != nil else { return orders }
    var orders = orders
    if plants(.dropsMootAcknowledgement) {
      orders.acknowledged = orders.acknowledged.filter(promises.books.hasEnded)
    }
    if plants(.repeatsAttemptIDs) {
      orders.launches.launches.mutateEach { $0.attempt = AttemptID(term: Term(1), number: $0.attempt.number) }
    }
    if plants(.dropsReleases) { orders.releases = [] }
    if plants(.ignoresConstraints) {
      for var template in orders.launches.takeTemplates() {
        template.template.constraints = []
        orders.launches.carry(template)
      }
    }
    if plants(.requeueLosesDependants) { dropDependants(from: &orders.launches) }
    return orders
  }

  private func dropDependants(from launches: inout LaunchBatch) {
    var kept = LaunchBatch()
    for template in launches.newTemplates { kept.carry(template) }
    for (i, launch) in launches.launches.enumerated() {
      let waitedFor = promises.books.task(launch.task)?.edges.flatMap(\.targets) ?? []
      if waitedFor.contains(where: { promises.books.tasks[$0 - 1].wasRequeued }) { continue }
      kept.append(i, of: launches)
    }
    launches = kept
  }

  /// Answers to jobs that were known, without waiting for the journal.
  mutating func answerDuplicates(in effects: [MasterEffect]) {
    for effect in effects {
      if case .submitted(_, .success(let submission)) = effect, submission.known { carryOut(effect) }
    }
  }

  mutating func recoverWithoutCancels() {
    master.core = MasterCore()
    for fact in master.disk.durable {
      if case .endOrdered = fact { continue }
      master.core.replay(fact)
    }
  }

  /// What a rack orders of a node.
  mutating func planted(_ orders: NodeOrders) -> NodeOrders {
    var orders = orders
    if plants(.dropsAcknowledgement) { orders.acknowledged.removeAll() }
    if plants(.dropsKill) { orders.kills.removeAll() }
    return orders
  }

  /// What the master tells a rack of its nodes.
  func planted(_ assignment: RackAssignment) -> RackAssignment {
    var assignment = assignment
    if plants(.ignoresRoster) { assignment.roster = [] }
    return assignment
  }

  /// A judge that does not notice that it was stopped.
  var plantedRackSettings: RackSettings {
    var settings = RackSettings()
    if plants(.timersBeforeMailbox) { settings.lateTurn = .seconds(1_000_000) }
    return settings
  }

  /// How a supervisor says that a process ended.
  func planted(_ reason: FailureReason, _ status: Int32) -> FailureReason {
    plants(.takesTermForSuccess) && status == 0 ? .none : reason
  }

  /// What an agent that comes up takes its machine to have.
  func plantedTotal(of i: Int) -> Resources {
    guard plants(.returnsCapacityTwice) else { return agents[i].total }
    return agents[i].machine.ends.reduce(agents[i].total) { sum, end in
      sum + (promises.books.task(end.task)?.template.resources ?? .zero)
    }
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
