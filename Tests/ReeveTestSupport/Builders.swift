package import ReeveModel

extension Resources {
  /// Whole cores and whole gibibytes.
  package static func cores(_ n: Int, memory: Int = 0, disk: Int = 0) -> Resources {
    Resources(cpuMillis: Int64(n) * 1_000, memory: Int64(memory) << 30, disk: Int64(disk) << 30)
  }
}

extension Now {
  /// So many milliseconds after the machine came up, at a wall time that looks like it.
  package static func ms(_ n: Int64) -> Now {
    Now(boot: Instant(microseconds: n * 1_000), wall: .ms(n))
  }
}

extension WallTime {
  package static func ms(_ n: Int64) -> WallTime { WallTime(microseconds: 1_000_000_000 + n * 1_000) }
}

extension TaskTemplate {
  package static func needing(
    _ resources: Resources,
    _ constraints: AttributeConstraint...,
    timeLimit: TimeSpan? = nil,
    grace: TimeSpan = defaultGrace
  ) -> TaskTemplate {
    TaskTemplate(
      command: ["run"],
      resources: resources,
      constraints: constraints,
      timeLimit: timeLimit,
      grace: grace
    )
  }

  package func numbered(_ number: TemplateNumber, job: JobID = "job") -> NumberedTemplate {
    NumberedTemplate(number: number, job: job, template: self)
  }
}

// In stories the task of an attempt has the attempt's own number.
extension AttemptID {
  package var task: TaskNumber { TaskNumber(rawValue) }
  package var named: TaskAttempt { TaskAttempt(attempt: self, task: task) }

  package func start(on node: NodeNumber, at time: WallTime = .ms(0)) -> TaskStart {
    TaskStart(attempt: self, task: task, node: node, started: time)
  }

  package func end(on node: NodeNumber, _ reason: FailureReason = .none) -> TaskEnd {
    TaskEnd(attempt: self, task: task, node: node, reason: reason)
  }

  package func held(on node: NodeNumber, _ resources: Resources, since time: WallTime = .ms(0))
    -> NodeStatement.HeldAttempt
  {
    NodeStatement.HeldAttempt(start: start(on: node, at: time), resources: resources)
  }
}

extension LaunchBatch {
  /// Launches of one template; its text travels along where given.
  package static func of(
    _ attempts: [AttemptID],
    as template: TemplateNumber,
    carrying templates: [NumberedTemplate] = []
  ) -> LaunchBatch {
    var batch = LaunchBatch()
    for attempt in attempts { batch.add(attempt, as: template) }
    for template in templates { batch.carry(template) }
    return batch
  }

  package mutating func add(_ attempt: AttemptID, as template: TemplateNumber) {
    launches.append(Launch(attempt: attempt, task: attempt.task, template: template))
    names.append("task-\(attempt.rawValue)")
    arguments.append(["--n", "\(attempt.rawValue)"])
  }
}

extension RackOrders {
  package static func launch(_ batch: UInt64, _ launches: LaunchBatch) -> RackOrders {
    var orders = RackOrders()
    orders.batch = batch
    orders.launches = launches
    return orders
  }

  package static func kill(_ attempts: AttemptID...) -> RackOrders {
    var orders = RackOrders()
    orders.kills = attempts.map { KillOrder(attempt: $0, reason: .cancelled) }
    return orders
  }

  package static func acknowledge(_ attempts: AttemptID...) -> RackOrders {
    var orders = RackOrders()
    orders.acknowledged = attempts
    return orders
  }

  /// A line of one byte for each.
  package static func tell(_ attempts: [AttemptID]) -> RackOrders {
    var orders = RackOrders()
    for attempt in attempts { _ = orders.messages.add(TaskMessage(to: attempt, [1])) }
    return orders
  }

  package static func recall(_ count: Int, of shape: ShapeNumber) -> RackOrders {
    var orders = RackOrders()
    orders.recalls = [Recall(shape: shape, count: count)]
    return orders
  }

  package static func ask(_ shapes: [Resources]) -> RackOrders { ask(about: shapes.map { Shape($0) }) }

  package static func ask(about shapes: [Shape]) -> RackOrders {
    var orders = RackOrders()
    orders.shapes = shapes.enumerated().map {
      NumberedShape(number: ShapeNumber(UInt32($0.offset)), shape: $0.element)
    }
    return orders
  }
}

extension NodeOrders {
  package static func launch(_ batch: LaunchBatch) -> NodeOrders {
    var orders = NodeOrders()
    orders.launches = batch
    return orders
  }

  package static func kill(_ attempts: AttemptID..., reason: FailureReason = .cancelled) -> NodeOrders {
    var orders = NodeOrders()
    orders.kills = attempts.map { KillOrder(attempt: $0, reason: reason) }
    return orders
  }

  package static func acknowledge(_ attempts: AttemptID...) -> NodeOrders {
    var orders = NodeOrders()
    orders.acknowledged = attempts
    return orders
  }
}

extension NodeStatement {
  package static func node(
    _ number: NodeNumber,
    _ total: Resources,
    attributes: [String: String] = [:],
    running: [HeldAttempt] = [],
    ends: [TaskEnd] = [],
    incarnation: UInt64 = 1,
    serial: UInt64 = 0,
    obeyed: Generation = .none
  ) -> NodeStatement {
    NodeStatement(
      node: number,
      name: "n-\(number)",
      incarnation: incarnation,
      serial: serial,
      address: "n-\(number):1",
      total: total,
      attributes: .named(attributes),
      running: running,
      ends: ends,
      obeyed: obeyed
    )
  }
}

extension [TaskTemplate.Variable] {
  /// Sorted by name.
  package static func named(_ values: [String: String]) -> Self {
    values.map { TaskTemplate.Variable(name: $0.key, value: $0.value) }.sorted { $0.name < $1.name }
  }
}

extension RackAssignment {
  package static func rack(_ generation: Generation, nodes: [NodeNumber]) -> RackAssignment {
    RackAssignment(
      rack: 1,
      name: "r",
      term: generation.term,
      generation: generation,
      roster: nodes.map { RosterNode(number: $0, name: "n-\($0)") }
    )
  }
}

extension NodeStatus {
  package static func node(
    _ number: NodeNumber,
    _ state: State,
    _ total: Resources,
    free: Resources? = nil,
    running: Int = 0,
    attributes: [String: String] = [:]
  ) -> NodeStatus {
    NodeStatus(
      number: number,
      name: "n-\(number)",
      state: state,
      total: total,
      free: free ?? total,
      running: running,
      address: "n-\(number):1",
      attributes: .named(attributes)
    )
  }
}
