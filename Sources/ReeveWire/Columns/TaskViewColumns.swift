import FoundationEssentials
package import ReeveModel

extension Reeve_V1_TaskViewColumns {
  package init(_ tasks: [TaskView]) {
    self.init()
    numbers = column(tasks) { $0.number.rawValue }
    names = Reeve_V1_PackedStrings(PackedStrings(column(tasks) { $0.name }))
    states = Data(column(tasks) { $0.state.rawValue })
    setPlaces(tasks)
    marks = Data(sparse(tasks) { TaskMarks($0).rawValue })
    indices = sparse(tasks) { $0.index.map { $0 + 1 } ?? 0 }
    priorities = sparse(tasks) { $0.priority }
    attemptCounts = sparse(tasks) { UInt32(clamping: $0.attempts) }
    attempts = sparse(tasks) { $0.attempt.rawValue }
    reasons = sparse(tasks) { UInt32($0.reason.rawValue) }
    statuses = sparse(tasks) { $0.status }
    startedMicros = sparse(tasks) { $0.started.microseconds }
    endedMicros = sparse(tasks) { $0.ended.microseconds }
    cpuMicros = sparse(tasks) { $0.usage.cpu.microseconds }
    memoryPeak = sparse(tasks) { $0.usage.memoryPeak }
    readBytes = sparse(tasks) { $0.usage.readBytes }
    writeBytes = sparse(tasks) { $0.usage.writeBytes }
    for i in tasks.indices {
      guard let known = tasks[i].details else { continue }
      details.append(Reeve_V1_TaskDetails(known, at: UInt32(i)))
    }
  }

  private mutating func setPlaces(_ tasks: [TaskView]) {
    var (kinds, nodes, racks) = (Places<TaskKind>(), Places<String>(), Places<String>())
    let kindPlaces = column(tasks) { kinds.place(of: TaskKind($0)) }
    self.kinds = kinds.values.map { Reeve_V1_TaskKind($0) }
    self.kindPlaces = sparse(kindPlaces) { $0 }
    let nodePlaces = column(tasks) { $0.node.isEmpty ? 0 : nodes.place(of: $0.node) + 1 }
    nodeNames = nodes.values
    self.nodes = sparse(nodePlaces) { $0 }
    let rackPlaces = column(tasks) { $0.rack.isEmpty ? 0 : racks.place(of: $0.rack) + 1 }
    rackNames = racks.values
    self.racks = sparse(rackPlaces) { $0 }
  }
}

extension Array where Element == TaskView {
  package init(wire: Reeve_V1_TaskViewColumns) throws(WireError) {
    try wire.checkLengths()
    try wire.checkValues()
    let kinds = try parts("kinds", wire.kinds, TaskKind.init(wire:))
    let states: [TaskState] = try cases("states", wire.states)
    let reasons = try [FailureReason]("reasons", wire: wire.reasons)
    let names = try PackedStrings("names", wire: wire.names)
    try check("names", length: names.count, is: states.count)
    let (kindPlaces, marks, nodeNames, rackNames) = (
      wire.kindPlaces, [UInt8](wire.marks), wire.nodeNames, wire.rackNames
    )
    let (numbers, indices, priorities, nodes, racks) = (
      wire.numbers, wire.indices, wire.priorities, wire.nodes, wire.racks
    )
    let (counts, attempts, statuses) = (wire.attemptCounts, wire.attempts, wire.statuses)
    let (started, ended, cpu) = (wire.startedMicros, wire.endedMicros, wire.cpuMicros)
    let (memory, read, written) = (wire.memoryPeak, wire.readBytes, wire.writeBytes)
    self = numbers.indices.map { i in
      let kind = kinds[Int(entry(i, of: kindPlaces))]
      var task = TaskView(number: TaskNumber(numbers[i]), name: names[i], job: kind.job, state: states[i])
      kind.describe(&task)
      TaskMarks(rawValue: entry(i, of: marks)).describe(&task)
      let (index, node, rack) = (entry(i, of: indices), entry(i, of: nodes), entry(i, of: racks))
      if index > 0 { task.index = index - 1 }
      if node > 0 { task.node = nodeNames[Int(node) - 1] }
      if rack > 0 { task.rack = rackNames[Int(rack) - 1] }
      task.priority = entry(i, of: priorities)
      task.attempts = Int(entry(i, of: counts))
      task.attempt = AttemptID(entry(i, of: attempts))
      if !reasons.isEmpty { task.reason = reasons[i] }
      task.status = entry(i, of: statuses)
      task.started = WallTime(microseconds: entry(i, of: started))
      task.ended = WallTime(microseconds: entry(i, of: ended))
      task.usage = TaskEnd.Usage(
        cpu: TimeSpan(microseconds: entry(i, of: cpu)),
        memoryPeak: entry(i, of: memory),
        readBytes: entry(i, of: read),
        writeBytes: entry(i, of: written)
      )
      return task
    }
    try attach(wire.details)
  }

  init(_ field: String, wire: Reeve_V1_TaskViewColumns) throws(WireError) {
    self = try part(field) { () throws(WireError) in try [TaskView](wire: wire) }
  }

  private mutating func attach(_ details: [Reeve_V1_TaskDetails]) throws(WireError) {
    var next = 0
    for (i, wire) in details.enumerated() {
      let place = Int(wire.place)
      guard place >= next, place < count else {
        throw WireError("details[\(i)].place", "\(place) is not between \(next) and \(count - 1)")
      }
      self[place].details = try part("details[\(i)]") { () throws(WireError) in
        try TaskView.Details(wire: wire)
      }
      next = place + 1
    }
  }
}

extension TaskView {
  /// The one in columns of one.
  package init(wire: Reeve_V1_TaskViewColumns) throws(WireError) {
    let tasks = try [TaskView](wire: wire)
    guard tasks.count == 1 else { throw WireError("numbers", "\(tasks.count) tasks where it should be one") }
    self = tasks[0]
  }
}

extension Reeve_V1_TaskViewColumns {
  fileprivate func checkLengths() throws(WireError) {
    let count = numbers.count
    try check("states", length: states.count, is: count)
    try check("kind_places", sparse: kindPlaces.count, is: count)
    try check("marks", sparse: marks.count, is: count)
    try check("indices", sparse: indices.count, is: count)
    try check("priorities", sparse: priorities.count, is: count)
    try check("attempt_counts", sparse: attemptCounts.count, is: count)
    try check("attempts", sparse: attempts.count, is: count)
    try check("reasons", sparse: reasons.count, is: count)
    try check("statuses", sparse: statuses.count, is: count)
    try check("nodes", sparse: nodes.count, is: count)
    try check("racks", sparse: racks.count, is: count)
    try check("started_micros", sparse: startedMicros.count, is: count)
    try check("ended_micros", sparse: endedMicros.count, is: count)
    try check("cpu_micros", sparse: cpuMicros.count, is: count)
    try check("memory_peak", sparse: memoryPeak.count, is: count)
    try check("read_bytes", sparse: readBytes.count, is: count)
    try check("write_bytes", sparse: writeBytes.count, is: count)
  }

  fileprivate func checkValues() throws(WireError) {
    try check("numbers", numbers, bits: WireLimits.numberBits)
    guard numbers.isEmpty || !kinds.isEmpty else { throw WireError("kinds", "none, and there are tasks") }
    try check("kind_places", places: kindPlaces, of: kinds.count)
    try check("marks", [UInt8](marks), bits: TaskMarks.bits)
    // Places plus 1.
    try check("nodes", places: nodes, of: nodeNames.count + 1)
    try check("racks", places: racks, of: rackNames.count + 1)
    try check("started_micros", startedMicros, bits: WireLimits.amountBits)
    try check("ended_micros", endedMicros, bits: WireLimits.amountBits)
    try check("cpu_micros", cpuMicros, bits: WireLimits.amountBits)
    try check("memory_peak", memoryPeak, bits: WireLimits.amountBits)
    try check("read_bytes", readBytes, bits: WireLimits.amountBits)
    try check("write_bytes", writeBytes, bits: WireLimits.amountBits)
  }
}

/// What a task has in common with others, mostly with all of its page.
private struct TaskKind: Hashable {
  let job: JobID
  let submitted: WallTime
  let resources: Resources
  let constraints: [AttributeConstraint]
  let timeLimit: TimeSpan?
  let labels: [TaskTemplate.Variable]
  let inputs: [String]
  let outputs: [String]

  init(_ task: TaskView) {
    job = task.job
    submitted = task.submitted
    resources = task.resources
    constraints = task.constraints
    timeLimit = task.timeLimit
    labels = task.labels
    inputs = task.inputs
    outputs = task.outputs
  }

  init(wire: Reeve_V1_TaskKind) throws(WireError) {
    job = JobID(wire.job)
    submitted = try WallTime("submitted_micros", wire: wire.submittedMicros)
    resources = try Resources("resources", wire: wire.resources, in: WireLimits.amounts)
    constraints = wire.constraints.map { AttributeConstraint(wire: $0) }
    timeLimit = try TimeSpan.limit("time_limit_micros", wire: wire.timeLimitMicros)
    labels = wire.labels.map { TaskTemplate.Variable(wire: $0) }
    inputs = wire.inputs
    outputs = wire.outputs
  }

  func describe(_ task: inout TaskView) {
    task.submitted = submitted
    task.resources = resources
    task.constraints = constraints
    task.timeLimit = timeLimit
    task.labels = labels
    task.inputs = inputs
    task.outputs = outputs
  }
}

extension Reeve_V1_TaskKind {
  fileprivate init(_ kind: TaskKind) {
    self.init()
    job = kind.job.text
    submittedMicros = kind.submitted.microseconds
    resources = Reeve_V1_Resources(kind.resources)
    constraints = kind.constraints.map { Reeve_V1_AttributeConstraint($0) }
    timeLimitMicros = kind.timeLimit?.microseconds ?? 0
    labels = kind.labels.map { Reeve_V1_Variable($0) }
    inputs = kind.inputs
    outputs = kind.outputs
  }
}

/// What else is said of a task that is yes or no.
private struct TaskMarks: OptionSet {
  let rawValue: UInt8
  static let awaitsNode = TaskMarks(rawValue: 1)
  static let isHeld = TaskMarks(rawValue: 2)
  static let isInBackOff = TaskMarks(rawValue: 4)
  static let bits = 3

  init(rawValue: UInt8) { self.rawValue = rawValue }

  init(_ task: TaskView) {
    self = []
    if task.awaitsNode { insert(.awaitsNode) }
    if task.isHeld { insert(.isHeld) }
    if task.isInBackOff { insert(.isInBackOff) }
  }

  func describe(_ task: inout TaskView) {
    task.awaitsNode = contains(.awaitsNode)
    task.isHeld = contains(.isHeld)
    task.isInBackOff = contains(.isInBackOff)
  }
}
