import OrderedCollections
import ReeveModel

/// What the master knows of a framework beyond the journal: its stream, what it wants, and what it is to be told. All of it is
/// told again when a stream opens.
struct FrameworkAccount: Sendable {
  var session: SessionNumber?
  /// Since when it has no stream.
  var awaySince: Instant?
  private(set) var demands: [Demand] = []
  /// Of what is offered.
  var offered = Resources.zero
  /// Tasks that came back, and are placed again without an offer.
  var returned = ReturnedTasks()
  /// Tasks whose latest state it is to be told, in the order in which they changed.
  private var changed: OrderedSet<TaskNumber> = []
  /// Updates that are to be acknowledged, and of each task in them the last.
  private var inFlight: [UInt64: TaskNumber] = [:]
  private var latest: [TaskNumber: UInt64] = [:]
  private var lastUpdate: UInt64 = 0

  /// Updates that a framework has not acknowledged are so many at most: then it is told nothing until it does.
  static let updatesMax = 4_096

  struct Demand: Sendable {
    var wanted: ShapeDemand
    var shape: ShapeNumber
    /// When it was first said.
    var since: Instant
    /// Slices of it that are offered.
    var offered = 0
    /// Offers that came to nothing, one after the other.
    var declines = 0
    /// It has no turn until then.
    var rests: Instant?

    /// How many more may be offered.
    var open: Int { max(0, wanted.count - offered) }

    func isOn(at now: Instant) -> Bool { open > 0 && (rests.map { $0 <= now } ?? true) }
  }

  /// Replaces what was demanded. What stays as it was keeps its turn's delay; what is new, or more, has its turn at once.
  mutating func demand(_ shapes: [(ShapeDemand, ShapeNumber)], at now: Instant) {
    demands = shapes.map { wanted, shape in
      var demand = Demand(wanted: wanted, shape: shape, since: now)
      guard let old = demands.first(where: { $0.wanted.key == wanted.key && $0.shape == shape }) else {
        return demand
      }
      demand.since = old.since
      demand.offered = old.offered
      if wanted.count <= old.wanted.count { (demand.declines, demand.rests) = (old.declines, old.rests) }
      return demand
    }
  }

  mutating func changeDemand(_ key: UInt32, _ shape: ShapeNumber, _ body: (inout Demand) -> Void) {
    guard let i = demands.firstIndex(where: { $0.wanted.key == key && $0.shape == shape }) else { return }
    body(&demands[i])
  }

  /// What it has a turn with now.
  func wants(at now: Instant) -> Bool { session != nil && demands.contains { $0.isOn(at: now) } }

  /// When one of its demands has its turn again.
  var nextTurn: Instant? {
    guard session != nil else { return nil }
    return demands.lazy.filter { $0.open > 0 }.compactMap(\.rests).min()
  }

  // MARK: Updates

  mutating func note(_ task: TaskNumber) { changed.append(task) }

  /// What it was told and has not acknowledged is told anew.
  mutating func beginStream(_ session: SessionNumber) {
    self.session = session
    awaySince = nil
    demands = []
    for (_, task) in inFlight.sorted(by: { $0.key < $1.key }) { changed.append(task) }
    (inFlight, latest) = ([:], [:])
  }

  mutating func endStream(at now: Instant) {
    session = nil
    awaySince = now
    demands = []
  }

  /// The next tasks to tell of, each with the number of the update: no two leaders give the same.
  mutating func takeChanged(in term: Term) -> [(id: UInt64, task: TaskNumber)] {
    guard session != nil, !changed.isEmpty, inFlight.count < Self.updatesMax else { return [] }
    let tasks = changed.prefix(Self.updatesMax - inFlight.count)
    changed.removeFirst(tasks.count)
    return tasks.map { task in
      lastUpdate = max(lastUpdate, UInt64(term.rawValue) << 40) + 1
      inFlight[lastUpdate] = task
      latest[task] = lastUpdate
      return (lastUpdate, task)
    }
  }

  /// - Returns: of which tasks it knows the latest now: an older update says nothing of what came after.
  mutating func acknowledge(_ ids: [UInt64]) -> [TaskNumber] {
    ids.compactMap { id in
      guard let task = inFlight.removeValue(forKey: id), latest[task] == id else { return nil }
      latest[task] = nil
      return changed.contains(task) ? nil : task
    }
  }
}

/// Ready tasks of one framework that have been on a rack, or were to be, by shape.
struct ReturnedTasks: Sendable {
  private var queues: [(shape: ShapeNumber, tasks: ReadyTasks)] = []

  var isEmpty: Bool { queues.isEmpty }
  var shapes: [ShapeNumber] { queues.map(\.shape) }

  mutating func add(_ run: ReadyRun, shape: ShapeNumber) {
    if let i = queues.firstIndex(where: { $0.shape == shape }) { return queues[i].tasks.push(run) }
    var tasks = ReadyTasks()
    tasks.push(run)
    queues.append((shape, tasks))
  }

  /// Takes up to `count` tasks of a shape out, without those that are not ready any more.
  mutating func take(
    _ count: Int,
    of shape: ShapeNumber,
    isReady: (TaskNumber, ReadyRun) -> Bool
  ) -> [TaskNumber] {
    guard let i = queues.firstIndex(where: { $0.shape == shape }) else { return [] }
    var taken: [TaskNumber] = []
    // One that was ordered about may stand in two runs.
    var last = TaskNumber(0)
    while taken.count < count, let run = queues[i].tasks.pop(count - taken.count, before: nil) {
      for number in run.first.rawValue..<run.first.rawValue + UInt64(run.count) {
        let task = TaskNumber(number)
        guard task > last, isReady(task, run) else { continue }
        taken.append(task)
        last = task
      }
    }
    if queues[i].tasks.isEmpty { queues.remove(at: i) }
    return taken
  }
}

/// Frameworks' accounts, by number, and whose a stream is.
struct FrameworkAccounts: Sendable {
  private var rows: [FrameworkAccount] = [FrameworkAccount()]
  private var bySession: [SessionNumber: FrameworkNumber] = [:]

  subscript(number: FrameworkNumber) -> FrameworkAccount {
    _read { yield rows[number.index] }
    _modify { yield &rows[number.index] }
  }

  /// There are others than the batch framework.
  var hasOthers: Bool { rows.count > 1 }

  /// - Parameters:
  ///   - count: how many there are, with the batch framework.
  ///   - since: from when on those that are new count as away.
  mutating func grow(to count: Int, awaySince since: Instant) {
    while rows.count < count {
      rows.append(FrameworkAccount())
      rows[rows.count - 1].awaySince = since
    }
  }

  /// All that is queued is to be taken up anew.
  mutating func clearReturned() { for i in rows.indices { rows[i].returned = ReturnedTasks() } }

  func framework(of session: SessionNumber) -> FrameworkNumber? { bySession[session] }

  /// - Returns: the stream that this one ends.
  mutating func open(_ session: SessionNumber, _ number: FrameworkNumber) -> SessionNumber? {
    let older = self[number].session
    if let older { bySession[older] = nil }
    self[number].beginStream(session)
    bySession[session] = number
    return older
  }

  /// - Returns: whose it was, if it was the newest of its framework.
  mutating func close(_ session: SessionNumber, at now: Instant) -> FrameworkNumber? {
    guard let number = bySession.removeValue(forKey: session) else { return nil }
    self[number].endStream(at: now)
    return number
  }
}
