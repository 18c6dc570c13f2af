import ReeveCore
import ReeveModel

/// The master's journal: a group of records becomes durable at a time, and a crash loses what has not. Beside it the last
/// two snapshots, each of what was durable up to a position.
struct Disk: Sendable {
  struct Snapshot: Sendable {
    var position: Int
    var state: DurableState
  }

  private(set) var durable: [Fact] = []
  private(set) var snapshots: [Snapshot] = []
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

  /// Takes a snapshot of the durable facts, from the one before on.
  mutating func takeSnapshot() {
    var next = snapshots.last ?? Snapshot(position: 0, state: DurableState())
    for fact in durable[next.position...] { next.state.apply(fact) }
    next.position = durable.count
    keep(next)
  }

  /// Two are kept.
  mutating func keep(_ snapshot: Snapshot) {
    if let last = snapshots.last, last.position == snapshot.position { snapshots.removeLast() }
    snapshots.append(snapshot)
    if snapshots.count > 2 { snapshots.removeFirst() }
  }

  /// What a new master reads: the newest snapshot, or the one before where that is damaged, and the facts after it.
  func recover(newestIsDamaged: Bool) -> (snapshot: Snapshot, after: ArraySlice<Fact>) {
    let kept = newestIsDamaged ? snapshots.first : snapshots.last
    let snapshot = kept ?? Snapshot(position: 0, state: DurableState())
    return (snapshot, durable[min(snapshot.position, durable.count)...])
  }
}
