import DequeModule
import HeapModule
package import ReeveModel

/// Consecutive ready tasks of one job that rank alike.
package struct ReadyRun: Comparable, Hashable, Sendable {
  package var rank: Double
  package var first: TaskNumber
  package var count: UInt32
  package var job: JobNumber

  package init(rank: Double, first: TaskNumber, count: UInt32 = 1, job: JobNumber) {
    self.rank = rank
    self.first = first
    self.count = count
    self.job = job
  }

  package var place: QueuePlace { QueuePlace(rank: rank, task: first) }

  package static func < (a: ReadyRun, b: ReadyRun) -> Bool { a.place < b.place }

  /// How many of its tasks stand before a place.
  package func count(before limit: QueuePlace) -> Int {
    if rank != limit.rank { return rank < limit.rank ? Int(count) : 0 }
    return limit.task <= first ? 0 : Int(min(UInt64(count), limit.task.rawValue - first.rawValue))
  }
}

/// Where a task stands in the queue.
package struct QueuePlace: Comparable, Sendable {
  package var rank: Double
  package var task: TaskNumber

  package init(rank: Double, task: TaskNumber) {
    self.rank = rank
    self.task = task
  }

  package static func < (a: QueuePlace, b: QueuePlace) -> Bool {
    a.rank == b.rank ? a.task < b.task : a.rank < b.rank
  }

  /// Behind every task that there is.
  static let last = QueuePlace(rank: .infinity, task: TaskNumber(.max))

  /// The same place in a queue in which all stand so much further back.
  func moved(by offset: Double) -> QueuePlace { QueuePlace(rank: rank + offset, task: task) }
}

/// The ready tasks of one shape, the first in policy order at the front.
///
/// What arrives in order, which is nearly everything, costs a push at the end of a queue; only what arrives out of order (a
/// task that came back, a dependant of a late task) goes through a heap. Both are sorted, so the front is the lesser of two.
package struct ReadyTasks: Sendable {
  private var ordered = Deque<ReadyRun>()
  private var late = Heap<ReadyRun>()
  /// How many tasks the runs have.
  package private(set) var count = 0

  package init() {}

  package var isEmpty: Bool { count == 0 }

  package var front: ReadyRun? {
    guard let a = ordered.first else { return late.min }
    guard let b = late.min else { return a }
    return min(a, b)
  }

  package mutating func push(_ run: ReadyRun) {
    count += Int(run.count)
    if let last = ordered.last, run < last {
      late.insert(run)
    } else {
      ordered.append(run)
    }
  }

  /// Takes up to `most` tasks off the front run, and none beyond `limit`.
  package mutating func pop(_ most: Int, before limit: QueuePlace?) -> ReadyRun? {
    guard var run = front else { return nil }
    let isLate = ordered.first.map { run < $0 } ?? true
    let allowed = min(most, Int(run.count), limit.map(run.count(before:)) ?? .max)
    guard allowed > 0 else { return nil }
    count -= allowed
    var rest = run
    rest.first = TaskNumber(run.first.rawValue + UInt64(allowed))
    rest.count -= UInt32(allowed)
    run.count = UInt32(allowed)
    if isLate {
      _ = late.popMin()
      if rest.count > 0 { late.insert(rest) }
    } else if rest.count > 0, ordered.count == 1 || rest < ordered[1] {
      ordered[0] = rest
    } else {
      ordered.removeFirst()
      // Where runs overlap, what is left of the first may stand behind the beginning of the next.
      if rest.count > 0 { late.insert(rest) }
    }
    return run
  }

  /// The first runs that together have at least so many tasks, in their order.
  package func first(_ most: Int) -> [ReadyRun] {
    // A copy to take from: sorting all of it would keep others waiting.
    var late = late
    var found: [ReadyRun] = []
    var tasks = 0
    var next = 0
    while tasks < most {
      let a = next < ordered.count ? ordered[next] : nil
      let b = late.min
      guard let run = [a, b].compactMap({ $0 }).min() else { break }
      if run == b { late.removeMin() } else { next += 1 }
      found.append(run)
      tasks += Int(run.count)
    }
    return found
  }

  /// How many tasks stand before a place. Linear in the runs.
  package func count(before limit: QueuePlace) -> Int {
    // Ordered runs are sorted: those before the place come first.
    var (low, high) = (0, ordered.count)
    while low < high {
      let middle = (low + high) / 2
      if ordered[middle].place < limit { low = middle + 1 } else { high = middle }
    }
    var tasks = 0
    for i in 0..<low { tasks += ordered[i].count(before: limit) }
    return late.unordered.reduce(tasks) { $0 + $1.count(before: limit) }
  }
}
