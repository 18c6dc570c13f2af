import HeapModule
import ReeveModel

/// Queued tasks that are not in the queue: those that failed and wait before they are tried again, and those of arrays of
/// which as many are on their way as may be at one time.
struct WaitingRoom: Sendable {
  private var backOffs: [TaskNumber: Instant] = [:]
  private var due = Heap<BackOff>()
  private var arrays: [ArrayKey: Throttle] = [:]

  private struct BackOff: Comparable {
    var at: Instant
    var task: TaskNumber
    static func < (a: BackOff, b: BackOff) -> Bool { (a.at, a.task) < (b.at, b.task) }
  }

  /// An array of a job.
  struct ArrayKey: Hashable, Sendable {
    var job: JobNumber
    var array: Int
  }

  private struct Throttle: Sendable {
    /// In the queue, or with an attempt.
    var out: Set<TaskNumber> = []
    var waiting = ReadyTasks()
  }

  init() {}

  // MARK: Back-off

  var hasBackOffs: Bool { !backOffs.isEmpty }

  func isInBackOff(_ task: TaskNumber) -> Bool { !backOffs.isEmpty && backOffs[task] != nil }

  mutating func backOff(_ task: TaskNumber, until instant: Instant) {
    backOffs[task] = instant
    due.insert(BackOff(at: instant, task: task))
  }

  /// Takes out those whose time has come.
  mutating func takeDue(at now: Instant) -> [TaskNumber] {
    var tasks: [TaskNumber] = []
    while let first = due.min, first.at <= now {
      due.removeMin()
      // One that ended meanwhile, and failed again later, has another entry.
      if backOffs[first.task] == first.at {
        backOffs[first.task] = nil
        tasks.append(first.task)
      }
    }
    return tasks
  }

  mutating func forgetBackOff(_ task: TaskNumber) { if !backOffs.isEmpty { backOffs[task] = nil } }

  var nextDeadline: Instant? { due.min?.at }

  // MARK: Arrays with a limit

  var hasArrays: Bool { !arrays.isEmpty }

  /// Takes in tasks of an array, which may go at once where they are out already.
  mutating func add(_ run: ReadyRun, of key: ArrayKey) { arrays[key, default: Throttle()].waiting.push(run) }

  /// A task of the array is on its way, or is again.
  mutating func note(_ task: TaskNumber, of key: ArrayKey) {
    arrays[key, default: Throttle()].out.insert(task)
  }

  /// Those of a run that are on their way, in order.
  func out(_ run: ReadyRun, of key: ArrayKey) -> [TaskNumber] {
    guard let out = arrays[key]?.out, !out.isEmpty else { return [] }
    let numbers = run.first.rawValue..<run.first.rawValue + UInt64(run.count)
    return out.count < run.count
      ? out.filter { numbers.contains($0.rawValue) }.sorted()
      : numbers.map { TaskNumber($0) }.filter(out.contains)
  }

  func isOut(_ task: TaskNumber, of key: ArrayKey) -> Bool { arrays[key]?.out.contains(task) ?? false }

  /// A task of the array has ended, or may not go.
  mutating func leave(_ task: TaskNumber, of key: ArrayKey) { arrays[key]?.out.remove(task) }

  /// Lets the next go, as many as may.
  /// - Parameters:
  ///   - key: the array.
  ///   - limit: how many may be out at one time.
  ///   - isReady: whether a task waits still, and where it does.
  /// - Returns: those that go, each a run of its own.
  mutating func admit(_ key: ArrayKey, limit: Int, isReady: (TaskNumber, ReadyRun) -> Bool) -> [ReadyRun] {
    var admitted: [ReadyRun] = []
    while let count = arrays[key]?.out.count, count < limit,
      let run = arrays[key]?.waiting.pop(1, before: nil)
    {
      guard isReady(run.first, run), arrays[key]?.out.insert(run.first).inserted == true else { continue }
      admitted.append(run)
    }
    return admitted
  }

  /// Of the array nothing is to be waited for any more.
  mutating func forget(_ key: ArrayKey) { arrays[key] = nil }

  /// What waits for its array is to be put in another order.
  mutating func clearArrays() { arrays = [:] }
}
