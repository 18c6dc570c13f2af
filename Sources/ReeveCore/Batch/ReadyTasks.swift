import DequeModule
import HeapModule
import ReeveModel

/// The ready tasks of one shape, the first in policy order at the front.
///
/// What arrives in order, which is nearly everything, costs a push at the end of a queue; only what arrives out of order (a
/// task that came back, a dependant of a late task) goes through a heap. Both are sorted, so the front is the lesser of two.
struct ReadyTasks: Sendable {
  struct Entry: Comparable, Sendable {
    var rank: UInt64
    var task: TaskNumber

    static func < (a: Entry, b: Entry) -> Bool { (a.rank, a.task) < (b.rank, b.task) }
  }

  private var ordered = Deque<Entry>()
  private var late = Heap<Entry>()

  var count: Int { ordered.count + late.count }
  var isEmpty: Bool { ordered.isEmpty && late.isEmpty }

  var front: Entry? {
    guard let a = ordered.first else { return late.min }
    guard let b = late.min else { return a }
    return min(a, b)
  }

  mutating func push(_ entry: Entry) {
    if let last = ordered.last, entry < last {
      late.insert(entry)
    } else {
      ordered.append(entry)
    }
  }

  mutating func pop() -> Entry? {
    guard let a = ordered.first else { return late.popMin() }
    guard let b = late.min, b < a else { return ordered.popFirst() }
    return late.popMin()
  }
}
