package import ReeveModel

/// What was added to a job that is, or was, open: parts, each a `Job` with a number of its own, under one id.
package struct OpenJob: Equatable, Sendable {
  /// In the order of their numbers; the first is the head.
  package private(set) var parts: [JobNumber] = []
  /// Of all parts.
  package var counts = TaskCounts()
  package private(set) var closed = WallTime.none
  /// `.none` where somebody closed it, else why all of it was stopped.
  package private(set) var closedFor = FailureReason.none
  package var ended = WallTime.none
  private var partNames: [String: JobNumber] = [:]
  /// Where the entries are, by their names; none once it is closed, for then no name can be taken again.
  private var entries: [String: Place] = [:]
  /// Of names that end in a dot and a number, such as `tile.3`, the numbers by what is before that.
  private var numbered: [String: Set<UInt32>] = [:]

  /// An entry of a part.
  struct Place: Equatable, Sendable {
    var part: JobNumber
    var entry: Int
  }

  package var isOpen: Bool { closed == .none }
  package var isStopped: Bool { closedFor != .none }
  package var isOver: Bool { !isOpen && counts.unfinished == 0 }

  /// - Returns: whether there is no other part of its name.
  mutating func append(_ part: Job) -> Bool {
    parts.append(part.number)
    counts += part.counts
    if isOpen { noteNames(of: part) }
    return partNames.updateValue(part.number, forKey: part.spec.addition) == nil
  }

  mutating func close(_ reason: FailureReason, at wall: WallTime) {
    (closed, closedFor) = (wall, reason)
    (entries, numbered) = ([:], [:])
  }

  func part(named name: String) -> JobNumber? { partNames[name] }

  /// Where the entry of a name is, while it is open.
  func place(ofEntry name: String) -> Place? { entries[name] }

  /// Whether it has, while it is open, an entry that is called like a task of an array would be.
  func hasEntry(calledLikeATaskOf array: TaskArray, named name: String) -> Bool {
    numbered[name]?.contains { array.element(ofIndex: $0) != nil } ?? false
  }

  private mutating func noteNames(of part: Job) {
    for entry in 0..<part.spec.entryCount {
      let name = part.spec.taskNames[entry]
      entries[name] = Place(part: part.number, entry: entry)
      if let (stem, number) = JobSpec.numbered(name) { numbered[stem, default: []].insert(number) }
    }
  }
}
