package import ReeveModel

/// The built-in framework that owns the task queue. It says what it wants and answers offers, like any other, and has no
/// other way to place a task.
package struct BatchFramework: Sendable {
  package private(set) var policy: any QueuePolicy = FirstComeFirstServed()
  private var overtaking = Overtaking.always
  /// By how much all tasks of a user fall back who gets the whole cluster; 0 where users are not told apart.
  private var fallback = 0.0
  private var shares = FairShares()
  /// Where each shape stands among `shapes`; shapes are never forgotten within a term.
  private var numbers: [Shape: ShapeNumber] = [:]
  package private(set) var shapes: [Shape] = []
  /// What each shape takes.
  package private(set) var resources: [Resources] = []
  /// How many ready tasks each shape has.
  private var counts: [Int] = []
  /// One a user where users are told apart, else one for all.
  private var queues: [UserQueue] = []
  private var queueOf: [UserNumber: Int] = [:]
  /// Whose front is the first of all.
  private var fronts = Tournament()
  /// Lanes that this round of `nextRun` has passed over.
  private var aside: [LanePlace] = []

  struct LanePlace: Hashable, Sendable {
    var queue: Int
    var lane: Int
  }

  /// A lane's first ready tasks, and where another lane's turn comes.
  package struct Run: Comparable, Sendable {
    package var shape: ShapeNumber
    /// The longest that each of them may run, where that is looked at.
    var limit: TimeSpan?
    var front: ReadyRun
    /// The first of the next lane of the same user: the run goes on while tasks stand before it.
    var before: QueuePlace?
    /// With so many tasks more it is another user's turn.
    var most = Int.max
    var place: LanePlace
    /// Where its front stands among all users.
    var standing: QueuePlace

    package static func < (a: Run, b: Run) -> Bool { a.standing < b.standing }
    package static func == (a: Run, b: Run) -> Bool { a.standing == b.standing }
  }

  package init() {}

  package mutating func number(of shape: Shape) -> ShapeNumber {
    if let known = numbers[shape] { return known }
    let number = ShapeNumber(UInt32(shapes.count))
    numbers[shape] = number
    shapes.append(shape)
    resources.append(shape.resources)
    counts.append(0)
    return number
  }

  /// The number of a shape that some task has had in this term.
  func known(_ shape: Shape) -> ShapeNumber? { numbers[shape] }

  /// Empties the queue, which is to be filled anew in another order.
  /// - Parameters:
  ///   - setting: the order, and what it goes by.
  ///   - overtaking: where it is not as the setting says.
  package mutating func begin(_ setting: PolicySetting, overtaking: Overtaking? = nil) {
    policy = setting.policy
    fallback = policy.fallback
    self.overtaking = overtaking ?? (setting.backfills ? .backfill : .always)
    queues = []
    queueOf = [:]
    fronts = Tournament()
    aside = []
    counts = Array(repeating: 0, count: counts.count)
  }

  /// - Parameters:
  ///   - run: tasks that are ready, and how they rank.
  ///   - shape: what each of them asks for.
  ///   - user: whose they are.
  ///   - limit: the longest that each of them may run.
  package mutating func add(_ run: ReadyRun, shape: ShapeNumber, of user: UserNumber, limit: TimeSpan?) {
    let queue = queue(of: tellsUsersApart ? user : UserNumber(0))
    queues[queue].add(run, of: UserQueue.Kind(shape: shape, limit: overtaking == .backfill ? limit : nil))
    counts[shape.index] += Int(run.count)
    refresh(queue)
  }

  private mutating func queue(of user: UserNumber) -> Int {
    if let known = queueOf[user] { return known }
    queueOf[user] = queues.count
    queues.append(UserQueue(of: user, offset: fallback * shares[user]))
    return queues.count - 1
  }

  private mutating func refresh(_ queue: Int) { fronts[queue] = queues[queue].front }

  var tellsUsersApart: Bool { fallback != 0 }

  /// Users have more or less than they had, or the cluster has.
  package mutating func weigh(in total: Resources, _ account: (UserNumber) -> UserAccount) {
    guard tellsUsersApart else { return }
    shares.total = total
    for queue in queues.indices {
      shares.set(account(queues[queue].user), of: queues[queue].user)
      moveBack(queue)
    }
  }

  /// What a user has, as of now; 0 where that is of no account.
  func share(of user: UserNumber) -> Double { shares[user] }

  /// A user's tasks stand as far back as the user's share says.
  private mutating func moveBack(_ queue: Int) {
    queues[queue].offset = fallback * shares[queues[queue].user]
    refresh(queue)
  }

  /// What the framework wants, in policy order: the first shapes that have ready tasks, each by its first.
  ///
  /// An entry may be of a task that was cancelled meanwhile: `accept` passes over it.
  package mutating func demand(_ most: Int) -> [ShapeNumber] {
    beginRound()
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
      passOver(run)
    }
    return nil
  }

  private func firstRun(of queue: Int) -> Run? {
    guard let lane = queues[queue].fronts.winner,
      var run = run(at: LanePlace(queue: queue, lane: lane))
    else { return nil }
    run.before = queues[queue].fronts.runnerUp
    if let next = fronts.runnerUp { run.most = turn(of: run, until: next) }
    return run
  }

  /// Nobody is passed over any more.
  mutating func beginRound() {
    for place in aside {
      queues[place.queue].refresh(place.lane)
      refresh(place.queue)
    }
    aside = []
  }

  /// Whose turn it was cannot be given anything: the next of the others have theirs, until the next round.
  package mutating func passOver(_ run: Run) {
    queues[run.place.queue].setAside(run.place.lane)
    aside.append(run.place)
    refresh(run.place.queue)
  }

  /// How many tasks of a run go before another user's turn comes.
  private func turn(of run: Run, until next: QueuePlace) -> Int {
    let growth = shares.growth(resources[run.shape.index], of: queues[run.place.queue].user)
    let step = fallback * growth
    guard step > 0 else { return .max }
    return 1 + Int(min(1e9, (next.rank - run.standing.rank) / step))
  }

  /// The front of a lane, whether or not it is its turn.
  func run(at place: LanePlace) -> Run? {
    let queue = queues[place.queue]
    let lane = queue.lanes[place.lane]
    return lane.ready.front.map {
      Run(
        shape: lane.kind.shape,
        limit: lane.kind.limit,
        front: $0,
        place: place,
        standing: $0.place.moved(by: queue.offset)
      )
    }
  }

  /// The fronts of all lanes.
  var runs: [Run] {
    queues.indices.flatMap { queue in
      queues[queue].lanes.indices.compactMap { run(at: LanePlace(queue: queue, lane: $0)) }
    }
  }

  package func readyCount(_ shape: ShapeNumber) -> Int { counts[shape.index] }
  /// Those that have ready tasks.
  var readyShapes: [ShapeNumber] {
    counts.indices.lazy.filter { counts[$0] > 0 }.map { ShapeNumber(UInt32($0)) }
  }

  /// Answers an offer: takes up to `count` tasks of the run out of the queue. Those that are not ready any more, or stand
  /// elsewhere by now, are dropped.
  package mutating func accept(
    _ run: Run,
    count: Int,
    isReady: (TaskNumber, ReadyRun) -> Bool
  ) -> [TaskNumber] {
    var tasks: [TaskNumber] = []
    let count = min(count, run.most)
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
    if tellsUsersApart {
      shares.add(resources[run.shape.index] * tasks.count, to: queues[run.place.queue].user)
      moveBack(run.place.queue)
    } else {
      refresh(run.place.queue)
    }
    return tasks
  }

  /// The first runs of all lanes that together have at least so many tasks, in policy order as of now.
  func first(_ most: Int) -> [ReadyRun] {
    let runs = queues.flatMap { queue in
      queue.lanes.flatMap { $0.ready.first(most) }.map { ($0.place.moved(by: queue.offset), $0) }
    }
    return runs.sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// How many tasks, of any shape, stand before a user's task as of now.
  func count(before place: QueuePlace, of user: UserNumber) -> Int {
    let own = queueOf[tellsUsersApart ? user : UserNumber(0)]
    let offset = own.map { queues[$0].offset } ?? 0
    return queues.indices.reduce(0) { count, queue in
      // Among a user's own the very ranks are compared: to add and to subtract is not exact.
      let limit = queue == own ? place : place.moved(by: offset - queues[queue].offset)
      return queues[queue].lanes.reduce(count) { $0 + $1.ready.count(before: limit) }
    }
  }
}
