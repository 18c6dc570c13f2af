import ReeveModel

/// The master's journal: a group of records becomes durable at a time, and a crash loses what has not.
struct Disk: Sendable {
  private(set) var durable: [Fact] = []
  /// The one group in flight.
  private(set) var inFlight: [Fact] = []
  private var waiting: [Fact] = []

  /// The position after the last record.
  var end: Int { durable.count + inFlight.count + waiting.count }
  var isIdle: Bool { inFlight.isEmpty && waiting.isEmpty }

  mutating func append(_ fact: Fact) { waiting.append(fact) }

  /// - Returns: whether there is a group to sync.
  mutating func beginSync() -> Bool {
    guard inFlight.isEmpty, !waiting.isEmpty else { return false }
    swap(&inFlight, &waiting)
    return true
  }

  /// - Returns: what has become durable.
  mutating func finishSync() -> [Fact] {
    let group = inFlight
    durable += group
    inFlight.removeAll()
    return group
  }

  /// - Returns: what of the group in flight turns out to have been written: any part of it from the front.
  mutating func crash(keeping share: Double) -> [Fact] {
    let kept = Array(inFlight.prefix(Int(Double(inFlight.count + 1) * share)))
    durable += kept
    inFlight.removeAll()
    waiting.removeAll()
    return kept
  }

  var highestTerm: Term {
    durable.reduce(Term(0)) { highest, fact in
      if case .termBegan(let term) = fact { max(highest, term) } else { highest }
    }
  }
}
