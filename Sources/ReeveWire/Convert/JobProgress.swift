package import ReeveModel

extension Reeve_V1_JobProgress {
  package init(_ job: JobProgress) {
    self.init()
    id = job.id.text
    name = job.name
    user = job.user
    labels = job.labels.map { Reeve_V1_Variable($0) }
    submittedMicros = job.submitted.microseconds
    endedMicros = job.ended.microseconds
    set(job.counts)
    reason = job.reason.code
    status = job.status
    open = job.isOpen
    stopped = job.isStopped
  }

  private mutating func set(_ counts: TaskCounts) {
    tasks = UInt64(clamping: counts.total)
    blocked = UInt64(clamping: counts[.blocked])
    queued = UInt64(clamping: counts[.queued])
    assigned = UInt64(clamping: counts[.assigned])
    running = UInt64(clamping: counts[.running])
    completed = UInt64(clamping: counts[.succeeded])
    failed = UInt64(clamping: counts[.failed])
    cancelled = UInt64(clamping: counts[.cancelled])
    skipped = UInt64(clamping: counts[.skipped])
  }
}

extension JobProgress {
  package init(wire: Reeve_V1_JobProgress) throws(WireError) {
    self.init(
      id: JobID(wire.id),
      name: wire.name,
      user: wire.user,
      labels: wire.labels.map { TaskTemplate.Variable(wire: $0) },
      submitted: try WallTime("submitted_micros", wire: wire.submittedMicros),
      ended: try WallTime("ended_micros", wire: wire.endedMicros),
      counts: try TaskCounts(wire: wire),
      reason: try FailureReason(wire: wire.reason),
      status: wire.status
    )
    isOpen = wire.open
    isStopped = wire.stopped
  }
}

extension TaskCounts {
  /// What is `tasks` there is the sum here.
  init(wire: Reeve_V1_JobProgress) throws(WireError) {
    self.init()
    self[.blocked] = try check("blocked", count: wire.blocked)
    self[.queued] = try check("queued", count: wire.queued)
    self[.assigned] = try check("assigned", count: wire.assigned)
    self[.running] = try check("running", count: wire.running)
    self[.succeeded] = try check("completed", count: wire.completed)
    self[.failed] = try check("failed", count: wire.failed)
    self[.cancelled] = try check("cancelled", count: wire.cancelled)
    self[.skipped] = try check("skipped", count: wire.skipped)
  }
}
