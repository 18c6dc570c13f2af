import ReeveModel

/// Which tasks one page of a listing shows. It is short, or even empty, where a filter passes over many, so that nobody who
/// asks keeps others waiting.
struct TaskPage {
  /// Of one job each.
  private(set) var runs: [TaskRun] = []
  /// The number of the last task that was looked at, and so of those before it; 0 before the first.
  private(set) var last: UInt64
  private var room: Int
  private var looks = Self.looksMax
  private var isCut = false

  private static let looksMax = 50_000

  /// - Parameters:
  ///   - after: what the page before gave as `next`; 0 for the first.
  ///   - limit: so many tasks at most.
  init(after: UInt64, limit: Int) {
    last = after
    room = limit
  }

  /// Where the next page begins; 0 where nothing is left to be looked at.
  var next: UInt64 { isCut ? last : 0 }

  /// How many may be looked at before it is full.
  var looksLeft: Int { room > 0 ? max(0, looks) : 0 }

  /// Ends it here, though there is more.
  mutating func cut() { isCut = true }

  /// Takes what was found among the tasks of `part`, as far as there is room.
  mutating func take(_ found: [TaskRun], of part: TaskRun) {
    looks -= Int(part.count)
    for run in found {
      guard room > 0 else { return }
      let count = min(room, Int(run.count))
      runs.append(TaskRun(first: run.first, count: UInt32(count)))
      room -= count
      last = run.first.rawValue + UInt64(count) - 1
      if count < run.count { return }
    }
    last = part.end.rawValue - 1
  }

  /// Passes over a whole job, which is one look.
  mutating func pass(over job: TaskRun) {
    looks -= 1
    last = job.end.rawValue - 1
  }
}
