import FoundationEssentials
package import ReeveModel

extension Reeve_V1_TaskView {
  package init(_ task: TaskView) {
    self.init()
    number = task.number.rawValue
    id = task.name
    job = task.job.text
    state = task.state.shown
    phase = task.state.phaseWord
    reason = task.reason.code
    status = task.status
    node = task.node
    rack = task.rack
    attempt = task.attempt.rawValue
    attempts = UInt32(clamping: task.attempts)
    priority = task.priority
    resources = Reeve_V1_Resources(task.resources)
    timeLimitMicros = task.timeLimit?.microseconds ?? 0
    awaitsNode = task.awaitsNode
    arrayIndex = task.index.map { $0 + 1 } ?? 0
    held = task.isHeld
    backOff = task.isInBackOff
    labels = task.labels.map { Reeve_V1_Variable($0) }
    inputs = task.inputs
    outputs = task.outputs
    submittedMicros = task.submitted.microseconds
    startedMicros = task.started.microseconds
    endedMicros = task.ended.microseconds
    cpuMicros = task.usage.cpu.microseconds
    memoryPeak = task.usage.memoryPeak
    readBytes = task.usage.readBytes
    writeBytes = task.usage.writeBytes
    if let known = task.details { details = Reeve_V1_TaskDetails(known) }
  }
}

extension TaskView {
  /// The state is read from `phase`; what is in `state` is for people.
  package init(wire: Reeve_V1_TaskView) throws(WireError) {
    self.init(
      number: TaskNumber(try check("number", number: wire.number)),
      name: wire.id,
      job: JobID(wire.job),
      state: try TaskState(wire: wire.phase)
    )
    reason = try FailureReason(wire: wire.reason)
    status = wire.status
    node = wire.node
    rack = wire.rack
    attempt = AttemptID(wire.attempt)
    attempts = Int(wire.attempts)
    priority = wire.priority
    resources = try Resources("resources", wire: wire.resources, in: WireLimits.amounts)
    timeLimit = try TimeSpan.limit("time_limit_micros", wire: wire.timeLimitMicros)
    awaitsNode = wire.awaitsNode
    index = wire.arrayIndex == 0 ? nil : wire.arrayIndex - 1
    isHeld = wire.held
    isInBackOff = wire.backOff
    labels = wire.labels.map { TaskTemplate.Variable(wire: $0) }
    inputs = wire.inputs
    outputs = wire.outputs
    submitted = try WallTime("submitted_micros", wire: wire.submittedMicros)
    started = try WallTime("started_micros", wire: wire.startedMicros)
    ended = try WallTime("ended_micros", wire: wire.endedMicros)
    usage = try TaskEnd.Usage(wire: wire)
    if wire.hasDetails {
      details = try part("details") { () throws(WireError) in try Details(wire: wire.details) }
    }
  }
}

extension TaskEnd.Usage {
  init(wire: Reeve_V1_TaskView) throws(WireError) {
    self.init(
      cpu: try TimeSpan("cpu_micros", wire: wire.cpuMicros),
      memoryPeak: try check("memory_peak", wire.memoryPeak, in: WireLimits.amounts),
      readBytes: try check("read_bytes", wire.readBytes, in: WireLimits.amounts),
      writeBytes: try check("write_bytes", wire.writeBytes, in: WireLimits.amounts)
    )
  }
}

extension Reeve_V1_TaskDetails {
  package init(_ details: TaskView.Details) {
    self.init()
    command = details.command
    environment = details.environment.map { Reeve_V1_Variable($0) }
    after = details.after
    guard let end = details.end else { return }
    message = end.message
    stdoutTail = Data(end.stdoutTail)
    stderrTail = Data(end.stderrTail)
  }
}

extension TaskView.Details {
  /// An end of which nothing is known is none.
  package init(wire: Reeve_V1_TaskDetails) throws(WireError) {
    let end = try TaskEnd.Detail(
      message: wire.message,
      stdoutTail: wire.stdoutTail,
      stderrTail: wire.stderrTail
    )
    self.init(
      command: wire.command,
      environment: wire.environment.map { TaskTemplate.Variable(wire: $0) },
      after: wire.after,
      end: end == TaskEnd.Detail() ? nil : end
    )
  }
}
