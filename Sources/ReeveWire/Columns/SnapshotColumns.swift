import FoundationEssentials
import ReeveModel

extension Reeve_V1_SnapshotTasks {
  init(_ tasks: SnapshotTasks) {
    self.init()
    firstTask = tasks.first.rawValue
    states = Data(tasks.states.map(\.rawValue))
    reasons = Data(tasks.reasons.map(\.rawValue))
    attempts = tasks.attempts.map { $0.rawValue }
    racks = tasks.racks.map { $0.rawValue }
    nodes = tasks.nodes.map { $0.rawValue }
    launches = tasks.launches.map { UInt32($0) }
    startedMicros = tasks.started.map { $0.microseconds }
    endedMicros = tasks.ended.map { $0.microseconds }
    statuses = sparse(tasks.statuses)
    cpuMicros = sparse(tasks.usages.map { $0.cpu.microseconds })
    memoryPeak = sparse(tasks.usages.map { $0.memoryPeak })
    readBytes = sparse(tasks.usages.map { $0.readBytes })
    writeBytes = sparse(tasks.usages.map { $0.writeBytes })
    losses = sparse(tasks.losses.map { UInt32($0) })
    cancelOrdered = tasks.cancelOrdered.map { $0.rawValue }
    awaiting = tasks.awaiting.map { $0.task.rawValue }
    awaitedNodes = tasks.awaiting.map { $0.node.rawValue }
  }

  fileprivate func checkValues() throws(WireError) {
    _ = try check("first_task", number: firstTask)
    try check("started_micros", startedMicros, bits: WireLimits.amountBits)
    try check("ended_micros", endedMicros, bits: WireLimits.amountBits)
    try check("cpu_micros", cpuMicros, bits: WireLimits.amountBits)
    try check("memory_peak", memoryPeak, bits: WireLimits.amountBits)
    try check("read_bytes", readBytes, bits: WireLimits.amountBits)
    try check("write_bytes", writeBytes, bits: WireLimits.amountBits)
    try check("launches", launches, bits: UInt16.bitWidth)
    try check("losses", losses, bits: UInt8.bitWidth)
    try check("cancel_ordered", cancelOrdered, bits: WireLimits.numberBits)
    try check("awaiting", awaiting, bits: WireLimits.numberBits)
    try check("awaited_nodes", length: awaitedNodes.count, is: awaiting.count)
  }
}

/// A column, or nothing where every entry is zero.
private func sparse<Entry: FixedWidthInteger>(_ column: [Entry]) -> [Entry] {
  column.contains { $0 != 0 } ? column : []
}

extension SnapshotTasks {
  /// Lengths of columns are the core's to compare; those that may be left out come back whole.
  init(wire: Reeve_V1_SnapshotTasks) throws(WireError) {
    try wire.checkValues()
    self.init(first: TaskNumber(wire.firstTask))
    states = try Self.cases("states", wire.states)
    reasons = try Self.cases("reasons", wire.reasons)
    attempts = wire.attempts.map { AttemptID($0) }
    racks = wire.racks.map { RackNumber($0) }
    nodes = wire.nodes.map { NodeNumber($0) }
    launches = wire.launches.map { UInt16($0) }
    started = wire.startedMicros.map { WallTime(microseconds: $0) }
    ended = wire.endedMicros.map { WallTime(microseconds: $0) }
    statuses = try whole("statuses", wire.statuses)
    losses = try whole("losses", wire.losses).map { UInt8($0) }
    cancelOrdered = wire.cancelOrdered.map { TaskNumber($0) }
    awaiting = zip(wire.awaiting, wire.awaitedNodes).map {
      AwaitingTask(task: TaskNumber($0), node: NodeNumber($1))
    }
    let cpu = try whole("cpu_micros", wire.cpuMicros)
    let memory = try whole("memory_peak", wire.memoryPeak)
    let (read, written) = (
      try whole("read_bytes", wire.readBytes), try whole("write_bytes", wire.writeBytes)
    )
    usages = states.indices.map { i in
      TaskEnd.Usage(
        cpu: TimeSpan(microseconds: cpu[i]),
        memoryPeak: memory[i],
        readBytes: read[i],
        writeBytes: written[i]
      )
    }
  }

  /// A column that may have been left out.
  private func whole<Entry: FixedWidthInteger>(_ field: String, _ column: [Entry]) throws(WireError)
    -> [Entry]
  {
    if column.isEmpty { return [Entry](repeating: 0, count: states.count) }
    try check(field, length: column.count, is: states.count)
    return column
  }

  private static func cases<Case: RawRepresentable<UInt8>>(
    _ field: String,
    _ bytes: Data
  ) throws(WireError) -> [Case] {
    var cases: [Case] = []
    cases.reserveCapacity(bytes.count)
    for byte in bytes {
      guard let known = Case(rawValue: byte) else {
        throw WireError("\(field)[\(cases.count)]", "\(byte) is none that this version knows")
      }
      cases.append(known)
    }
    return cases
  }
}
