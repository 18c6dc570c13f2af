import HeapModule
package import ReeveModel

/// Whether those behind the first task that does not fit may start before it.
package enum Overtaking: Sendable {
  case never
  /// Where that does not delay it.
  case backfill
  /// Where they fit.
  case always
}

/// Decides what starts in one pool, of which all that is free can be used together.
package struct Pool: Sendable {
  package private(set) var free: Resources
  private let overtaking: Overtaking
  private var planned = PlannedEnds()

  package init(_ total: Resources, overtaking: Overtaking) {
    free = total
    self.overtaking = overtaking
  }

  /// A task is over, which was to be so at a certain time.
  package mutating func end(_ resources: Resources, planned end: Instant) {
    free += resources
    if overtaking == .backfill { planned.remove(resources, at: end) }
  }

  /// Starts what may start now: from the front of the queue what fits, and then of the others those that may overtake.
  /// - Returns: the tasks, in the order in which they were considered.
  package mutating func pass(
    over queue: inout BatchFramework,
    at now: Instant,
    isReady: (TaskNumber, ReadyRun) -> Bool
  ) -> [TaskNumber] {
    var started: [TaskNumber] = []
    while let run = queue.first {
      let room = queue.resources[run.shape.index].count(in: free)
      guard room > 0 else { break }
      started += start(run, count: room, of: &queue, at: now, isReady)
    }
    guard overtaking != .never, let head = queue.first else { return started }
    return started + overtake(head, in: &queue, at: now, isReady)
  }

  private mutating func start(
    _ run: BatchFramework.Run,
    count: Int,
    of queue: inout BatchFramework,
    at now: Instant,
    _ isReady: (TaskNumber, ReadyRun) -> Bool
  ) -> [TaskNumber] {
    let (resources, end) = (queue.resources[run.shape.index], now.end(after: run.limit))
    let tasks = queue.accept(run, count: count, isReady: isReady)
    free -= resources * tasks.count
    if overtaking == .backfill { for _ in tasks { planned.add(resources, at: end) } }
    return tasks
  }

  private mutating func overtake(
    _ head: BatchFramework.Run,
    in queue: inout BatchFramework,
    at now: Instant,
    _ isReady: (TaskNumber, ReadyRun) -> Bool
  ) -> [TaskNumber] {
    var reservation =
      overtaking == .backfill
      ? planned.reservation(for: queue.resources[head.shape.index], free: free) : nil
    var started: [TaskNumber] = []
    // Room only becomes less: a lane whose first may not start is out for this pass.
    func mayStart(_ run: BatchFramework.Run) -> Bool {
      let resources = queue.resources[run.shape.index]
      return resources.fits(in: free)
        && reservation?.admits(resources, until: now.end(after: run.limit)) ?? true
    }
    var candidates = Heap(queue.runs.filter(mayStart))
    while let run = candidates.popMin() {
      guard mayStart(run) else { continue }
      let tasks = start(run, count: 1, of: &queue, at: now, isReady)
      for _ in tasks {
        reservation?.take(queue.resources[run.shape.index], until: now.end(after: run.limit))
      }
      started += tasks
      if let next = queue.run(at: run.place) { candidates.insert(next) }
    }
    return started
  }
}

extension Instant {
  /// Never is as late as can be.
  fileprivate func end(after limit: TimeSpan?) -> Instant {
    limit.map { self + $0 } ?? Instant(microseconds: .max)
  }
}
