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
  /// - Parameters:
  ///   - queue: what waits.
  ///   - now: the time.
  ///   - place: finds room for a task for which there is enough in all; `false` where none of the pieces is large enough.
  /// - Returns: the tasks, in the order in which they were considered.
  package mutating func pass(
    over queue: inout BatchFramework,
    at now: Instant,
    place: (TaskNumber) -> Bool
  ) -> [TaskNumber] {
    var started: [TaskNumber] = []
    while let run = queue.first, queue.resources[run.shape.index].fits(in: free), place(run.front.first) {
      started += start(run, of: &queue, at: now)
    }
    guard overtaking != .never, let head = queue.first else { return started }
    return started + overtake(head, in: &queue, at: now, place)
  }

  private mutating func start(
    _ run: BatchFramework.Run,
    of queue: inout BatchFramework,
    at now: Instant
  ) -> [TaskNumber] {
    let (resources, end) = (queue.resources[run.shape.index], now.end(after: run.limit))
    free -= resources
    if overtaking == .backfill { planned.add(resources, at: end) }
    return queue.accept(run, count: 1) { _, _ in true }
  }

  private mutating func overtake(
    _ head: BatchFramework.Run,
    in queue: inout BatchFramework,
    at now: Instant,
    _ place: (TaskNumber) -> Bool
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
    var candidates = Heap(queue.runs.filter { $0.place != head.place && mayStart($0) })
    while let candidate = candidates.popMin() {
      guard let run = queue.run(at: candidate.place), mayStart(run) else { continue }
      // Its user has got something meanwhile: others may come first.
      guard run <= candidate else {
        candidates.insert(run)
        continue
      }
      guard place(run.front.first) else { continue }
      reservation?.take(queue.resources[run.shape.index], until: now.end(after: run.limit))
      started += start(run, of: &queue, at: now)
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
