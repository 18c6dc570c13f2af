package import ReeveModel

/// Room that is kept for the first task that does not fit: from when on it will, and what others may use beyond that.
///
/// EASY backfilling: A. Mu'alem and D. Feitelson, "Utilization, Predictability, Workloads, and User Runtime Estimates in
/// Scheduling the IBM SP2 with Backfilling", IEEE TPDS 12(6), 2001, with several resources in place of processors.
package struct Reservation: Equatable, Sendable {
  /// The shadow time: when the task fits at the latest, if what runs ends when it must.
  package let start: Instant
  /// What is free at that time beside the task.
  package private(set) var spare: Resources

  package init(start: Instant, spare: Resources) {
    self.start = start
    self.spare = spare
  }

  /// Whether a task that starts now keeps out of the way: it is over by then, or is small enough to run beside.
  package func admits(_ resources: Resources, until end: Instant) -> Bool {
    end <= start || resources.fits(in: spare)
  }

  /// A task that was admitted starts.
  package mutating func take(_ resources: Resources, until end: Instant) {
    if end > start { spare -= resources }
  }
}

/// When what runs will have ended at the latest, and what it gives back then.
package struct PlannedEnds: Sendable {
  package struct End: Sendable {
    package var at: Instant
    package var resources: Resources

    package init(at: Instant, resources: Resources) {
      self.at = at
      self.resources = resources
    }
  }

  /// In the order of their times.
  private var ends: [End] = []

  package init(_ ends: [End] = []) { self.ends = ends.sorted { $0.at < $1.at } }

  package mutating func add(_ resources: Resources, at end: Instant) {
    ends.insert(End(at: end, resources: resources), at: ends.partitioningIndex { $0.at > end })
  }

  /// One that was added has ended, then or before.
  package mutating func remove(_ resources: Resources, at end: Instant) {
    let first = ends.partitioningIndex { $0.at >= end }
    guard let place = ends[first...].firstIndex(where: { $0.resources == resources }) else { return }
    assert(ends[place].at == end, "\(resources) are not planned to end at \(end)")
    ends.remove(at: place)
  }

  /// What a task that does not fit into what is free can count on; `nil` where it does not fit when all has ended either.
  package func reservation(for wanted: Resources, free: Resources) -> Reservation? {
    var free = free
    for i in ends.indices {
      free += ends[i].resources
      // All that end at one time count.
      let isLast = i + 1 == ends.count || ends[i + 1].at > ends[i].at
      if isLast, wanted.fits(in: free) { return Reservation(start: ends[i].at, spare: free - wanted) }
    }
    return nil
  }
}
