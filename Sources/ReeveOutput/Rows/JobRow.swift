package import ReeveModel

/// A job as `ps` and `show` say it.
package struct JobRow: Row {
  package let job: JobProgress

  package init(_ job: JobProgress) { self.job = job }

  package var selector: String { job.id.text }
  package var state: String { job.shown }
  package static var stateColumn: Int { 2 }

  package var fields: [Field] {
    let end = job.counts.total == 1 ? OneEnd(job) : OneEnd()
    return [
      Field("id", .text(job.id.text)),
      Field("name", .text(job.name)),
      Field("user", .text(job.user)),
      Field("labels", .variables(job.labels)),
      Field("state", .text(job.shown)),
      Field("submitted", .time(job.submitted)),
      Field("ended", .time(job.ended)),
      Field("tasks", .integer(job.counts.total)),
      Field("pending", .integer(job.counts.pending)),
      Field("running", .integer(job.counts.running)),
      Field("completed", .integer(job.counts[.succeeded])),
      Field("failed", .integer(job.counts[.failed])),
      Field("cancelled", .integer(job.counts.shownCancelled)),
      Field("blocked", .integer(job.counts[.blocked])),
      Field("queued", .integer(job.counts[.queued])),
      Field("assigned", .integer(job.counts[.assigned])),
      Field("open", .flag(job.isOpen)),
      Field("reason", end.reason),
      Field("exitCode", end.exitCode),
      Field("signal", end.signal),
    ]
  }

  package static var columns: [Table.Column] {
    [
      Table.Column("JOB"), Table.Column("NAME"), Table.Column("STATE"), Table.Column("TASKS", isNumber: true),
      Table.Column("PENDING", isNumber: true), Table.Column("RUNNING", isNumber: true),
      Table.Column("COMPLETED", isNumber: true), Table.Column("FAILED", isNumber: true),
      Table.Column("CANCELLED", isNumber: true), Table.Column("TIME", isNumber: true),
    ]
  }

  package static var wideColumns: [Table.Column] {
    [Table.Column("USER"), Table.Column("SUBMITTED"), Table.Column("ENDED"), Table.Column("LABELS")]
  }

  package func cells(at now: WallTime) -> [String] {
    [
      job.id.text, job.name.isEmpty ? "-" : job.name, job.shown, "\(job.counts.total)",
      "\(job.counts.pending)", "\(job.counts.running)", "\(job.counts[.succeeded])",
      "\(job.counts[.failed])", "\(job.counts.shownCancelled)",
      Cell.length(from: job.submitted, to: job.ended, now: now),
    ]
  }

  package func wideCells(at now: WallTime) -> [String] {
    [
      job.user, Cell.time(job.submitted), Cell.time(job.ended),
      Cell.words(job.labels.map { "\($0.name)=\($0.value)" }),
    ]
  }
}

/// How a single task ended, as fields.
struct OneEnd {
  var reason = Value.null
  var exitCode = Value.null
  var signal = Value.null

  /// Of what goes on, and of jobs of many tasks: nothing.
  init() {}

  init(_ job: JobProgress) {
    // Of what failed before it ran there is no code to tell.
    let ran = job.counts[.succeeded] > 0 || [.exitCode, .signal].contains(job.reason) || job.status != 0
    self.init(hasEnded: job.ended != .none, reason: job.reason, status: job.status, ran: ran)
  }

  init(_ task: TaskView) {
    self.init(
      hasEnded: task.state.isTerminal,
      reason: task.reason,
      status: task.status,
      ran: task.started != .none
    )
  }

  private init(hasEnded: Bool, reason: FailureReason, status: Int32, ran: Bool) {
    guard hasEnded else { return }
    self.reason = .word(reason.code)
    guard ran else { return }
    if status < 0 { signal = .integer(-Int(status)) } else { exitCode = .integer(Int(status)) }
  }
}

/// Cells that tables share.
enum Cell {
  static func length(from start: WallTime, to end: WallTime, now: WallTime) -> String {
    if start == .none { return "-" }
    let last = end == .none ? now : end
    return Amounts.span(TimeSpan(microseconds: last.microseconds - start.microseconds))
  }

  static func time(_ time: WallTime) -> String { time == .none ? "-" : Timestamp.text(time) }
  static func words(_ words: [String]) -> String { words.isEmpty ? "-" : words.joined(separator: ",") }
  static func word(_ word: String) -> String { word.isEmpty ? "-" : word }
}
