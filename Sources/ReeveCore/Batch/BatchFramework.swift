package import ReeveModel

/// The built-in framework that owns the task queue. It says what it wants and answers offers, like any other, and has no
/// other way to place a task.
package struct BatchFramework: Sendable {
  package private(set) var policy: any QueuePolicy = FirstComeFirstServed()
  private var overtaking = Overtaking.always
  /// Where each shape stands among `resources`; shapes are never forgotten within a term.
  private var shapes: [Resources: ShapeNumber] = [:]
  package private(set) var resources: [Resources] = []
  /// How many ready tasks each shape has.
  private var counts: [Int] = []
  var queues = [UserQueue()]
  /// Whose front is the first of all.
  private var fronts = Tournament()
  /// Lanes that this round of `nextRun` has passed over.
  private var aside: [LanePlace] = []

  struct LanePlace: Sendable {
    var queue: Int
    var lane: Int
  }

  /// A lane's first ready tasks, and where another lane's turn comes.
  package struct Run: Comparable, Sendable {
    package var shape: ShapeNumber
    /// The longest that each of them may run, where that is looked at.
    var limit: TimeSpan?
    var front: ReadyRun
    /// The first of the next lane in order: the run goes on while tasks stand before it.
    var before: QueuePlace?
    var place: LanePlace

    package static func < (a: Run, b: Run) -> Bool { a.front < b.front }
    package static func == (a: Run, b: Run) -> Bool { a.front == b.front }
  }

  package init() {}

  package mutating func shape(of resources: Resources) -> ShapeNumber {
    if let known = shapes[resources] { return known }
    let number = ShapeNumber(UInt32(self.resources.count))
    shapes[resources] = number
    self.resources.append(resources)
    counts.append(0)
    return number
  }

  /// The number of a shape that some task has had in this term.
  func known(_ resources: Resources) -> ShapeNumber? { shapes[resources] }

  /// Empties the queue, which is to be filled anew in another order.
  package mutating func begin(_ order: QueueOrder, overtaking: Overtaking = .always) {
    policy = order.policy
    self.overtaking = overtaking
    queues = [UserQueue()]
    fronts = Tournament()
    aside = []
    counts = Array(repeating: 0, count: counts.count)
  }

  /// - Parameters:
  ///   - run: tasks that are ready, and how they rank.
  ///   - shape: what each of them asks for.
  ///   - limit: the longest that each of them may run.
  package mutating func add(_ run: ReadyRun, shape: ShapeNumber, limit: TimeSpan?) {
    let kind = UserQueue.Kind(shape: shape, limit: overtaking == .backfill ? limit : nil)
    queues[0].add(run, of: kind)
    counts[shape.index] += Int(run.count)
    refresh(0)
  }

  private mutating func refresh(_ queue: Int) {
    let tournament = queues[queue].fronts
    fronts[queue] = tournament.winner.flatMap { tournament[$0] }
  }

  /// What the framework wants, in policy order: the first shapes that have ready tasks, each by its first.
  ///
  /// An entry may be of a task that was cancelled meanwhile: `accept` passes over it.
  package mutating func demand(_ most: Int) -> [ShapeNumber] {
    for place in aside {
      queues[place.queue].refresh(place.lane)
      refresh(place.queue)
    }
    aside = []
    var shapes: [ShapeNumber] = []
    var isListed = Array(repeating: false, count: counts.count)
    var lanes = LanesInOrder(fronts: fronts, queues: queues)
    while shapes.count < most, let place = lanes.next() {
      let shape = queues[place.queue].lanes[place.lane].kind.shape
      if !isListed[shape.index] { shapes.append(shape) }
      isListed[shape.index] = true
    }
    return shapes
  }

  /// Whose turn it is.
  package var first: Run? { fronts.winner.flatMap(firstRun) }

  /// Whose turn it is among these shapes. One that is left out stays so until the next `demand`.
  package mutating func nextRun(among shapes: [ShapeNumber]) -> Run? {
    guard !shapes.isEmpty else { return nil }
    while let run = first {
      if shapes.contains(run.shape) { return run }
      queues[run.place.queue].setAside(run.place.lane)
      aside.append(run.place)
      refresh(run.place.queue)
    }
    return nil
  }

  private func firstRun(of queue: Int) -> Run? {
    guard let lane = queues[queue].fronts.winner else { return nil }
    var before = queues[queue].fronts.runnerUp
    if let other = fronts.runnerUp { before = min(before ?? other, other) }
    return run(at: LanePlace(queue: queue, lane: lane), before: before)
  }

  /// The front of a lane, whether or not it is its turn.
  func run(at place: LanePlace, before: QueuePlace? = nil) -> Run? {
    let lane = queues[place.queue].lanes[place.lane]
    return lane.ready.front.map {
      Run(shape: lane.kind.shape, limit: lane.kind.limit, front: $0, before: before, place: place)
    }
  }

  /// The fronts of all lanes.
  var runs: [Run] {
    queues.indices.flatMap { queue in
      queues[queue].lanes.indices.compactMap { run(at: LanePlace(queue: queue, lane: $0)) }
    }
  }

  package func readyCount(_ shape: ShapeNumber) -> Int { counts[shape.index] }

  /// Answers an offer: takes up to `count` tasks of the run out of the queue. Those that are not ready any more, or stand
  /// elsewhere by now, are dropped.
  package mutating func accept(
    _ run: Run,
    count: Int,
    isReady: (TaskNumber, ReadyRun) -> Bool
  ) -> [TaskNumber] {
    var tasks: [TaskNumber] = []
    // One that was released, or given another priority and its old one again, may stand in two runs.
    var next = QueuePlace(rank: -.infinity, task: TaskNumber(0))
    while tasks.count < count,
      let taken = queues[run.place.queue].pop(run.place.lane, count - tasks.count, before: run.before)
    {
      counts[run.shape.index] -= Int(taken.count)
      for number in taken.first.rawValue..<taken.first.rawValue + UInt64(taken.count) {
        let place = QueuePlace(rank: taken.rank, task: TaskNumber(number))
        guard place >= next, isReady(place.task, taken) else { continue }
        tasks.append(place.task)
        next = QueuePlace(rank: taken.rank, task: TaskNumber(number + 1))
      }
    }
    refresh(run.place.queue)
    return tasks
  }

  /// The first runs of all lanes that together have at least so many tasks, in policy order.
  func first(_ most: Int) -> [ReadyRun] {
    queues.flatMap { $0.lanes.flatMap { $0.ready.first(most) } }.sorted()
  }

  /// How many tasks, of any shape, stand before a place.
  func count(before place: QueuePlace) -> Int {
    queues.reduce(0) { $1.lanes.reduce($0) { $0 + $1.ready.count(before: place) } }
  }
}
