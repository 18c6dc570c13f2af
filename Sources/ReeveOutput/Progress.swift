package import ReeveModel

/// How far jobs are, as one line for people.
package struct Progress: Sendable {
  private var jobs: [JobID: JobProgress] = [:]
  private let began: Instant
  /// Tasks that had ended when it was first looked: they say nothing about the rate since.
  private var endedBefore: Int?

  package init(at now: Instant) { began = now }

  package mutating func note(_ job: JobProgress) {
    jobs[job.id] = job
  }

  /// Call when all jobs have been heard of once.
  package mutating func start() {
    if endedBefore == nil { endedBefore = ended }
  }

  package var known: [JobID: JobProgress] { jobs }
  private var ended: Int { jobs.values.reduce(0) { $0 + $1.counts.ended } }
  private var total: Int { jobs.values.reduce(0) { $0 + $1.counts.total } }

  private func sum(_ state: TaskState) -> Int { jobs.values.reduce(0) { $0 + $1.counts[state] } }

  /// `[#####-----] 500/1,000  210/s, 2.4s left  12 running, 488 pending, 3 failed`, cut to `width`.
  package func line(at now: Instant, width: Int) -> String {
    let bar = Self.bar(done: ended, of: total, width: min(30, max(10, width / 8)))
    return String("\(bar) \(plainLine(at: now))".prefix(max(0, width - 1)))
  }

  package func plainLine(at now: Instant) -> String {
    // What a narrow terminal cuts off is what can be reckoned from the rest.
    var parts = ["\(Amounts.count(ended))/\(Amounts.count(total))"]
    if let pace = pace(at: now) { parts.append(pace) }
    parts.append(states.joined(separator: ", "))
    return parts.filter { !$0.isEmpty }.joined(separator: "  ")
  }

  private var states: [String] {
    let pending = jobs.values.reduce(0) { $0 + $1.counts.pending }
    let words: [(Int, String)] = [
      (sum(.running), "running"), (pending, "pending"), (sum(.succeeded), "completed"),
      (sum(.failed), "failed"), (sum(.cancelled) + sum(.skipped), "cancelled"),
    ]
    return words.filter { $0.0 > 0 }.map { "\(Amounts.count($0.0)) \($0.1)" }
  }

  private func pace(at now: Instant) -> String? {
    let elapsed = (now - began).seconds
    let done = ended - (endedBefore ?? 0)
    guard done > 0, total > 1, elapsed > 0.5 else { return nil }
    let rate = Double(done) / elapsed
    let shown = "\(Amounts.decimal(rate, whole: rate >= 99.95))/s"
    guard ended < total else { return shown }
    let left = TimeSpan(microseconds: Int64(min(1e15, Double(total - ended) / rate * 1e6)))
    return "\(shown), \(Amounts.span(left)) left"
  }

  private static func bar(done: Int, of total: Int, width: Int) -> String {
    let filled = total == 0 ? width : done * width / total
    return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled) + "]"
  }
}
