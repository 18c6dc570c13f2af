package import ReeveModel

/// The nodes of one rack: who they are, whether they can be heard, and what they have.
///
/// A node keeps its place for the life of the table. What packing looks at lies in `rooms`, the rest in rows.
package struct NodeTable: Sendable {
  package private(set) var rooms: [Room] = []
  private var rows: [Row] = []
  private var placeOf: [NodeNumber: Int] = [:]
  /// All places, by node number: the order in which nodes reach an effect.
  package private(set) var places: [Int] = []
  /// What nodes are in total, without those that another exceeds or equals; of nodes that are up or suspect.
  package private(set) var largest: [Resources] = []
  package var constraints = ConstraintTable()
  /// Grows with each change that an offer may show.
  package private(set) var version: UInt64 = 0
  /// Whether what waits should be looked at again, since somebody cleared this: there is more room, or a node is gone
  /// without which something never fits.
  package var hasGrown = false {
    didSet { if hasGrown { mayHold = true } }
  }
  /// The same for those who want room set aside.
  var mayHold = false
  /// How often a node has let go of all that was gathered there.
  private(set) var openings = 0

  package struct Row: Sendable {
    package let number: NodeNumber
    package var name: String
    package var address = ""
    package var state = NodeStatus.State.unknown
    /// Of the outbox; 0 before the first statement.
    package var incarnation: UInt64 = 0
    /// Of its latest statement.
    var serial: UInt64 = 0
    /// Under which the rack spoke to it last.
    package var welcomed = Generation.none
    /// The newest; the stream may be closed since.
    package var session: SessionNumber?
    package var isConnected = false
    /// When it was last heard; for one never heard, when the rack learnt of it.
    package var seen: Instant
    /// Takes no launch until then.
    package var pausedUntil: Instant?
    /// Attempts that hold its resources, or wait there for those that do.
    package var running = 0
    /// How fast attempts end there.
    var pace = Pace()
    /// What was last sent there beyond what was free.
    var aheadShape = Resources.zero
    /// Whether what waits there has not been enough since it was half of that.
    var isRefilled = true
    /// What the last end gave back.
    var endShape = Resources.zero
    /// Room that is being gathered there, and for how many.
    package fileprivate(set) var reserved = Resources.zero
    package fileprivate(set) var reservations = 0
    /// How often room is set aside there. The node does not know of it: it would start whatever is sent ahead.
    fileprivate var asides = 0
    /// No longer in the roster, and not heard of since.
    package var isStruckOff = false
    package var statusChange = StatusChange.none

    /// Whether the node may once have known what its statement lacks: it is another incarnation, or another rack scheduler
    /// has been over it since, and has acknowledged what it ended.
    package func hasForgotten(_ said: NodeStatement) -> Bool {
      incarnation != 0 && (incarnation != said.incarnation || welcomed < said.obeyed)
    }
  }

  /// What the master has not been told of a node.
  package enum StatusChange: UInt8, Comparable, Sendable {
    case none
    case figures
    case state
    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  }

  package init() {}

  package subscript(place: Int) -> Row { rows[place] }
  package func place(of number: NodeNumber) -> Int? { placeOf[number] }

  /// Whether each node that the rack expects has been heard, or given up.
  package var isComplete: Bool { !rows.contains { $0.state == .unknown && !$0.isStruckOff } }

  // MARK: Who is there

  /// Learns whom to expect.
  /// - Returns: the nodes that the roster no longer has and that are not connected: they are struck off.
  package mutating func expect(_ roster: [RosterNode], at now: Instant) -> [Int] {
    let expected = Set(roster.map(\.number))
    for node in roster {
      let place = placeOf[node.number] ?? add(node.number, name: node.name, at: now)
      guard rows[place].isStruckOff || rows[place].state == .lost else { continue }
      // Expected again, and not heard of: as if it were new. That holds for one that was lost from here, too: it may be on
      // its way back.
      rows[place].isStruckOff = false
      rows[place].seen = now
      become(.unknown, place)
    }
    let gone = places.filter {
      !expected.contains(rows[$0].number) && !rows[$0].isConnected && !rows[$0].isStruckOff
    }
    for place in gone {
      become(.lost, place)
      rows[place].isStruckOff = true
      rows[place].statusChange = .none
    }
    return gone
  }

  /// Opens a node's session.
  /// - Returns: its place, or `nil` if a newer session of the node is known, or a later statement: what was said on a stream
  ///   that is long cut may arrive after what was said on the next.
  package mutating func connect(_ session: SessionNumber, _ said: NodeStatement, at now: Instant) -> Int? {
    let place = placeOf[said.node] ?? add(said.node, name: said.name, at: now)
    if let known = rows[place].session, known >= session { return nil }
    if rows[place].incarnation == said.incarnation, rows[place].serial > said.serial { return nil }
    rows[place].session = session
    rows[place].isConnected = true
    rows[place].isStruckOff = false
    rows[place].seen = now
    rows[place].pausedUntil = nil
    rows[place].aheadShape = .zero
    rows[place].incarnation = said.incarnation
    rows[place].serial = said.serial
    rows[place].name = said.name
    rows[place].address = said.address
    rooms[place].resize(to: said.total)
    constraints.note(place, name: said.name, attributes: said.attributes)
    become(.up, place)
    return place
  }

  package mutating func welcome(_ place: Int, under generation: Generation) {
    rows[place].welcomed = generation
  }

  /// Any sign of life.
  /// - Returns: the node's place; `nil` if that is not its open session.
  package mutating func hear(_ session: SessionNumber, _ number: NodeNumber, at now: Instant) -> Int? {
    guard let place = placeOf[number], rows[place].isConnected, rows[place].session == session else {
      return nil
    }
    rows[place].seen = now
    if rows[place].state == .suspect { become(.up, place) }
    return place
  }

  /// Ends a node's session: without one it is suspect at once.
  package mutating func disconnect(_ place: Int) {
    rows[place].isConnected = false
    become(.suspect, place)
  }

  /// Nothing that was heard of it counts any more: it is expected as if it were new.
  package mutating func doubt(_ place: Int, at now: Instant) {
    rows[place].isConnected = false
    rows[place].seen = now
    become(.unknown, place)
  }

  package mutating func suspect(_ place: Int) { become(.suspect, place) }

  package mutating func lose(_ place: Int) {
    rows[place].isConnected = false
    become(.lost, place)
  }

  package mutating func pause(_ place: Int, until end: Instant) {
    rows[place].pausedUntil = end
    refreshOpen(place)
  }

  /// Ends the pauses that are over.
  package mutating func resume(at now: Instant) {
    for place in places {
      guard let end = rows[place].pausedUntil, end <= now else { continue }
      rows[place].pausedUntil = nil
      refreshOpen(place)
    }
  }

  /// Nobody listened for so long: it is nobody's silence.
  package mutating func excuse(_ gap: TimeSpan, at now: Instant) {
    guard gap > .zero else { return }
    for place in places { rows[place].seen = min(now, rows[place].seen + gap) }
  }

  // MARK: What they have

  package mutating func hold(_ amount: Resources, on place: Int) {
    rooms[place].hold(amount)
    rows[place].running += 1
    changed(place, .figures)
  }

  /// Room that no attempt has yet is kept free for one.
  package mutating func setAside(_ amount: Resources, on place: Int) {
    rooms[place].hold(amount)
    rows[place].asides += 1
    changed(place, .figures)
  }

  package mutating func giveBack(_ amount: Resources, on place: Int) {
    rooms[place].release(amount)
    rows[place].asides -= 1
    hasGrown = true
    changed(place, .figures)
  }

  /// Room is to be gathered there: nothing is placed there any more that could be anywhere.
  package mutating func reserve(_ amount: Resources, on place: Int) {
    rows[place].reserved += amount
    rows[place].reservations += 1
    refreshOpen(place)
  }

  package mutating func unreserve(_ amount: Resources, on place: Int) {
    rows[place].reserved -= amount
    rows[place].reservations -= 1
    if rows[place].reservations == 0 { openings += 1 }
    refreshOpen(place)
  }

  /// Whether launches may be sent there, if only those that keep out of the way of what is gathered.
  package func takesLaunches(_ place: Int) -> Bool {
    rows[place].isConnected && rows[place].state == .up && rows[place].pausedUntil == nil
  }

  /// An attempt has ended there, and gives back so much.
  package mutating func ended(on place: Int, freeing amount: Resources, at now: Instant) {
    rows[place].pace.add(1, at: now)
    rows[place].endShape = amount
  }

  /// How many more of a shape a node may be sent beyond what is free there: they hold their resources already, so that
  /// less than nothing is free, and the node starts them in their order as others end.
  ///
  /// That saves the core that is freed a trip to the rack, and the rack a message a task: it sends more when half of what
  /// waited has started. All are of one shape, and only if an end as the last makes room for one.
  mutating func aheadRoom(for need: Resources, on place: Int, at now: Instant) -> Int {
    guard rooms[place].isOpen, rows[place].asides == 0, need.fits(in: rows[place].endShape) else { return 0 }
    guard !rooms[place].free.isNonNegative else { return aheadTarget(on: place, waiting: 0, at: now) }
    guard rows[place].aheadShape == need, let waiting = ahead(on: place) else { return 0 }
    let target = aheadTarget(on: place, waiting: waiting, at: now)
    if 2 * waiting <= target { rows[place].isRefilled = true }
    if waiting >= target { rows[place].isRefilled = false }
    return rows[place].isRefilled ? target - waiting : 0
  }

  /// None wait for long: no more than end there in a twentieth of a second; or, of tasks that are longer, than a quarter
  /// of what runs there, so that none waits for longer than a quarter of what it takes itself, and for half a second at
  /// most.
  private mutating func aheadTarget(on place: Int, waiting: Int, at now: Instant) -> Int {
    let ends = rows[place].pace.current(at: now)
    let ofLonger = min((rows[place].running - waiting) / 4, 5 * ends)
    return min(max(ends / 2, ofLonger), Self.aheadMax)
  }

  private static let aheadMax = 64

  mutating func sendingAhead(_ shape: Resources, to place: Int) { rows[place].aheadShape = shape }

  /// What waited there has come back: tasks there are not as short as they were.
  mutating func wasTooSlow(_ place: Int) { rows[place].pace = Pace() }

  /// How many wait on a node for others to end; `nil` where it runs more than it has for another reason.
  private func ahead(on place: Int) -> Int? {
    let count = rows[place].aheadShape.count(lackingIn: rooms[place].free)
    return count == .max ? nil : count
  }

  package mutating func release(_ amount: Resources, on place: Int) {
    rooms[place].release(amount)
    rows[place].running -= 1
    hasGrown = true
    changed(place, .figures)
  }

  /// What is to be said of a node now.
  package mutating func told(_ place: Int) -> NodeStatus {
    rows[place].statusChange = .none
    return status(place)
  }

  package func status(_ place: Int) -> NodeStatus {
    let row = rows[place]
    return NodeStatus(
      number: row.number,
      name: row.name,
      state: row.state,
      total: rooms[place].total,
      free: row.state == .lost ? .zero : rooms[place].free.orZero,
      running: row.running - min(row.running, ahead(on: place) ?? 0),
      address: row.address,
      attributes: constraints.attributes(of: place)
    )
  }

  private mutating func changed(_ place: Int, _ change: StatusChange) {
    version += 1
    if !rows[place].isStruckOff { rows[place].statusChange = max(rows[place].statusChange, change) }
  }

  private mutating func add(_ number: NodeNumber, name: String, at now: Instant) -> Int {
    placeOf[number] = rows.count
    rows.append(Row(number: number, name: name, seen: now))
    rooms.append(Room(number: number, total: .zero))
    let place = rows.count - 1
    constraints.note(place, name: name, attributes: [])
    places.insert(place, at: places.firstIndex { rows[$0].number > number } ?? places.count)
    return place
  }

  private mutating func become(_ state: NodeStatus.State, _ place: Int) {
    rows[place].state = state
    changed(place, .state)
    refreshOpen(place)
    hasGrown = true
    largest = pareto(
      places.filter { rows[$0].state == .up || rows[$0].state == .suspect }.map { rooms[$0].total }
    )
  }

  private mutating func refreshOpen(_ place: Int) {
    let isOpen = takesLaunches(place) && rows[place].reservations == 0
    if isOpen { hasGrown = true }
    rooms[place].isOpen = isOpen
    version += 1
  }

  /// Those that no other exceeds or equals in everything, the largest first.
  private func pareto(_ totals: [Resources]) -> [Resources] {
    let sorted = Set(totals).sorted {
      ($0.cpuMillis, $0.memory, $0.disk) > ($1.cpuMillis, $1.memory, $1.disk)
    }
    // Whatever exceeds an element comes before it in this order.
    return sorted.reduce(into: []) { kept, total in
      if !kept.contains(where: { total.fits(in: $0) }) { kept.append(total) }
    }
  }

  package func violations() -> [String] {
    var found: [String] = []
    for place in places {
      let row = rows[place]
      let isOpen = takesLaunches(place) && row.reservations == 0
      if rooms[place].isOpen != isOpen { found.append("node \(row.number): open is \(!isOpen)") }
      if row.isConnected, row.state != .up && row.state != .suspect {
        found.append("node \(row.number) is connected and \(row.state)")
      }
      if row.running < 0 { found.append("node \(row.number) runs \(row.running)") }
      if placeOf[row.number] != place { found.append("node \(row.number) is not found") }
    }
    return found
  }
}
