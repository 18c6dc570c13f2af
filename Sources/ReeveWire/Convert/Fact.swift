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
    case .cancelOrdered(let tasks): cancelOrdered.tasks = tasks.map { $0.rawValue }
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
    case .cancelOrdered(let list):
      self = .cancelOrdered(try [TaskNumber]("cancel_ordered.tasks", wire: list.tasks))
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

extension Reeve_V1_JobSubmitted {
  package init(_ submitted: SubmittedJob) {
    self.init()
    job = submitted.number.rawValue
    firstTask = submitted.firstTask.rawValue
    firstTemplate = submitted.firstTemplate.rawValue
    wallMicros = submitted.submitted.microseconds
    spec = Reeve_V1_JobSpec(submitted.spec)
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
      spec: spec
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
