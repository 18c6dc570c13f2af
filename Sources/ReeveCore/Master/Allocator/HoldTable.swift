import OrderedCollections
import ReeveModel

/// Room that racks were asked to set aside, and for whom. It lives with the racks' sessions.
struct HoldTable: Sendable {
  struct Row: Sendable {
    var framework: FrameworkNumber
    /// Of the demand that it is to be offered for; `nil` where ready tasks go there at once.
    var key: UInt32?
    var shape: ShapeNumber
    var resources: Resources
    var rack: RackNumber
    /// Where it does not fit at once.
    var isGathered: Bool
    /// When it was asked for.
    var since: Instant
    /// When it was last said what may be taken for it.
    var reclaimed: Instant?
    /// Where it is; `nil` before it is held.
    var node: NodeNumber?
    /// Where it is in an offer.
    var isOffered = false
  }

  private(set) var rows: OrderedDictionary<HoldID, Row> = [:]
  private var next: UInt64 = 1

  subscript(id: HoldID) -> Row? { rows[id] }

  mutating func add(_ row: Row) -> HoldID {
    defer { next += 1 }
    rows[HoldID(next)] = row
    return HoldID(next)
  }

  mutating func remove(_ id: HoldID) -> Row? { rows.removeValue(forKey: id) }
  mutating func change(_ id: HoldID, _ body: (inout Row) -> Void) {
    guard var row = rows[id] else { return }
    body(&row)
    rows[id] = row
  }

  func all(where isWanted: (Row) -> Bool) -> [HoldID] { rows.filter { isWanted($0.value) }.map(\.key) }

  /// What is being gathered, and not held yet.
  var gathering: [(id: HoldID, row: Row)] {
    rows.compactMap { $0.value.isGathered && $0.value.node == nil ? (id: $0.key, row: $0.value) : nil }
  }
}

/// Roles under the numbers that racks know them by, from 1.
struct RoleNumbers: Sendable {
  private var numbers: OrderedSet<String> = []

  mutating func number(of name: String) -> RoleNumber {
    RoleNumber(UInt32(numbers.append(name).index) + 1)
  }
}

/// Since when somebody whose turn it was has found no room.
struct Contentions: Sendable {
  struct Name: Hashable, Sendable {
    var framework: FrameworkNumber
    /// `nil` of tasks that are ready.
    var key: UInt32?
    var shape: ShapeNumber
  }

  struct Contention: Sendable {
    var since: Instant
    /// Others have got something meanwhile.
    var isOvertaken = false
  }

  private var rows: [Name: Contention] = [:]

  subscript(name: Name) -> Contention? { rows[name] }

  /// It is first, and there is no room.
  mutating func note(_ name: Name, othersGot: Bool, at now: Instant) {
    rows[name, default: Contention(since: now)].isOvertaken = (rows[name]?.isOvertaken ?? false) || othersGot
  }

  mutating func forget(_ name: Name) { if !rows.isEmpty { rows[name] = nil } }

  mutating func keep(where isWanted: (Name) -> Bool) {
    if !rows.isEmpty { rows = rows.filter { isWanted($0.key) } }
  }

  /// When the next will have waited for so long.
  func next(after wait: TimeSpan, from now: Instant) -> Instant? {
    rows.values.lazy.map { $0.since + wait }.filter { $0 > now }.min()
  }
}
