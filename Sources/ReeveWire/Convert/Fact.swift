package import ReeveModel

extension Reeve_V1_Fact {
  package init(_ model: Fact) {
    self.init()
    switch model {
    case .termBegan(let term): termBegan.term = term.rawValue
    case .jobSubmitted(let job): jobSubmitted = Reeve_V1_JobSubmitted(job)
    case .assigned(let rack, let first, let tasks):
      assigned.rack = rack.rawValue
      assigned.firstAttempt = first.rawValue
      assigned.tasks = tasks.map { $0.rawValue }
    case .returned(let attempts): returned = Reeve_V1_AttemptColumns(attempts)
    case .lost(let attempts): lost = Reeve_V1_AttemptColumns(attempts)
    case .started(let starts): started = Reeve_V1_StartColumns(starts)
    case .ended(let ends): ended = Reeve_V1_EndColumns(ends)
    case .retried(let ends): retried = Reeve_V1_EndColumns(ends)
    case .calledOff(let runs, let reason, let wall):
      calledOff.tasks = Reeve_V1_TaskRuns(runs)
      calledOff.reason = UInt32(reason.rawValue)
      calledOff.wallMicros = wall.microseconds
    case .endOrdered(let tasks, let reason):
      endOrdered.tasks = tasks.map { $0.rawValue }
      endOrdered.reason = UInt32(reason.rawValue)
    case .held(let runs): held = Reeve_V1_TaskRuns(runs)
    case .released(let runs): released = Reeve_V1_TaskRuns(runs)
    case .prioritySet(let runs, let priority):
      prioritySet.tasks = Reeve_V1_TaskRuns(runs)
      prioritySet.priority = priority
    case .roundBegan(let runs): roundBegan = Reeve_V1_TaskRuns(runs)
    case .policySet(let setting): policySet = Reeve_V1_PolicySet(setting)
    case .jobClosed(let job, let reason, let wall):
      jobClosed.job = job.rawValue
      jobClosed.reason = UInt32(reason.rawValue)
      jobClosed.wallMicros = wall.microseconds
    case .frameworkSubscribed(let framework): frameworkSubscribed = Reeve_V1_SubscribedFramework(framework)
    case .frameworkRemoved(let number): frameworkRemoved.framework = number.rawValue
    case .endsAcknowledged(let tasks): endsAcknowledged.tasks = tasks.map { $0.rawValue }
    case .roleSet(let role): roleSet = Reeve_V1_Role(role)
    case .roleForgotten(let name): roleForgotten.name = name
    case .rackGranted(let grant): rackGranted = Reeve_V1_RackGranted(grant)
    case .nodePlaced(let node, let rack):
      nodePlaced.node = node.number.rawValue
      nodePlaced.name = node.name
      nodePlaced.rack = rack.rawValue
    case .nodeMarked(let node, let lost):
      nodeMarked.node = node.rawValue
      nodeMarked.lost = lost
    case .nodeAwaited(let attempts): nodeAwaited = Reeve_V1_LostColumns(attempts)
    case .nodeReturned(let tasks): nodeReturned.tasks = tasks.map { $0.rawValue }
    case .nodeForgotten(let node): nodeForgotten.node = node.rawValue
    }
  }
}

extension Fact {
  package init(wire: Reeve_V1_Fact) throws(WireError) {
    switch wire.fact {
    case .termBegan(let began): self = .termBegan(try Term("term_began.term", wire: began.term))
    case .jobSubmitted(let job):
      self = .jobSubmitted(
        try part("job_submitted") { () throws(WireError) in try SubmittedJob(wire: job) }
      )
    case .assigned(let assigned):
      self = try part("assigned") { () throws(WireError) in try Fact(assigned: assigned) }
    case .returned(let columns): self = .returned(try [TaskAttempt]("returned", wire: columns))
    case .lost(let columns): self = .lost(try [TaskAttempt]("lost", wire: columns))
    case .started(let columns): self = .started(try [TaskStart]("started", wire: columns))
    case .ended(let columns): self = .ended(try [TaskEnd]("ended", wire: columns))
    case .retried(let columns): self = .retried(try [TaskEnd]("retried", wire: columns))
    case .calledOff(let calledOff):
      self = .calledOff(
        try [TaskRun]("called_off.tasks", wire: calledOff.tasks),
        try FailureReason("called_off.reason", number: calledOff.reason),
        at: try WallTime("called_off.wall_micros", wire: calledOff.wallMicros)
      )
    case .endOrdered(let ordered):
      self = .endOrdered(
        try [TaskNumber]("end_ordered.tasks", wire: ordered.tasks),
        try FailureReason("end_ordered.reason", number: ordered.reason)
      )
    case .held(let runs): self = .held(try [TaskRun]("held", wire: runs))
    case .released(let runs): self = .released(try [TaskRun]("released", wire: runs))
    case .prioritySet(let set):
      self = .prioritySet(try [TaskRun]("priority_set.tasks", wire: set.tasks), set.priority)
    case .roundBegan(let runs): self = .roundBegan(try [TaskRun]("round_began", wire: runs))
    case .policySet(let set):
      self = .policySet(
        try part("policy_set") { () throws(WireError) in try PolicySetting(wire: set) }
      )
    case .jobClosed(let closed):
      let wall = try WallTime("job_closed.wall_micros", wire: closed.wallMicros)
      let reason = try FailureReason("job_closed.reason", number: closed.reason)
      self = .jobClosed(JobNumber(closed.job), reason, at: wall)
    case .frameworkSubscribed(let framework):
      self = .frameworkSubscribed(
        try part("framework_subscribed") { () throws(WireError) in try SubscribedFramework(wire: framework) }
      )
    case .frameworkRemoved(let removed): self = .frameworkRemoved(FrameworkNumber(removed.framework))
    case .endsAcknowledged(let list):
      self = .endsAcknowledged(try [TaskNumber]("ends_acknowledged.tasks", wire: list.tasks))
    case .roleSet(let role):
      self = .roleSet(try part("role_set") { () throws(WireError) in try Role(wire: role) })
    case .roleForgotten(let forgotten): self = .roleForgotten(forgotten.name)
    case .rackGranted(let grant):
      self = .rackGranted(try part("rack_granted") { () throws(WireError) in try RackGrant(wire: grant) })
    case .nodePlaced(let placed):
      let node = RosterNode(number: NodeNumber(placed.node), name: placed.name)
      self = .nodePlaced(node, RackNumber(placed.rack))
    case .nodeMarked(let marked): self = .nodeMarked(NodeNumber(marked.node), lost: marked.lost)
    case .nodeAwaited(let columns): self = .nodeAwaited(try [LostAttempt]("node_awaited", wire: columns))
    case .nodeReturned(let list):
      self = .nodeReturned(try [TaskNumber]("node_returned.tasks", wire: list.tasks))
    case .nodeForgotten(let forgotten): self = .nodeForgotten(NodeNumber(forgotten.node))
    case nil: throw WireError("fact", "none that this version knows")
    }
  }

  private init(assigned: Reeve_V1_Assigned) throws(WireError) {
    let tasks = try [TaskNumber]("tasks", wire: assigned.tasks)
    let (_, overflow) = assigned.firstAttempt.addingReportingOverflow(UInt64(tasks.count))
    guard !overflow else { throw WireError("first_attempt", "leaves no room for \(tasks.count) attempts") }
    self = .assigned(RackNumber(assigned.rack), first: AttemptID(assigned.firstAttempt), tasks: tasks)
  }
}

extension Array where Element == TaskNumber {
  fileprivate init(_ field: String, wire: [UInt64]) throws(WireError) {
    try check(field, wire, bits: WireLimits.numberBits)
    self = wire.map { TaskNumber($0) }
  }
}

extension Reeve_V1_TaskRuns {
  init(_ runs: [TaskRun]) {
    self.init()
    firsts = runs.map { $0.first.rawValue }
    counts = runs.map(\.count)
  }
}

extension Array where Element == TaskRun {
  init(_ field: String, wire: Reeve_V1_TaskRuns) throws(WireError) {
    let (firsts, counts) = (wire.firsts, wire.counts)
    try part(field) { () throws(WireError) in
      try check("counts", length: counts.count, is: firsts.count)
      try check("firsts", firsts, bits: WireLimits.numberBits)
    }
    self = firsts.indices.map { TaskRun(first: TaskNumber(firsts[$0]), count: counts[$0]) }
  }
}

extension FailureReason {
  /// The field's name is made only where it is needed: columns of reasons are hot.
  init(_ field: @autoclosure () -> String, number: UInt32) throws(WireError) {
    guard let reason = UInt8(exactly: number).flatMap(FailureReason.init(rawValue:)) else {
      throw WireError(field(), "\(number) is no known reason")
    }
    self = reason
  }
}

extension Reeve_V1_JobSubmitted {
  package init(_ submitted: SubmittedJob) {
    self.init()
    job = submitted.number.rawValue
    firstTask = submitted.firstTask.rawValue
    firstTemplate = submitted.firstTemplate.rawValue
    wallMicros = submitted.submitted.microseconds
    spec = Reeve_V1_JobSpec(submitted.spec)
    outerTargets = submitted.outerTargets.map { Reeve_V1_OuterTarget($0) }
    constraints = submitted.constraints.map { Reeve_V1_AttributeConstraint($0) }
  }
}

extension Reeve_V1_OuterTarget {
  fileprivate init(_ target: OuterTarget) {
    self.init()
    job = target.job.rawValue
    first = target.first
    count = target.count
  }
}

extension SubmittedJob {
  package init(wire: Reeve_V1_JobSubmitted) throws(WireError) {
    let spec = try part("spec") { () throws(WireError) in try JobSpec(wire: wire.spec) }
    guard UInt64(wire.firstTemplate) + UInt64(spec.templates.count) <= UInt64(UInt32.max) else {
      throw WireError("first_template", "\(wire.firstTemplate) leaves no room for the templates")
    }
    self.init(
      number: JobNumber(wire.job),
      firstTask: TaskNumber(try check("first_task", number: wire.firstTask)),
      firstTemplate: TemplateNumber(wire.firstTemplate),
      submitted: try WallTime("wall_micros", wire: wire.wallMicros),
      spec: spec,
      outerTargets: wire.outerTargets.map {
        OuterTarget(job: JobNumber($0.job), first: $0.first, count: $0.count)
      },
      constraints: wire.constraints.map { AttributeConstraint(wire: $0) }
    )
  }
}

extension Reeve_V1_RackGranted {
  package init(_ grant: RackGrant) {
    self.init()
    rack = grant.rack.rawValue
    name = grant.name
    incarnation = grant.incarnation
    generation = Reeve_V1_Generation(grant.generation)
  }
}

extension RackGrant {
  package init(wire: Reeve_V1_RackGranted) throws(WireError) {
    self.init(
      rack: RackNumber(wire.rack),
      name: wire.name,
      incarnation: wire.incarnation,
      generation: try Generation("generation", wire: wire.generation)
    )
  }
}
