import FoundationEssentials
import ReeveModel

extension Reeve_V1_SnapshotJobs {
  init(_ all: [SnapshotJob]) {
    self.init()
    jobs = all.map { Reeve_V1_JobSubmitted($0.job) }
    endedMicros = all.map { $0.ended.microseconds }
    states = all.map { Data($0.states.bytes) }
    lastReasons = all.map { UInt32($0.lastEnd.reason.rawValue) }
    lastStatuses = all.map(\.lastEnd.status)
    for (place, job) in all.enumerated() {
      priorities += job.priorities.map { Reeve_V1_SnapshotPriority($0, of: place) }
      calledOff += job.calledOff.map { Reeve_V1_SnapshotCalledOff($0, of: place) }
      if job.closed != .none { closed.append(Reeve_V1_SnapshotClosed(job, of: place)) }
    }
  }
}

extension Array where Element == SnapshotJob {
  init(wire: Reeve_V1_SnapshotJobs) throws(WireError) {
    let (ended, states, reasons, statuses) = (
      wire.endedMicros, wire.states, wire.lastReasons, wire.lastStatuses
    )
    try check("ended_micros", length: ended.count, is: wire.jobs.count)
    try check("ended_micros", ended, bits: WireLimits.amountBits)
    try check("states", length: states.count, is: wire.jobs.count)
    try check("last_reasons", length: reasons.count, is: wire.jobs.count)
    try check("last_statuses", length: statuses.count, is: wire.jobs.count)
    self = []
    reserveCapacity(ended.count)
    for i in ended.indices {
      do throws(WireError) {
        let job = try SubmittedJob(wire: wire.jobs[i])
        guard let states = TaskStates(bytes: [UInt8](states[i]), count: try job.spec.checkedCount()) else {
          throw WireError("states", "they are not those of \(job.spec.count) tasks")
        }
        let last = LastEnd(reason: try FailureReason("last_reasons", number: reasons[i]), status: statuses[i])
        append(
          SnapshotJob(job: job, ended: WallTime(microseconds: ended[i]), states: states, lastEnd: last)
        )
      } catch { throw error.inside("jobs[\(i)]") }
    }
    for change in wire.priorities {
      try check("priorities", places: [change.job], of: count)
      self[Int(change.job)].priorities.append(
        PlaceMap.Run(first: change.first, count: change.count, change.priority)
      )
    }
    for run in wire.calledOff {
      try check("called_off", places: [run.job], of: count)
      self[Int(run.job)].calledOff.append(try PlaceMap.Run(wire: run))
    }
    for closed in wire.closed {
      try check("closed", places: [closed.job], of: count)
      self[Int(closed.job)].closed = try WallTime("closed.wall_micros", wire: closed.wallMicros)
      self[Int(closed.job)].closedFor = try FailureReason("closed.reason", number: closed.reason)
    }
  }
}

extension JobSpec {
  /// How many tasks there are, where what a file says may be anything.
  fileprivate func checkedCount() throws(WireError) -> Int {
    for array in arrays where Int(array.entry) >= entryCount || array.runs.isEmpty {
      throw WireError(
        "spec.arrays",
        "one is of entry \(array.entry), of \(entryCount), with \(array.runs.count) runs"
      )
    }
    for (a, b) in zip(arrays, arrays.dropFirst()) where a.entry >= b.entry {
      throw WireError("spec.arrays", "they are not in the order of their entries")
    }
    return count
  }
}

extension Reeve_V1_SnapshotPriority {
  fileprivate init(_ change: PlaceMap<Int32>.Run, of place: Int) {
    self.init()
    job = UInt32(place)
    first = change.first
    count = change.count
    priority = change.value
  }
}

extension Reeve_V1_SnapshotCalledOff {
  fileprivate init(_ run: PlaceMap<CalledOff>.Run, of place: Int) {
    self.init()
    job = UInt32(place)
    first = run.first
    count = run.count
    reason = UInt32(run.value.reason.rawValue)
    wallMicros = run.value.at.microseconds
  }
}

extension PlaceMap<CalledOff>.Run {
  fileprivate init(wire: Reeve_V1_SnapshotCalledOff) throws(WireError) {
    let reason = try FailureReason("called_off.reason", number: wire.reason)
    let wall = try WallTime("called_off.wall_micros", wire: wire.wallMicros)
    self.init(first: wire.first, count: wire.count, CalledOff(reason, at: wall))
  }
}

extension Reeve_V1_SnapshotClosed {
  fileprivate init(_ told: SnapshotJob, of place: Int) {
    self.init()
    job = UInt32(place)
    wallMicros = told.closed.microseconds
    reason = UInt32(told.closedFor.rawValue)
  }
}

extension Reeve_V1_SnapshotActive {
  init(_ rows: [NumberedTask<ActiveTask>]) {
    self.init()
    tasks = rows.map { $0.task.rawValue }
    attempts = rows.map { $0.value.attempt.rawValue }
    jobs = rows.map { $0.value.job.rawValue }
    templates = rows.map { $0.value.template.rawValue }
    racks = rows.map { $0.value.rack.rawValue }
    nodes = rows.map { $0.value.node.rawValue }
    startedMicros = rows.map { $0.value.started.microseconds }
    ordered = rows.map { UInt32($0.value.ordered.rawValue) }
  }
}

extension Array where Element == NumberedTask<ActiveTask> {
  init(wire: Reeve_V1_SnapshotActive) throws(WireError) {
    let (tasks, attempts, jobs, templates) = (wire.tasks, wire.attempts, wire.jobs, wire.templates)
    let (racks, nodes, started) = (wire.racks, wire.nodes, wire.startedMicros)
    try check("tasks", tasks, bits: WireLimits.numberBits)
    try check("started_micros", started, bits: WireLimits.amountBits)
    for (field, length) in [
      ("attempts", attempts.count), ("jobs", jobs.count), ("templates", templates.count),
      ("racks", racks.count), ("nodes", nodes.count), ("started_micros", started.count),
      ("ordered", wire.ordered.count),
    ] {
      try check(field, length: length, is: tasks.count)
    }
    let ordered = try [FailureReason]("ordered", wire: wire.ordered)
    self = tasks.indices.map { i in
      var active = ActiveTask(
        attempt: AttemptID(attempts[i]),
        job: JobNumber(jobs[i]),
        template: TemplateNumber(templates[i]),
        rack: RackNumber(racks[i])
      )
      active.node = NodeNumber(nodes[i])
      active.started = WallTime(microseconds: started[i])
      active.ordered = ordered[i]
      return NumberedTask(task: TaskNumber(tasks[i]), value: active)
    }
  }
}

extension Reeve_V1_SnapshotSetbacks {
  init(_ rows: [NumberedTask<Setback>]) {
    self.init()
    tasks = rows.map { $0.task.rawValue }
    attempts = rows.map { UInt32($0.value.attempts) }
    losses = rows.map { UInt32($0.value.losses) }
    retries = rows.map { UInt32($0.value.retries) }
    retriedMicros = rows.map { $0.value.retriedAt.microseconds }
    reasons = rows.map { UInt32($0.value.reason.rawValue) }
    statuses = rows.map(\.value.status)
  }
}

extension Array where Element == NumberedTask<Setback> {
  init(wire: Reeve_V1_SnapshotSetbacks) throws(WireError) {
    let (tasks, attempts, losses, retries) = (wire.tasks, wire.attempts, wire.losses, wire.retries)
    let (retried, statuses) = (wire.retriedMicros, wire.statuses)
    for (field, length) in [
      ("attempts", attempts.count), ("losses", losses.count), ("retries", retries.count),
      ("retried_micros", retried.count), ("reasons", wire.reasons.count), ("statuses", statuses.count),
    ] {
      try check(field, length: length, is: tasks.count)
    }
    try check("tasks", tasks, bits: WireLimits.numberBits)
    try check("attempts", attempts, bits: UInt16.bitWidth)
    try check("losses", losses, bits: UInt8.bitWidth)
    try check("retries", retries, bits: UInt16.bitWidth)
    try check("retried_micros", retried, bits: WireLimits.amountBits)
    let reasons = try [FailureReason]("reasons", wire: wire.reasons)
    self = tasks.indices.map { i in
      var setback = Setback()
      setback.attempts = UInt16(attempts[i])
      setback.losses = UInt8(losses[i])
      setback.retries = UInt16(retries[i])
      setback.retriedAt = WallTime(microseconds: retried[i])
      setback.reason = reasons[i]
      setback.status = statuses[i]
      return NumberedTask(task: TaskNumber(tasks[i]), value: setback)
    }
  }
}

extension Reeve_V1_SnapshotAwaited {
  init(_ rows: [NumberedTask<NodeNumber>]) {
    self.init()
    tasks = rows.map { $0.task.rawValue }
    nodes = rows.map { $0.value.rawValue }
  }
}

extension Array where Element == NumberedTask<NodeNumber> {
  init(wire: Reeve_V1_SnapshotAwaited) throws(WireError) {
    let (tasks, nodes) = (wire.tasks, wire.nodes)
    try check("nodes", length: nodes.count, is: tasks.count)
    try check("tasks", tasks, bits: WireLimits.numberBits)
    self = tasks.indices.map { NumberedTask(task: TaskNumber(tasks[$0]), value: NodeNumber(nodes[$0])) }
  }
}

extension Reeve_V1_SnapshotUnacknowledged {
  init(_ rows: [NumberedTask<UnacknowledgedEnd>]) {
    self.init()
    tasks = rows.map { $0.task.rawValue }
    reasons = rows.map { UInt32($0.value.reason.rawValue) }
    statuses = rows.map(\.value.status)
    nodes = rows.map { $0.value.node.rawValue }
    attempts = rows.map { $0.value.attempt.rawValue }
  }
}

extension Array where Element == NumberedTask<UnacknowledgedEnd> {
  init(wire: Reeve_V1_SnapshotUnacknowledged) throws(WireError) {
    let (tasks, reasons, statuses, nodes, attempts) = (
      wire.tasks, wire.reasons, wire.statuses, wire.nodes, wire.attempts
    )
    try check("tasks", tasks, bits: WireLimits.numberBits)
    try check("reasons", length: reasons.count, is: tasks.count)
    try check("statuses", length: statuses.count, is: tasks.count)
    try check("nodes", length: nodes.count, is: tasks.count)
    try check("attempts", length: attempts.count, is: tasks.count)
    self = []
    reserveCapacity(tasks.count)
    for i in tasks.indices {
      let end = UnacknowledgedEnd(
        reason: try FailureReason("reasons[\(i)]", number: reasons[i]),
        status: statuses[i],
        node: NodeNumber(nodes[i]),
        attempt: AttemptID(attempts[i])
      )
      append(NumberedTask(task: TaskNumber(tasks[i]), value: end))
    }
  }
}
