import HeapModule
import ReeveModel

/// When something is due for attempts, the earliest first.
///
/// What has ended stays until its time, or until there is more of it than of the rest: no timer a task, and nothing to look
/// for when one ends.
struct AttemptDeadlines: Sendable {
  private var heap = Heap<Deadline>()

  private struct Deadline: Comparable, Sendable {
    let due: Instant
    let attempt: AttemptID

    static func < (a: Deadline, b: Deadline) -> Bool { (a.due, a.attempt) < (b.due, b.attempt) }
  }

  var count: Int { heap.count }
  var next: Instant? { heap.min?.due }
  var attempts: Set<AttemptID> { Set(heap.unordered.map(\.attempt)) }

  mutating func insert(_ attempt: AttemptID, at due: Instant) {
    heap.insert(Deadline(due: due, attempt: attempt))
  }

  /// Those whose time has come, in that order. What is first and not live is dropped with them, so that nobody wakes for it.
  mutating func takeDue(at now: Instant, where isLive: (AttemptID) -> Bool) -> [AttemptID] {
    var due: [AttemptID] = []
    while let first = heap.min {
      guard isLive(first.attempt) else { heap.removeMin(); continue }
      guard first.due <= now else { break }
      due.append(heap.removeMin().attempt)
    }
    return due
  }

  /// Drops what is not there any more, once that is most of it.
  mutating func keep(_ count: Int, where isThere: (AttemptID) -> Bool) {
    guard heap.count > 2 * count + 64 else { return }
    heap = Heap(heap.unordered.filter { isThere($0.attempt) })
  }
}
