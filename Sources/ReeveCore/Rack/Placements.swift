package import ReeveModel

/// Every attempt that the rack answers for, from its launch's arrival until its end is acknowledged, and where it is.
///
/// An attempt is in one place only. A copy that another node turns out to run as well is a *stray*: it holds that node's
/// resources until it is gone, and nothing that it does is passed on.
package struct Placements: Sendable {
  package enum Phase: UInt8, Sendable {
    case vacant
    /// In the backlog.
    case waiting
    /// Sent to a node, which has not said yet that it started.
    case sent
    case running
    /// Over, and not acknowledged.
    case ended
  }

  /// Where the payload of an unstarted launch is.
  package struct Parcel: Sendable {
    package var consignment: Int
    package var line: Int
    /// The rack's own number.
    package var template: TemplateNumber

    package init(consignment: Int, line: Int, template: TemplateNumber) {
      self.consignment = consignment
      self.line = line
      self.template = template
    }
  }

  package struct Row: Sendable {
    package var name: TaskAttempt
    package var phase = Phase.vacant
    /// The order to end it, if one was given: repeated where it may not have arrived.
    package var kill = FailureReason.none
    /// A place in `NodeTable`; -1 while it waits.
    package var node = -1
    package var resources = Resources.zero
    /// While it waits or is on its way.
    package var constraints = ConstraintNumber.none
    /// Its place among the launches that ever arrived.
    package var sequence: UInt64 = 0
    /// Whose share it counts to.
    package var role = RoleNumber(0)
    /// On a node: when it will have ended at the latest.
    package var endsBy = Instant(microseconds: .max)
    /// While it waits or is on its way.
    package var parcel: Parcel?
    /// Once it runs.
    package var started = WallTime.none

    package var holds: Bool { phase == .sent || phase == .running }
    package var shape: RackShape { RackShape(resources, constraints) }
  }

  package struct Stray: Sendable {
    package var node: Int
    package var attempt: AttemptID
    package var resources: Resources
  }

  private var rows: [Row] = []
  private var vacant: [Int] = []
  private var placeOf: [AttemptID: Int] = [:]
  private var ends = UnacknowledgedEnds()
  package private(set) var strays: [Stray] = []
  private var launched: UInt64 = 0

  package init() {}

  package func place(of attempt: AttemptID) -> Int? { placeOf[attempt] }
  package subscript(place: Int) -> Row { rows[place] }

  /// Takes in a launch, the last of all so far.
  package mutating func wait(
    _ name: TaskAttempt,
    of role: RoleNumber = RoleNumber(0),
    shape: RackShape,
    parcel: Parcel
  ) -> Int {
    launched += 1
    var row = Row(name: name, phase: .waiting, resources: shape.resources, parcel: parcel)
    row.constraints = shape.constraints
    row.sequence = launched
    row.role = role
    return insert(row)
  }

  package mutating func send(_ place: Int, to node: Int, endsBy: Instant = Instant(microseconds: .max)) {
    rows[place].phase = .sent
    rows[place].node = node
    rows[place].endsBy = endsBy
  }

  /// Learns whose an attempt is that a node has stated.
  package mutating func name(_ role: RoleNumber, of attempt: AttemptID) {
    if let place = placeOf[attempt] { rows[place].role = role }
  }

  /// Did not arrive or was refused: it waits again, where it was before.
  package mutating func takeBack(_ place: Int) {
    rows[place].phase = .waiting
    rows[place].node = -1
  }

  /// Runs on a node, which may hold more or less for it than the rack believed.
  package mutating func run(_ place: Int, on node: Int, since started: WallTime, holding resources: Resources)
  {
    rows[place].phase = .running
    rows[place].node = node
    rows[place].started = started
    rows[place].resources = resources
    rows[place].constraints = .none
    rows[place].parcel = nil
  }

  /// Takes in an attempt that a node runs and the rack did not know.
  package mutating func adopt(_ held: NodeStatement.HeldAttempt, on node: Int) {
    let name = TaskAttempt(attempt: held.start.attempt, task: held.start.task)
    let place = insert(Row(name: name))
    run(place, on: node, since: held.start.started, holding: held.resources)
  }

  package mutating func kill(_ place: Int, _ reason: FailureReason) { rows[place].kill = reason }

  /// Keeps an end until it is acknowledged; its attempt need not have been known.
  package mutating func end(_ end: TaskEnd, on node: Int) {
    let name = TaskAttempt(attempt: end.attempt, task: end.task)
    let place = placeOf[end.attempt] ?? insert(Row(name: name))
    rows[place].phase = .ended
    rows[place].node = node
    rows[place].parcel = nil
    ends.keep(end, of: place)
  }

  package mutating func remove(_ place: Int) {
    placeOf[rows[place].name.attempt] = nil
    if rows[place].phase == .ended { ends.drop(place) }
    rows[place].phase = .vacant
    vacant.append(place)
  }

  private mutating func insert(_ row: Row) -> Int {
    let place = vacant.popLast() ?? rows.count
    if place < rows.count { rows[place] = row } else { rows.append(row) }
    placeOf[row.name.attempt] = place
    return place
  }

  /// A second copy of an attempt that is elsewhere.
  package mutating func addStray(_ held: NodeStatement.HeldAttempt, on node: Int) {
    strays.append(Stray(node: node, attempt: held.start.attempt, resources: held.resources))
  }

  package mutating func removeStray(_ attempt: AttemptID, on node: Int) -> Stray? {
    guard let i = strays.firstIndex(where: { $0.attempt == attempt && $0.node == node }) else { return nil }
    return strays.remove(at: i)
  }

  /// Takes out all strays of a node.
  package mutating func removeStrays(on node: Int) -> [Stray] {
    let gone = strays.filter { $0.node == node }
    if !gone.isEmpty { strays.removeAll { $0.node == node } }
    return gone
  }
}

// What is asked for rarely, and so may look at every row.
extension Placements {
  /// What a node holds, by attempt.
  package func held(on node: Int) -> [Int] { sorted { $0.node == node && $0.holds } }

  /// Launches that have not started, in the order in which they arrived.
  package var unstarted: [TaskAttempt] {
    rows.filter { $0.phase == .waiting || $0.phase == .sent }.sorted { $0.sequence < $1.sequence }.map(\.name)
  }

  package var running: [Row] { sorted { $0.phase == .running }.map { rows[$0] } }

  /// Ends without acknowledgement, by attempt.
  package var unacknowledged: [TaskEnd] { sorted { $0.phase == .ended }.compactMap { ends[$0] } }

  package var count: Int { placeOf.count }

  /// All rows that are in use, with their places.
  package var all: [(place: Int, row: Row)] {
    rows.indices.filter { rows[$0].phase != .vacant }.map { ($0, rows[$0]) }
  }

  private func sorted(where isWanted: (Row) -> Bool) -> [Int] {
    rows.indices.filter { rows[$0].phase != .vacant && isWanted(rows[$0]) }
      .sorted { rows[$0].name.attempt < rows[$1].name.attempt }
  }

  package func violations() -> [String] {
    var found: [String] = []
    for (place, row) in all {
      if placeOf[row.name.attempt] != place { found.append("attempt \(row.name.attempt) is not found") }
      if (row.parcel != nil) != (row.phase == .waiting || row.phase == .sent) {
        found.append("attempt \(row.name.attempt) is \(row.phase), payload kept: \(row.parcel != nil)")
      }
      if (row.node < 0) != (row.phase == .waiting) {
        found.append("attempt \(row.name.attempt) is \(row.phase) on \(row.node)")
      }
    }
    if all.count != count { found.append("\(count) attempts are named, \(all.count) are there") }
    if unacknowledged.count != ends.count {
      found.append("\(ends.count) ends are kept, not all of them ended")
    }
    return found
  }
}

/// Ends by the place of their attempt. They are large: beside the rows, and only as many as are on their way.
struct UnacknowledgedEnds: Sendable {
  private var slots: [TaskEnd?] = []
  private var vacant: [Int] = []
  /// By place; -1 is none.
  private var slotOf: [Int] = []

  var count: Int { slots.count - vacant.count }

  subscript(place: Int) -> TaskEnd? {
    place < slotOf.count && slotOf[place] >= 0 ? slots[slotOf[place]] : nil
  }

  mutating func keep(_ end: TaskEnd, of place: Int) {
    while slotOf.count <= place { slotOf.append(-1) }
    if slotOf[place] < 0 {
      slotOf[place] = vacant.popLast() ?? slots.count
      if slotOf[place] == slots.count { slots.append(nil) }
    }
    slots[slotOf[place]] = end
  }

  mutating func drop(_ place: Int) {
    guard place < slotOf.count, slotOf[place] >= 0 else { return }
    slots[slotOf[place]] = nil
    vacant.append(slotOf[place])
    slotOf[place] = -1
  }
}
