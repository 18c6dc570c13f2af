import DequeModule
import HeapModule
package import ReeveModel

/// The ready tasks of one shape, the first in policy order at the front.
///
/// What arrives in order, which is nearly everything, costs a push at the end of a queue; only what arrives out of order (a
/// task that came back, a dependant of a late task) goes through a heap. Both are sorted, so the front is the lesser of two.
package struct ReadyTasks: Sendable {
  package struct Entry: Comparable, Sendable {
    package var rank: UInt64
    package var task: TaskNumber

    package init(rank: UInt64, task: TaskNumber) {
      self.rank = rank
      self.task = task
    }

    package static func < (a: Entry, b: Entry) -> Bool { (a.rank, a.task) < (b.rank, b.task) }
  }

  private var ordered = Deque<Entry>()
  private var late = Heap<Entry>()

  package init() {}

  package var count: Int { ordered.count + late.count }
  package var isEmpty: Bool { ordered.isEmpty && late.isEmpty }

  package var front: Entry? {
    guard let a = ordered.first else { return late.min }
    guard let b = late.min else { return a }
    return min(a, b)
  }

  package mutating func push(_ entry: Entry) {
    if let last = ordered.last, entry < last {
      late.insert(entry)
    } else {
      ordered.append(entry)
    }
  }

  package mutating func pop() -> Entry? {
    guard let a = ordered.first else { return late.popMin() }
    guard let b = late.min, b < a else { return ordered.popFirst() }
    return late.popMin()
  }
}
