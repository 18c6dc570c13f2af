/// In which order tasks are considered.
package enum QueueOrder: UInt8, Sendable, CaseIterable {
  /// First come, first served: by submission, and within a job as its tasks were given.
  case fcfs
  /// The higher priority first; among equals first come, first served.
  case priority
  /// The shortest first, by their time limits or what was learnt of their like; what nobody knows anything of comes last.
  case sjf
  /// The user first who has the least of the cluster; of one user first come, first served.
  case fair

  /// As users write it.
  package var word: String { "\(self)" }

  /// All of them, for a message.
  package static var words: String { allCases.map(\.word).joined(separator: ", ") }

  package init?(word: String) {
    guard let order = Self.allCases.first(where: { $0.word == word }) else { return nil }
    self = order
  }
}

/// All that decides who goes next: an order, what it goes by, and whether later ones may be kept from passing the first.
package struct PolicySetting: Hashable, Sendable {
  package var order: QueueOrder
  /// Room is kept for the first task that does not fit, and others pass it only where that does not delay it.
  package var backfills: Bool
  /// What `priority` adds up, and what each user is due under it and under `fair`.
  package var criteria: PriorityCriteria

  package init(_ order: QueueOrder = .fcfs, backfills: Bool = false, criteria: PriorityCriteria = .plain) {
    self.order = order
    self.backfills = backfills
    self.criteria = criteria
  }
}
