import ReeveModel

/// What is to happen, by virtual time; what falls on one instant in the order in which it was scheduled.
struct EventQueue<Happening: Sendable>: Sendable {
  /// What the heap moves about. What is to happen is large, and stays in its slot meanwhile.
  private struct Entry: Sendable {
    var time: Instant
    var sequence: UInt64
    var slot: Int

    func precedes(_ other: Entry) -> Bool {
      time == other.time ? sequence < other.sequence : time < other.time
    }
  }

  /// A binary heap: the first at the root.
  private var entries: [Entry] = []
  private var slots: [Happening?] = []
  private var vacant: [Int] = []
  private var scheduled: UInt64 = 0

  var isEmpty: Bool { entries.isEmpty }
  var nextTime: Instant? { entries.first?.time }

  mutating func schedule(_ happening: Happening, at time: Instant) {
    scheduled += 1
    entries.append(Entry(time: time, sequence: scheduled, slot: keep(happening)))
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard entries[child].precedes(entries[parent]) else { break }
      entries.swapAt(child, parent)
      child = parent
    }
  }

  mutating func popFirst() -> (time: Instant, happening: Happening)? {
    guard let first = entries.first, let last = entries.popLast() else { return nil }
    if !entries.isEmpty {
      entries[0] = last
      sink()
    }
    vacant.append(first.slot)
    return slots[first.slot].take().map { (first.time, $0) }
  }

  private mutating func keep(_ happening: Happening) -> Int {
    guard let slot = vacant.popLast() else {
      slots.append(happening)
      return slots.count - 1
    }
    slots[slot] = happening
    return slot
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var least = parent
      for child in 2 * parent + 1...2 * parent + 2 where child < entries.count {
        if entries[child].precedes(entries[least]) { least = child }
      }
      guard least != parent else { return }
      entries.swapAt(least, parent)
      parent = least
    }
  }
}
