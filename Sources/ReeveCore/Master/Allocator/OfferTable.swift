import DequeModule
import ReeveModel

/// What is offered to frameworks and not answered yet. Only the master has a clock for offers.
struct OfferTable: Sendable {
  struct Row: Sendable {
    var framework: FrameworkNumber
    /// Of the demand that it is for.
    var key: UInt32
    var shape: ShapeNumber
    var resources: Resources
    var count: Int
    var rack: RackNumber
    /// Of pinned slices: where they are, and what holds each.
    var node: NodeNumber?
    var holds: [HoldID] = []
    var made: Instant
  }

  private(set) var rows: [OfferID: Row] = [:]
  /// In the order in which they were made, with those that were answered since; so the first is the oldest.
  private var made = Deque<OfferID>()
  private var nextNumber: UInt64 = 1

  subscript(id: OfferID) -> Row? { rows[id] }

  mutating func make(_ row: Row, in term: Term) -> OfferID {
    let id = OfferID(term: term, number: nextNumber)
    nextNumber += 1
    rows[id] = row
    made.append(id)
    return id
  }

  /// It is answered, or void.
  mutating func remove(_ id: OfferID) -> Row? {
    let row = rows.removeValue(forKey: id)
    while let first = made.first, rows[first] == nil { made.removeFirst() }
    return row
  }

  /// When the oldest was made.
  var oldest: Instant? { made.first.flatMap { rows[$0]?.made } }

  /// Those made by then, the oldest first.
  func made(by then: Instant) -> [OfferID] {
    made.lazy.prefix { id in rows[id].map { $0.made <= then } ?? true }.filter { rows[$0] != nil }
  }

  /// Those that `isWanted` picks, the oldest first.
  func all(where isWanted: (Row) -> Bool) -> [OfferID] {
    made.filter { id in rows[id].map(isWanted) ?? false }
  }
}
