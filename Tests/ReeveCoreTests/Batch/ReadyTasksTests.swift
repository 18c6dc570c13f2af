import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Ready tasks of one shape") struct ReadyTasksTests {
  private static let job = JobNumber(1)

  private static func run(_ rank: Double, _ first: UInt64, _ count: UInt32 = 1) -> ReadyRun {
    ReadyRun(rank: rank, first: TaskNumber(first), count: count, job: job)
  }

  /// Places one by one, however they come in runs.
  private static func drain(_ queue: inout ReadyTasks, by most: Int = 1) -> [QueuePlace] {
    var places: [QueuePlace] = []
    while let run = queue.pop(most, before: nil) {
      for i in 0..<UInt64(run.count) {
        places.append(QueuePlace(rank: run.rank, task: TaskNumber(run.first.rawValue + i)))
      }
    }
    return places
  }

  @Test(arguments: 1...50 as ClosedRange<UInt64>)
  func `whatever the order in which runs come, tasks leave in the order of their places`(seed: UInt64) {
    var dice = SeededRandom(seed)
    var queue = ReadyTasks()
    var expected: [QueuePlace] = []
    var next: UInt64 = 1
    var runs: [ReadyRun] = []
    for _ in 0..<40 {
      let count = UInt32.random(in: 1...5, using: &dice)
      runs.append(Self.run(Double(Int.random(in: 0...2, using: &dice)), next, count))
      next += UInt64(count) + UInt64.random(in: 0...1, using: &dice)
    }
    if seed > 5 { runs.shuffle(using: &dice) }
    for run in runs {
      queue.push(run)
      for i in 0..<UInt64(run.count) {
        expected.append(QueuePlace(rank: run.rank, task: TaskNumber(run.first.rawValue + i)))
      }
    }
    #expect(queue.count == expected.count)
    expected.sort()
    for place in expected { #expect(queue.count(before: place) == expected.firstIndex(of: place)) }
    #expect(queue.first(7).map(\.place).prefix(1) == expected.prefix(1))
    #expect(Self.drain(&queue, by: Int.random(in: 1...4, using: &dice)) == expected)
    #expect(queue.isEmpty && queue.count == 0)
  }

  @Test(arguments: 1...50 as ClosedRange<UInt64>)
  func `where runs overlap, as after a release, tasks still leave in order, some twice`(seed: UInt64) {
    var dice = SeededRandom(seed)
    var queue = ReadyTasks()
    var expected: [QueuePlace] = []
    var left: [QueuePlace] = []
    for _ in 0..<60 {
      if Bool.random(using: &dice) {
        let run = Self.run(
          Double(Int.random(in: 0...1, using: &dice)),
          UInt64.random(in: 1...30, using: &dice),
          8
        )
        queue.push(run)
        for i in 0..<8 as Range<UInt64> {
          expected.append(QueuePlace(rank: run.rank, task: TaskNumber(run.first.rawValue + i)))
        }
        expected.sort()
      } else if let run = queue.pop(1, before: nil) {
        left.append(run.place)
        #expect(expected.removeFirst() == run.place)
      }
    }
    #expect(Self.drain(&queue) == expected && !left.isEmpty)
  }

  @Test func `no task beyond the limit is taken, and a run is cut there`() {
    var queue = ReadyTasks()
    queue.push(Self.run(0, 10, 10))
    let limit = QueuePlace(rank: 0, task: TaskNumber(13))
    #expect(queue.pop(100, before: limit) == Self.run(0, 10, 3))
    #expect(queue.pop(100, before: limit) == nil)
    #expect(queue.pop(2, before: nil) == Self.run(0, 13, 2))
    #expect(queue.count == 5)
  }

  @Test func `the first runs are those that would leave first, and none has left`() {
    var queue = ReadyTasks()
    for first in [50, 10, 30] as [UInt64] { queue.push(Self.run(0, first, 2)) }
    #expect(queue.first(3).map(\.first.rawValue) == [10, 30])
    #expect(queue.count == 6)
  }
}
