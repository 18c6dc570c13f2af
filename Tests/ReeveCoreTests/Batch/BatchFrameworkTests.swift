import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("The queue of all shapes") struct BatchFrameworkTests {
  private static let job = JobNumber(1)
  private static let user = UserNumber(1)

  /// Tasks of random shapes and ranks, one a run, and the order in which they should leave.
  private static func fill(
    _ queue: inout BatchFramework,
    shapes: Int,
    _ dice: inout SeededRandom
  ) -> [(place: QueuePlace, shape: ShapeNumber)] {
    var added: [(place: QueuePlace, shape: ShapeNumber)] = []
    for number in 1...200 as ClosedRange<UInt64> {
      let shape = queue.number(of: Shape(.cores(Int.random(in: 1...shapes, using: &dice))))
      let run = ReadyRun(
        rank: Double(Int.random(in: -3...3, using: &dice)),
        first: TaskNumber(number),
        job: job
      )
      queue.add(run, shape: shape, of: user, limit: nil)
      added.append((run.place, shape))
    }
    return added.sorted { $0.place < $1.place }
  }

  @Test(arguments: 1...30 as ClosedRange<UInt64>)
  func `tasks leave in the order of their places, whatever their shapes`(seed: UInt64) {
    var dice = SeededRandom(seed)
    var queue = BatchFramework()
    var expected = Self.fill(&queue, shapes: Int(seed), &dice).map(\.place.task)
    while let run = queue.first {
      let most = Int.random(in: 1...3, using: &dice)
      let tasks = queue.accept(run, count: most) { _, _ in true }
      #expect(!tasks.isEmpty && tasks.count <= most && tasks == Array(expected.prefix(tasks.count)))
      expected.removeFirst(tasks.count)
    }
    #expect(expected.isEmpty)
  }

  @Test(arguments: 1...30 as ClosedRange<UInt64>)
  func `the demand is the shapes in the order of their first tasks`(seed: UInt64) {
    var dice = SeededRandom(seed)
    var queue = BatchFramework()
    var left = Self.fill(&queue, shapes: 20, &dice)
    while !left.isEmpty {
      var expected: [ShapeNumber] = []
      for (_, shape) in left where !expected.contains(shape) { expected.append(shape) }
      let most = Int.random(in: 1...25, using: &dice)
      #expect(queue.demand(most) == Array(expected.prefix(most)))
      for shape in expected { #expect(queue.readyCount(shape) == left.count { $0.shape == shape }) }
      // Some shapes fit nowhere: the others go on in their order.
      var wanted = expected.filter { _ in Bool.random(using: &dice) }
      while let run = queue.nextRun(among: wanted) {
        let tasks = queue.accept(run, count: 2) { _, _ in true }
        let next = left.filter { wanted.contains($0.shape) }.prefix(tasks.count).map(\.place.task)
        #expect(tasks == Array(next))
        left.removeAll { tasks.contains($0.place.task) }
        if Bool.random(using: &dice) { wanted.removeAll { $0 == run.shape } }
      }
    }
    #expect(queue.demand(1).isEmpty && queue.first == nil)
  }

  @Test func `one that is not ready any more is passed over`() {
    var queue = BatchFramework()
    let shape = queue.number(of: Shape(.cores(1)))
    queue.add(
      ReadyRun(rank: 0, first: TaskNumber(1), count: 5, job: Self.job),
      shape: shape,
      of: Self.user,
      limit: nil
    )
    let run = queue.first
    let tasks = run.map { queue.accept($0, count: 3) { task, _ in task.rawValue != 2 } }
    #expect(tasks?.map(\.rawValue) == [1, 3, 4])
    #expect(queue.readyCount(shape) == 1)
  }
}
