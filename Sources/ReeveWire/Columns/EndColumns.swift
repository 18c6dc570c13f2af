import FoundationEssentials
package import ReeveModel

extension Reeve_V1_EndColumns {
  package init(_ ends: [TaskEnd]) {
    self.init()
    attempts = ends.map { $0.attempt.rawValue }
    tasks = ends.map { $0.task.rawValue }
    nodes = ends.map { $0.node.rawValue }
    reasons = ends.map { UInt32($0.reason.rawValue) }
    statuses = ends.map { $0.status }
    startedMicros = ends.map { $0.started.microseconds }
    endedMicros = ends.map { $0.ended.microseconds }
    cpuMicros = sparse(ends) { $0.usage.cpu.microseconds }
    memoryPeak = sparse(ends) { $0.usage.memoryPeak }
    readBytes = sparse(ends) { $0.usage.readBytes }
    writeBytes = sparse(ends) { $0.usage.writeBytes }
    earlier = sparse(ends) { UInt32($0.earlier) }
    for (i, end) in ends.enumerated() {
      guard let detail = end.detail else { continue }
      details.append(Reeve_V1_EndDetail(detail, at: UInt32(i)))
    }
  }
}

extension Array where Element == TaskEnd {
  package init(wire: Reeve_V1_EndColumns) throws(WireError) {
    try wire.checkLengths()
    try wire.checkValues()
    let reasons = try [FailureReason]("reasons", wire: wire.reasons)
    let (attempts, tasks, nodes, statuses) = (wire.attempts, wire.tasks, wire.nodes, wire.statuses)
    let (started, ended, cpu) = (wire.startedMicros, wire.endedMicros, wire.cpuMicros)
    let (memory, read, written) = (wire.memoryPeak, wire.readBytes, wire.writeBytes)
    self = attempts.indices.map { i in
      TaskEnd(
        attempt: AttemptID(attempts[i]),
        task: TaskNumber(tasks[i]),
        node: NodeNumber(nodes[i]),
        reason: reasons[i],
        status: statuses[i],
        started: WallTime(microseconds: started[i]),
        ended: WallTime(microseconds: ended[i]),
        usage: TaskEnd.Usage(
          cpu: TimeSpan(microseconds: entry(i, of: cpu)),
          memoryPeak: entry(i, of: memory),
          readBytes: entry(i, of: read),
          writeBytes: entry(i, of: written)
        )
      )
    }
    let earlier = wire.earlier
    if !earlier.isEmpty { for i in indices { self[i].earlier = UInt16(earlier[i]) } }
    try attach(wire.details)
  }

  init(_ field: String, wire: Reeve_V1_EndColumns) throws(WireError) {
    self = try part(field) { () throws(WireError) in try [TaskEnd](wire: wire) }
  }

  private mutating func attach(_ details: [Reeve_V1_EndDetail]) throws(WireError) {
    var next = 0
    for (i, detail) in details.enumerated() {
      let place = Int(detail.place)
      guard place >= next, place < count else {
        throw WireError("details[\(i)].place", "\(place) is not between \(next) and \(count - 1)")
      }
      self[place].detail = try part("details[\(i)]") { () throws(WireError) in
        try TaskEnd.Detail(wire: detail)
      }
      next = place + 1
    }
  }
}

extension Reeve_V1_EndColumns {
  fileprivate func checkLengths() throws(WireError) {
    let count = attempts.count
    try check("tasks", length: tasks.count, is: count)
    try check("nodes", length: nodes.count, is: count)
    try check("reasons", length: reasons.count, is: count)
    try check("statuses", length: statuses.count, is: count)
    try check("started_micros", length: startedMicros.count, is: count)
    try check("ended_micros", length: endedMicros.count, is: count)
    try check("cpu_micros", sparse: cpuMicros.count, is: count)
    try check("memory_peak", sparse: memoryPeak.count, is: count)
    try check("read_bytes", sparse: readBytes.count, is: count)
    try check("write_bytes", sparse: writeBytes.count, is: count)
    try check("earlier", sparse: earlier.count, is: count)
  }

  fileprivate func checkValues() throws(WireError) {
    try check("tasks", tasks, bits: WireLimits.numberBits)
    try check("started_micros", startedMicros, bits: WireLimits.amountBits)
    try check("ended_micros", endedMicros, bits: WireLimits.amountBits)
    try check("cpu_micros", cpuMicros, bits: WireLimits.amountBits)
    try check("memory_peak", memoryPeak, bits: WireLimits.amountBits)
    try check("read_bytes", readBytes, bits: WireLimits.amountBits)
    try check("write_bytes", writeBytes, bits: WireLimits.amountBits)
    try check("earlier", earlier, bits: UInt16.bitWidth)
  }
}

extension Reeve_V1_EndDetail {
  init(_ detail: TaskEnd.Detail, at place: UInt32) {
    self.init()
    self.place = place
    message = detail.message
    stdoutTail = Data(detail.stdoutTail)
    stderrTail = Data(detail.stderrTail)
  }
}

extension TaskEnd.Detail {
  init(wire: Reeve_V1_EndDetail) throws(WireError) {
    try self.init(message: wire.message, stdoutTail: wire.stdoutTail, stderrTail: wire.stderrTail)
  }

  /// The same from its parts as they travel, here and in what users see.
  init(message: String, stdoutTail: Data, stderrTail: Data) throws(WireError) {
    try Self.check("message", message.utf8.count)
    try Self.check("stdout_tail", stdoutTail.count)
    try Self.check("stderr_tail", stderrTail.count)
    self.init(message: message, stdoutTail: [UInt8](stdoutTail), stderrTail: [UInt8](stderrTail))
  }

  private static func check(_ field: String, _ count: Int) throws(WireError) {
    guard count <= WireLimits.tail else {
      throw WireError(field, "\(count) bytes are more than \(WireLimits.tail)")
    }
  }
}
