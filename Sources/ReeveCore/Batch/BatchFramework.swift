import ReeveModel

/// The built-in framework that owns the task queue. It says what it wants and answers offers, like any other, and has no
/// other way to place a task.
struct BatchFramework: Sendable {
  private(set) var policy: any QueuePolicy = FirstComeFirstServed()
  private var queues: [ReadyTasks] = []
  /// Where each shape stands among `queues`; shapes are never forgotten within a term.
  private var shapes: [Resources: ShapeNumber] = [:]
  private(set) var resources: [Resources] = []
  /// Shapes that have ready tasks, in the order in which they came to have some.
  private var waiting: [ShapeNumber] = []
  /// Which shapes stand in `waiting`: one that ran empty stays in it until the next demand.
  private var isWaiting: [Bool] = []

  /// A shape's first ready tasks, and where another shape's turn comes.
  struct Run {
    var shape: ShapeNumber
    var front: ReadyRun
    /// The first of the next shape in order: the run goes on while tasks stand before it.
    var before: QueuePlace?
  }

  mutating func shape(of resources: Resources) -> ShapeNumber {
    if let known = shapes[resources] { return known }
    let number = ShapeNumber(UInt32(queues.count))
    shapes[resources] = number
    self.resources.append(resources)
    queues.append(ReadyTasks())
    isWaiting.append(false)
    return number
  }

  /// The number of a shape that some task has had in this term.
  func known(_ resources: Resources) -> ShapeNumber? { shapes[resources] }

  mutating func add(_ run: ReadyRun, shape: ShapeNumber) {
    if !isWaiting[shape.index] {
      isWaiting[shape.index] = true
      waiting.append(shape)
    }
    queues[shape.index].push(run)
  }

  /// Empties the queue, which is to be filled anew in another order.
  mutating func begin(_ order: QueueOrder) {
    policy = order.policy
    for i in queues.indices { queues[i] = ReadyTasks() }
    waiting = []
    isWaiting = Array(repeating: false, count: queues.count)
  }

  /// What the framework wants, in policy order: every shape that has ready tasks, by its first.
  ///
  /// An entry may be of a task that was cancelled meanwhile: `accept` passes over it.
  mutating func demand() -> [ShapeNumber] {
    for shape in waiting { isWaiting[shape.index] = !queues[shape.index].isEmpty }
    waiting.removeAll { !isWaiting[$0.index] }
    let fronts = waiting.compactMap { shape in queues[shape.index].front.map { (shape, $0) } }
    return fronts.sorted { $0.1 < $1.1 }.map(\.0)
  }

  /// Whose turn it is, among these shapes.
  func nextRun(among shapes: [ShapeNumber]) -> Run? {
    var run: Run?
    for shape in shapes {
      guard let front = queues[shape.index].front else { continue }
      guard let first = run else {
        run = Run(shape: shape, front: front, before: nil)
        continue
      }
      if front < first.front {
        run = Run(shape: shape, front: front, before: first.front.place)
      } else if first.before.map({ front.place < $0 }) ?? true {
        run?.before = front.place
      }
    }
    return run
  }

  /// Those that have ready tasks.
  var readyShapes: [ShapeNumber] { waiting.filter { !queues[$0.index].isEmpty } }

  func readyCount(_ shape: ShapeNumber) -> Int { queues[shape.index].count }

  /// Answers an offer: takes up to `count` tasks of the run out of the queue. Those that are not ready any more, or stand
  /// elsewhere by now, are dropped.
  mutating func accept(_ run: Run, count: Int, isReady: (TaskNumber, ReadyRun) -> Bool) -> [TaskNumber] {
    var tasks: [TaskNumber] = []
    // One that was released, or given another priority and its old one again, may stand in two runs.
    var next = QueuePlace(rank: 0, task: TaskNumber(0))
    while tasks.count < count,
      let taken = queues[run.shape.index].pop(count - tasks.count, before: run.before)
    {
      for number in taken.first.rawValue..<taken.first.rawValue + UInt64(taken.count) {
        let place = QueuePlace(rank: taken.rank, task: TaskNumber(number))
        guard place >= next, isReady(place.task, taken) else { continue }
        tasks.append(place.task)
        next = QueuePlace(rank: taken.rank, task: TaskNumber(number + 1))
      }
    }
    return tasks
  }

  /// The first runs of all shapes that together have at least so many tasks, in policy order.
  func first(_ most: Int) -> [ReadyRun] {
    waiting.flatMap { queues[$0.index].first(most) }.sorted()
  }

  /// How many tasks, of any shape, stand before a place.
  func count(before place: QueuePlace) -> Int {
    waiting.reduce(0) { $0 + queues[$1.index].count(before: place) }
  }
}
