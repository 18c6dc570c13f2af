package import ReeveModel

extension Reeve_V1_AttemptColumns {
  package init(_ attempts: [TaskAttempt]) {
    self.init()
    self.attempts = attempts.map { $0.attempt.rawValue }
    tasks = attempts.map { $0.task.rawValue }
  }
}

extension Array where Element == TaskAttempt {
  package init(wire: Reeve_V1_AttemptColumns) throws(WireError) {
    let (attempts, tasks) = (wire.attempts, wire.tasks)
    try check("tasks", length: tasks.count, is: attempts.count)
    try check("tasks", tasks, bits: WireLimits.numberBits)
    self = attempts.indices.map { i in
      TaskAttempt(attempt: AttemptID(attempts[i]), task: TaskNumber(tasks[i]))
    }
  }

  init(_ field: String, wire: Reeve_V1_AttemptColumns) throws(WireError) {
    self = try part(field) { () throws(WireError) in try [TaskAttempt](wire: wire) }
  }
}

extension Reeve_V1_LostColumns {
  package init(_ lost: [LostAttempt]) {
    self.init()
    attempts = lost.map { $0.name.attempt.rawValue }
    tasks = lost.map { $0.name.task.rawValue }
    nodes = lost.map { $0.node.rawValue }
  }
}

extension Array where Element == LostAttempt {
  init(_ field: String, wire: Reeve_V1_LostColumns) throws(WireError) {
    self = try part(field) { () throws(WireError) in
      let (attempts, tasks, nodes) = (wire.attempts, wire.tasks, wire.nodes)
      try check("tasks", length: tasks.count, is: attempts.count)
      try check("nodes", length: nodes.count, is: attempts.count)
      try check("tasks", tasks, bits: WireLimits.numberBits)
      return attempts.indices.map { i in
        let name = TaskAttempt(attempt: AttemptID(attempts[i]), task: TaskNumber(tasks[i]))
        return LostAttempt(name, on: NodeNumber(nodes[i]))
      }
    }
  }
}

extension Reeve_V1_StartColumns {
  package init(_ starts: [TaskStart]) {
    self.init()
    attempts = starts.map { $0.attempt.rawValue }
    tasks = starts.map { $0.task.rawValue }
    nodes = starts.map { $0.node.rawValue }
    startedMicros = starts.map { $0.started.microseconds }
  }
}

extension Array where Element == TaskStart {
  package init(wire: Reeve_V1_StartColumns) throws(WireError) {
    let (attempts, tasks, nodes, started) = (wire.attempts, wire.tasks, wire.nodes, wire.startedMicros)
    try check("tasks", length: tasks.count, is: attempts.count)
    try check("nodes", length: nodes.count, is: attempts.count)
    try check("started_micros", length: started.count, is: attempts.count)
    try check("tasks", tasks, bits: WireLimits.numberBits)
    try check("started_micros", started, bits: WireLimits.amountBits)
    self = attempts.indices.map { i in
      TaskStart(
        attempt: AttemptID(attempts[i]),
        task: TaskNumber(tasks[i]),
        node: NodeNumber(nodes[i]),
        started: WallTime(microseconds: started[i])
      )
    }
  }

  init(_ field: String, wire: Reeve_V1_StartColumns) throws(WireError) {
    self = try part(field) { () throws(WireError) in try [TaskStart](wire: wire) }
  }
}

extension Reeve_V1_KillColumns {
  package init(_ kills: [KillOrder]) {
    self.init()
    attempts = kills.map { $0.attempt.rawValue }
    reasons = kills.map { UInt32($0.reason.rawValue) }
  }
}

extension Array where Element == KillOrder {
  package init(wire: Reeve_V1_KillColumns) throws(WireError) {
    let attempts = wire.attempts
    try check("reasons", length: wire.reasons.count, is: attempts.count)
    let reasons = try [FailureReason]("reasons", wire: wire.reasons)
    self = attempts.indices.map { i in KillOrder(attempt: AttemptID(attempts[i]), reason: reasons[i]) }
  }

  init(_ field: String, wire: Reeve_V1_KillColumns) throws(WireError) {
    self = try part(field) { () throws(WireError) in try [KillOrder](wire: wire) }
  }
}

extension Array where Element == FailureReason {
  /// A column of reasons by their numbers.
  init(_ field: String, wire: [UInt32]) throws(WireError) {
    self.init()
    reserveCapacity(wire.count)
    for (i, number) in wire.enumerated() {
      append(try FailureReason("\(field)[\(i)]", number: number))
    }
  }
}
