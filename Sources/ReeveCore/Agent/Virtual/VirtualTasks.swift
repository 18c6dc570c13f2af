import HeapModule
package import ReeveModel

/// What seems to run on nodes that run nothing: how long each attempt takes, and how it ends.
///
/// Both follow from the seed and the attempt alone, whatever node it is on and whatever else goes on.
package struct VirtualTasks: Sendable {
  private let runTimes: RunTimes
  /// The part of all that exits with 1.
  private let failureRate: Double
  private let seed: UInt64
  private var running: [AttemptID: Row] = [:]
  /// One a running attempt. What was killed stays until its time, or until there is more of it than of the rest.
  private var ends = Heap<End>()

  /// The end of an attempt, and where it ran.
  package struct Ended: Hashable, Sendable {
    package var node: Int
    package var end: TaskEnd
  }

  private struct Row: Sendable {
    let node: Int
    let task: TaskNumber
    let started: WallTime
    let fails: Bool
  }

  private struct End: Comparable, Sendable {
    let due: Instant
    let attempt: AttemptID

    static func < (a: End, b: End) -> Bool { (a.due, a.attempt) < (b.due, b.attempt) }
  }

  package init(_ runTimes: RunTimes, failureRate: Double = 0, seed: UInt64 = 1) {
    self.runTimes = runTimes
    self.failureRate = failureRate
    // Neighbouring seeds must not draw the same numbers for neighbouring attempts.
    var mixed = SeededRandom(seed)
    self.seed = mixed.next()
  }

  package var count: Int { running.count }

  /// When the next attempt ends, or one that was killed would have.
  package var nextDeadline: Instant? { ends.min?.due }

  /// Begins an attempt.
  /// - Returns: its end, where it takes no time.
  package mutating func start(_ attempt: AttemptID, of task: TaskNumber, on node: Int, at now: Now)
    -> TaskEnd?
  {
    var chance = SeededRandom(seed &+ attempt.rawValue)
    let time = runTimes.draw(&chance)
    let row = Row(node: node, task: task, started: now.wall, fails: chance.fraction() < failureRate)
    guard time > .zero else { return Self.end(of: attempt, row, at: now.wall) }
    running[attempt] = row
    ends.insert(End(due: now.boot + time, attempt: attempt))
    return nil
  }

  /// Obeys the polite signal at once.
  /// - Returns: the end; `nil` for what has ended before.
  package mutating func kill(_ attempt: AttemptID, _ reason: FailureReason, at wall: WallTime) -> TaskEnd? {
    guard let row = running.removeValue(forKey: attempt) else { return nil }
    if ends.count > 2 * running.count + 64 {
      ends = Heap(ends.unordered.filter { running[$0.attempt] != nil })
    }
    var end = Self.end(of: attempt, row, at: wall)
    (end.reason, end.status, end.detail) = (reason, -Self.terminated, TaskEnd.Detail())
    return end
  }

  /// What has ended by now, in that order.
  package mutating func takeEnded(at now: Now) -> [Ended] {
    var ended: [Ended] = []
    while let first = ends.min, first.due <= now.boot {
      ends.removeMin()
      guard let row = running.removeValue(forKey: first.attempt) else { continue }
      ended.append(Ended(node: row.node, end: Self.end(of: first.attempt, row, at: now.wall)))
    }
    return ended
  }

  /// SIGTERM.
  private static let terminated: Int32 = 15

  private static func end(of attempt: AttemptID, _ row: Row, at wall: WallTime) -> TaskEnd {
    TaskEnd(
      attempt: attempt,
      task: row.task,
      reason: row.fails ? .exitCode : .none,
      status: row.fails ? 1 : 0,
      started: row.started,
      ended: wall,
      detail: row.fails ? TaskEnd.Detail() : nil
    )
  }
}
