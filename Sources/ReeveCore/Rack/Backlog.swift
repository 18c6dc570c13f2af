import DequeModule
import HeapModule

/// Launches that wait for room, in the order in which they arrived, one queue a shape.
///
/// A shape that does not fit now hides nothing behind it. What waits is named by its place in `Placements` and by its
/// sequence number, which it keeps when it comes back from a node: so it is at the front again.
package struct Backlog: Sendable {
  private var queues: [ShapeQueue] = []
  private var queueOfShape: [RackShape: Int] = [:]
  /// The queue that was asked for last: launches come in runs of one shape.
  private var last = 0
  /// The heads of the shapes that may still fit in this round.
  private var round = Heap<Head>()
  /// How many wait.
  package private(set) var count = 0
  /// Grows with each change, for those who have told others of it.
  package private(set) var version: UInt64 = 0
  /// Whether something has come since somebody cleared this.
  package var hasGrown = false

  /// The first of one shape, on its turn.
  package struct Head: Comparable, Sendable {
    fileprivate let sequence: UInt64
    fileprivate let queue: Int
    package let shape: RackShape

    package static func < (a: Head, b: Head) -> Bool { a.sequence < b.sequence }
    package static func == (a: Head, b: Head) -> Bool { a.sequence == b.sequence }
  }

  package init() {}

  package var isEmpty: Bool { count == 0 }

  package mutating func push(_ place: Int, sequence: UInt64, shape: RackShape) {
    queues[queue(of: shape)].insert(ShapeQueue.Item(sequence: sequence, place: place))
    count += 1
    hasGrown = true
    version += 1
  }

  /// Takes one out of the middle.
  package mutating func remove(sequence: UInt64, shape: RackShape) {
    guard let queue = queueOfShape[shape], queues[queue].remove(sequence) else { return }
    count -= 1
    version += 1
  }

  /// Up to `count` places of one shape, the last first.
  package mutating func takeLast(_ wanted: Int, of shape: RackShape) -> [Int] {
    guard let queue = queueOfShape[shape] else { return [] }
    var places: [Int] = []
    while places.count < wanted, let place = queues[queue].popLast() { places.append(place) }
    count -= places.count
    version += 1
    return places
  }

  package func waiting(of shape: RackShape) -> Int {
    queueOfShape[shape].map { queues[$0].count } ?? 0
  }

  /// Begins a round, in which each shape has its turn until it no longer fits.
  package mutating func beginRound() {
    if queues.count > 64 { dropIdleQueues() }
    round = Heap(queues.indices.compactMap { head(of: $0) })
  }

  /// The shape whose first has waited longest, among those still in the round.
  package mutating func next() -> Head? { round.popMin() }

  /// The next of the shape whose turn it is; `nil` where another shape's first came earlier, or none is left.
  package mutating func take(_ head: Head) -> Int? {
    guard let first = queues[head.queue].firstSequence, first < round.min?.sequence ?? .max else {
      return nil
    }
    count -= 1
    version += 1
    return queues[head.queue].popFirst()
  }

  /// Where the first of a shape is.
  package func first(of head: Head) -> Int? { queues[head.queue].firstPlace }

  /// Keeps a shape in the round after its turn. One that does not fit is not kept: in a round room only shrinks.
  package mutating func keep(_ head: Head) {
    if let head = self.head(of: head.queue) { round.insert(head) }
  }

  private func head(of queue: Int) -> Head? {
    queues[queue].firstSequence.map {
      Head(sequence: $0, queue: queue, shape: queues[queue].shape)
    }
  }

  private mutating func queue(of shape: RackShape) -> Int {
    if last < queues.count, queues[last].shape == shape { return last }
    if let known = queueOfShape[shape] {
      last = known
      return known
    }
    last = queues.count
    queues.append(ShapeQueue(shape: shape))
    queueOfShape[shape] = last
    return last
  }

  /// Shapes come and go with jobs; an idle one costs a little in each round.
  private mutating func dropIdleQueues() {
    guard queues.count(where: { $0.count == 0 }) > queues.count / 2 else { return }
    queues.removeAll { $0.count == 0 }
    queueOfShape.removeAll()
    for (i, queue) in queues.enumerated() { queueOfShape[queue.shape] = i }
  }

  /// Every place that waits, shape by shape.
  package var places: [Int] { queues.flatMap(\.places) }

  package func violations() -> [String] {
    var found = queues.flatMap { $0.violations() }
    if queues.reduce(0, { $0 + $1.count }) != count { found.append("backlog counts \(count) wrongly") }
    for (i, queue) in queues.enumerated() where queueOfShape[queue.shape] != i {
      found.append("backlog does not find shape \(queue.shape)")
    }
    return found
  }
}

/// What waits of one shape, sorted by sequence. What is taken out of the middle leaves a mark, so that a cancelled job
/// costs a search each, not a move of all the rest.
struct ShapeQueue: Sendable {
  struct Item: Sendable {
    let sequence: UInt64
    /// Below zero: taken out.
    var place: Int
  }

  let shape: RackShape
  private var items = Deque<Item>()
  private var removed = 0

  init(shape: RackShape) { self.shape = shape }

  var count: Int { items.count - removed }
  /// The first and the last item are never marks.
  var firstSequence: UInt64? { items.first?.sequence }
  var firstPlace: Int? { items.first?.place }
  var places: [Int] { items.lazy.map(\.place).filter { $0 >= 0 } }

  mutating func insert(_ item: Item) {
    guard let last = items.last, item.sequence < last.sequence else { return items.append(item) }
    items.insert(item, at: index(of: item.sequence))
  }

  mutating func remove(_ sequence: UInt64) -> Bool {
    let i = index(of: sequence)
    guard i < items.count, items[i].sequence == sequence, items[i].place >= 0 else { return false }
    items[i].place = -1
    removed += 1
    dropMarksAtTheEnds()
    // Without this, launches that come and are cancelled behind one that never fits would pile up.
    if removed > count + 64 { dropAllMarks() }
    return true
  }

  mutating func popFirst() -> Int? {
    let place = items.popFirst()?.place
    if removed > 0 { dropMarksAtTheEnds() }
    return place
  }

  mutating func popLast() -> Int? {
    let place = items.popLast()?.place
    if removed > 0 { dropMarksAtTheEnds() }
    return place
  }

  private mutating func dropMarksAtTheEnds() {
    while let first = items.first, first.place < 0 { removed -= items.popFirst() == nil ? 0 : 1 }
    while let last = items.last, last.place < 0 { removed -= items.popLast() == nil ? 0 : 1 }
  }

  private mutating func dropAllMarks() {
    items.removeAll { $0.place < 0 }
    removed = 0
  }

  /// The first index whose sequence is not below `sequence`.
  private func index(of sequence: UInt64) -> Int {
    var (low, high) = (0, items.count)
    while low < high {
      let middle = (low + high) / 2
      if items[middle].sequence < sequence { low = middle + 1 } else { high = middle }
    }
    return low
  }

  func violations() -> [String] {
    var found: [String] = []
    if items.count(where: { $0.place < 0 }) != removed {
      found.append("shape \(shape): marks miscounted")
    }
    if let first = items.first, let last = items.last, first.place < 0 || last.place < 0 {
      found.append("shape \(shape): a mark at an end")
    }
    for (a, b) in zip(items, items.dropFirst()) where a.sequence >= b.sequence {
      found.append("shape \(shape): \(a.sequence) before \(b.sequence)")
    }
    return found
  }
}
