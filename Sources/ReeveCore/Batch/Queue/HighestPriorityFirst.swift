package import ReeveModel

/// The higher priority first, as its criteria add it up; among equals first come, first served.
///
/// Of a priority that grows with time the order is all that counts. What grows alike for all tasks is left out of their ranks,
/// so that these never change: age and deadline are counted from one point in time. What a user has of the cluster does change,
/// but moves all tasks of that user alike.
package struct HighestPriorityFirst: QueuePolicy {
  package static let order = QueueOrder.priority
  private let criteria: PriorityCriteria

  package init(_ criteria: PriorityCriteria = .plain) { self.criteria = criteria }

  package func rank(of task: Candidate) -> Double {
    -criteria.terms.reduce(0) { $0 + $1.weight * $1.value(of: task, at: .none, share: 0) }
  }

  package func terms(of task: Candidate, at now: WallTime, share: Double) -> [Explanation.Term] {
    criteria.terms.map {
      Explanation.Term(name: $0.name, value: $0.value(of: task, at: now, share: share), weight: $0.weight)
    }
  }

  package var fallback: Double {
    criteria.terms.reduce(0) { $1.factor == .fairShare ? $0 + $1.weight / $1.per : $0 }
  }
}

extension PriorityCriteria.Term {
  /// The factor of a task in units, where its user has that share of the cluster for what the user is due.
  func value(of task: Candidate, at now: WallTime, share: Double) -> Double {
    amount(of: task, at: now, share: share) / per
  }

  private func amount(of task: Candidate, at now: WallTime, share: Double) -> Double {
    switch factor {
    case .priority: return Double(task.priority)
    case .age: return Self.seconds(from: task.submitted, to: now)
    case .size: return Double(task.resources.cpuMillis) / 1_000
    case .deadline:
      let horizon = task.submitted.microseconds + PriorityCriteria.deadlineHorizon.microseconds
      return Self.seconds(from: task.deadline ?? WallTime(microseconds: horizon), to: now)
    case .fairShare: return 1 - share
    case .label(let name, let values): return values.value(of: task.label(name))
    }
  }

  private static func seconds(from start: WallTime, to end: WallTime) -> Double {
    Double(end.microseconds - start.microseconds) / 1e6
  }
}
