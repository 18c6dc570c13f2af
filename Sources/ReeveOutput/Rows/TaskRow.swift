package import ReeveModel

/// A task as `ps` and `show` say it.
package struct TaskRow: Row {
  package let task: TaskView
  /// The job's.
  package let labels: [TaskTemplate.Variable]

  package init(_ task: TaskView, labels: [TaskTemplate.Variable] = []) {
    self.task = task
    self.labels = labels
  }

  package var selector: String { task.job.text + "/" + task.name }
  package var state: String { task.state.shown }
  package static var stateColumn: Int { 1 }

  package var fields: [Field] {
    let end = OneEnd(task)
    let fields = [
      Field("id", .text(selector)),
      Field("job", .text(task.job.text)),
      Field("name", .text(task.name)),
      Field("index", index),
      Field("state", .text(state)),
      Field("phase", .text(phase)),
      Field("reason", end.reason),
      Field("node", .word(task.node)),
      Field("rack", .word(task.rack)),
      Field("attempts", .integer(task.attempts)),
      Field("exitCode", end.exitCode),
      Field("signal", end.signal),
      Field("priority", .integer(Int64(task.priority))),
      Field("cpus", .thousandths(task.resources.cpuMillis)),
      Field("memory", .integer(task.resources.memory)),
      Field("disk", .integer(task.resources.disk)),
      Field("submitted", .time(task.submitted)),
      Field("started", .time(task.started)),
      Field("ended", .time(task.ended)),
      Field("cpuSeconds", .thousandths(task.usage.cpu.milliseconds)),
      Field("memoryPeak", .integer(task.usage.memoryPeak)),
      Field("readBytes", .integer(task.usage.readBytes)),
      Field("writeBytes", .integer(task.usage.writeBytes)),
      Field("labels", .variables(allLabels)),
      Field("inputs", .strings(task.inputs)),
      Field("outputs", .strings(task.outputs)),
      Field("constraints", .strings(task.constraints.map(\.text))),
    ]
    return task.details.map { fields + self.fields(of: $0) } ?? fields
  }

  private func fields(of details: TaskView.Details) -> [Field] {
    [
      Field("time", task.timeLimit.map { .thousandths($0.milliseconds) } ?? .null),
      Field("command", .strings(details.command)),
      Field("env", .variables(details.environment)),
      Field("after", .strings(details.after)),
      Field("message", .word(details.end?.message ?? "")),
      Field("stdoutTail", .word(String(decoding: details.end?.stdoutTail ?? [], as: UTF8.self))),
      Field("stderrTail", .word(String(decoding: details.end?.stderrTail ?? [], as: UTF8.self))),
    ]
  }

  /// The job's, and the task's own, which win.
  private var allLabels: [TaskTemplate.Variable] {
    guard !task.labels.isEmpty else { return labels }
    let own = Set(task.labels.map(\.name))
    return (labels.filter { !own.contains($0.name) } + task.labels).sorted { $0.name < $1.name }
  }

  private var index: Value { task.index.map { .integer(Int64($0)) } ?? .null }

  /// Spelt out, for a case's name by reflection costs a microsecond a row.
  private var phase: String {
    if task.awaitsNode { return "waiting for its node" }
    if task.isHeld, !task.state.isTerminal, !task.state.hasAttempt { return "held" }
    if task.isInBackOff { return "back-off" }
    return switch task.state {
    case .blocked: "blocked"
    case .queued: "queued"
    case .assigned: "assigned"
    case .running: "running"
    case .succeeded: "succeeded"
    case .failed: "failed"
    case .cancelled: "cancelled"
    case .skipped: "skipped"
    }
  }

  package static var columns: [Table.Column] {
    [
      Table.Column("TASK"), Table.Column("STATE"), Table.Column("NODE"), Table.Column("EXIT", isNumber: true),
      Table.Column("TIME", isNumber: true), Table.Column("CPU", isNumber: true),
      Table.Column("MEMORY", isNumber: true), Table.Column("WHY"),
    ]
  }

  package static var wideColumns: [Table.Column] {
    [
      Table.Column("PHASE"), Table.Column("RACK"), Table.Column("ATTEMPTS", isNumber: true),
      Table.Column("ASKED", isNumber: true), Table.Column("SUBMITTED"), Table.Column("STARTED"),
      Table.Column("ENDED"),
    ]
  }

  package func cells(at now: WallTime) -> [String] {
    [
      selector, state, Cell.word(task.node), exit,
      Cell.length(from: task.started, to: task.ended, now: now),
      task.usage.cpu == .zero ? "-" : Amounts.span(task.usage.cpu),
      task.usage.memoryPeak == 0 ? "-" : Amounts.size(task.usage.memoryPeak), Cell.word(task.reason.code),
    ]
  }

  package func wideCells(at now: WallTime) -> [String] {
    let asked = "\(Amounts.cpus(task.resources.cpuMillis)) cpu, \(Amounts.size(task.resources.memory))"
    return [
      phase, Cell.word(task.rack), "\(task.attempts)", asked, Cell.time(task.submitted),
      Cell.time(task.started), Cell.time(task.ended),
    ]
  }

  /// The exit code, or the signal as shells' `kill -l` numbers it.
  package var exit: String {
    guard task.state.isTerminal, task.started != .none else { return "-" }
    return task.status < 0 ? "signal \(-task.status)" : "\(task.status)"
  }
}
