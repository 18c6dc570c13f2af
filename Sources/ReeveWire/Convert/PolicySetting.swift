import ReeveModel
import SwiftProtobuf

extension Reeve_V1_PolicySet {
  init(_ setting: PolicySetting) {
    self.init()
    order = UInt32(setting.order.rawValue)
    backfill = setting.backfills
    if setting.criteria != .plain { criteria = Reeve_V1_PriorityCriteria(setting.criteria) }
  }
}

extension PolicySetting {
  init(wire: Reeve_V1_PolicySet) throws(WireError) {
    guard let order = UInt8(exactly: wire.order).flatMap(QueueOrder.init(rawValue:)) else {
      throw WireError("order", "\(wire.order) is no order that this version knows")
    }
    self.init(
      order,
      backfills: wire.backfill,
      criteria: wire.hasCriteria
        ? try part("criteria") { () throws(WireError) in try PriorityCriteria(wire: wire.criteria) } : .plain
    )
  }
}

extension Reeve_V1_PolicyOrder {
  init(_ setting: PolicySetting) {
    self.init()
    name = setting.order.word
    backfill = setting.backfills
    if setting.criteria != .plain { criteria = Reeve_V1_PriorityCriteria(setting.criteria) }
  }
}

extension PolicySetting {
  /// By name, as users and programs say it.
  init(wire: Reeve_V1_PolicyOrder) throws(WireError) {
    guard let order = QueueOrder(word: wire.name) else {
      throw WireError("policy", "\(wire.name.quoted) is no policy. Use one of: \(QueueOrder.words).")
    }
    self.init(
      order,
      backfills: wire.backfill,
      criteria: wire.hasCriteria ? try PriorityCriteria(wire: wire.criteria) : .plain
    )
  }
}

extension Reeve_V1_PriorityCriteria {
  fileprivate init(_ criteria: PriorityCriteria) {
    self.init()
    terms = criteria.terms.map { Reeve_V1_PriorityTerm($0) }
    shares = criteria.shares.map { share in .with { ($0.user, $0.share) = (share.user, share.share) } }
  }
}

extension PriorityCriteria {
  fileprivate init(wire: Reeve_V1_PriorityCriteria) throws(WireError) {
    let shares = wire.shares.map { UserShare(user: $0.user, share: $0.share) }.sorted { $0.user < $1.user }
    for (a, b) in zip(shares, shares.dropFirst()) where a.user == b.user {
      throw WireError("shares", "\(a.user.quoted) comes twice")
    }
    self.init(terms: try parts("terms", wire.terms, Term.init(wire:)), shares: shares)
  }
}

extension Reeve_V1_PriorityTerm {
  fileprivate init(_ term: PriorityCriteria.Term) {
    self.init()
    factor = term.factor.word
    weight = term.weight
    per = term.per
    guard case .label(let name, let values) = term.factor else { return }
    label = name
    self.values = values.table.map { entry in .with { ($0.word, $0.value) = (entry.word, entry.value) } }
    otherwise = values.otherwise
  }
}

extension PriorityCriteria.Term {
  fileprivate init(wire: Reeve_V1_PriorityTerm) throws(WireError) {
    let factor: PriorityCriteria.Factor
    if let known = PriorityCriteria.Factor.named.first(where: { $0.word == wire.factor }) {
      factor = known
    } else if wire.factor == "label" {
      let table = wire.values.map { PriorityCriteria.LabelValues.Entry(word: $0.word, value: $0.value) }
        .sorted { $0.word < $1.word }
      for (a, b) in zip(table, table.dropFirst()) where a.word == b.word {
        throw WireError("values", "\(a.word.quoted) comes twice")
      }
      factor = .label(wire.label, PriorityCriteria.LabelValues(table: table, otherwise: wire.otherwise))
    } else {
      throw WireError("factor", PriorityCriteria.Factor.unknown(wire.factor))
    }
    self.init(factor, weight: wire.weight, per: wire.per)
  }
}

extension Reeve_V1_RunTimes {
  init(_ runTimes: LearntRunTimes) {
    self.init()
    // In some order that does not hang on the process.
    for generation in [runTimes.recent, runTimes.older] {
      for (kind, mean) in generation.sorted(by: { $0.key.hash < $1.key.hash }) {
        kinds.append(kind.hash)
        meanMicros.append(mean.time.microseconds)
        expectedMicros.append(mean.expected.microseconds)
        ends.append(mean.ends)
      }
    }
    older = UInt32(runTimes.older.count)
  }
}

extension LearntRunTimes {
  init(wire: Reeve_V1_RunTimes) throws(WireError) {
    try check("mean_micros", length: wire.meanMicros.count, is: wire.kinds.count)
    try check("expected_micros", length: wire.expectedMicros.count, is: wire.kinds.count)
    try check("ends", length: wire.ends.count, is: wire.kinds.count)
    guard Int(wire.older) <= wire.kinds.count else {
      throw WireError("older", "\(wire.older) of \(wire.kinds.count) kinds")
    }
    var (recent, older): ([TaskKind: Mean], [TaskKind: Mean]) = ([:], [:])
    for i in wire.kinds.indices {
      var mean = Mean()
      mean.time = try TimeSpan("mean_micros[\(i)]", wire: wire.meanMicros[i])
      mean.expected = try TimeSpan("expected_micros[\(i)]", wire: wire.expectedMicros[i])
      mean.ends = wire.ends[i]
      if i < wire.kinds.count - Int(wire.older) {
        recent[TaskKind(hash: wire.kinds[i])] = mean
      } else {
        older[TaskKind(hash: wire.kinds[i])] = mean
      }
    }
    self.init(recent: recent, older: older)
  }
}
