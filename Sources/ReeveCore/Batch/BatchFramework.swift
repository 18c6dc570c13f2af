import ReeveModel

/// The built-in framework that owns the task queue. It says what it wants and answers offers, like any other, and has no
/// other way to place a task.
struct BatchFramework: Sendable {
  private let policy = FirstComeFirstServed()
  private var queues: [ReadyTasks] = []
  /// Where each shape stands among `queues`; shapes are never forgotten within a term.
  private var shapes: [Resources: ShapeNumber] = [:]
  private(set) var resources: [Resources] = []
  /// Shapes that have ready tasks, in the order in which they came to have some.
  private var waiting: [ShapeNumber] = []
  /// Which shapes stand in `waiting`: one that ran empty stays in it until the next demand.
  private var isWaiting: [Bool] = []

  /// A shape's first ready task, and how many follow it before another shape's turn comes.
  struct Run {
    var shape: ShapeNumber
    var front: ReadyTasks.Entry
    /// The first of the next shape in order: the run goes on while ranks are below it.
    var before: ReadyTasks.Entry?
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

  mutating func add(_ task: TaskNumber, shape: ShapeNumber) {
    if !isWaiting[shape.index] {
      isWaiting[shape.index] = true
      waiting.append(shape)
    }
    queues[shape.index].push(ReadyTasks.Entry(rank: policy.rank(of: task), task: task))
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
        run = Run(shape: shape, front: front, before: first.front)
      } else if first.before.map({ front < $0 }) ?? true {
        run?.before = front
      }
    }
    return run
  }

  func readyCount(_ shape: ShapeNumber) -> Int { queues[shape.index].count }

  /// Answers an offer: takes up to `count` tasks of the run out of the queue. Those that are not ready any more are dropped.
  mutating func accept(
    _ run: Run,
    count: Int,
    isReady: (TaskNumber) -> Bool
  ) -> [TaskNumber] {
    var tasks: [TaskNumber] = []
    while tasks.count < count, let front = queues[run.shape.index].front {
      if let limit = run.before, limit < front { break }
      _ = queues[run.shape.index].pop()
      if isReady(front.task) { tasks.append(front.task) }
    }
    return tasks
  }
}
