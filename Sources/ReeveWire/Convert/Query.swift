package import ReeveModel

extension Reeve_V1_Query {
  package init(_ query: Query) {
    self.init()
    switch query {
    case .jobs(let filter): jobs = Reeve_V1_JobsQuery(filter)
    case .tasks(let filter): tasks = Reeve_V1_TasksQuery(filter)
    case .nodes: nodes = Reeve_V1_NodesQuery()
    case .racks: racks = Reeve_V1_RacksQuery()
    case .queue(let limit): queue.limit = UInt32(clamping: limit)
    case .policy: policy = Reeve_V1_PolicyQuery()
    case .explain(let what): explain = Reeve_V1_TaskSelector(what)
    case .frameworks: frameworks = Reeve_V1_FrameworksQuery()
    case .offers: offers = Reeve_V1_OffersQuery()
    case .roles: roles = Reeve_V1_RolesQuery()
    case .users: users = Reeve_V1_UsersQuery()
    }
  }
}

extension Query {
  package init(wire: Reeve_V1_Query) throws(WireError) {
    switch wire.question {
    case .jobs(let filter):
      self = .jobs(try part("jobs") { () throws(WireError) in try JobFilter(wire: filter) })
    case .tasks(let filter):
      self = .tasks(try part("tasks") { () throws(WireError) in try TaskFilter(wire: filter) })
    case .nodes: self = .nodes
    case .racks: self = .racks
    case .queue(let query): self = .queue(limit: Self.limit(wire: query.limit))
    case .policy: self = .policy
    case .explain(let what):
      self = .explain(TaskSelector(wire: what))
    case .frameworks: self = .frameworks
    case .offers: self = .offers
    case .roles: self = .roles
    case .users: self = .users
    case nil: throw WireError("question", "none that this version knows")
    }
  }

  /// How many are given where nobody says how many.
  fileprivate static func limit(wire: UInt32) -> Int { wire == 0 ? 1_000 : Int(wire) }
}

extension Reeve_V1_JobsQuery {
  package init(_ filter: Query.JobFilter) {
    self.init()
    job = filter.job?.text ?? ""
    all = filter.all
    limit = UInt32(clamping: filter.limit)
    user = filter.user ?? ""
    before = filter.before
  }
}

extension Query.JobFilter {
  package init(wire: Reeve_V1_JobsQuery) throws(WireError) {
    self.init(
      job: wire.job.isEmpty ? nil : JobID(wire.job),
      user: wire.user.isEmpty ? nil : wire.user,
      all: wire.all,
      limit: Query.limit(wire: wire.limit),
      before: try check("before", number: wire.before)
    )
  }
}

extension Reeve_V1_TasksQuery {
  package init(_ filter: Query.TaskFilter) {
    self.init()
    what = Reeve_V1_TaskSelector(filter.what)
    after = filter.after
    limit = UInt32(clamping: filter.limit)
    details = filter.details
  }
}

extension Query.TaskFilter {
  package init(wire: Reeve_V1_TasksQuery) throws(WireError) {
    self.init(
      what: TaskSelector(wire: wire.what),
      after: try check("after", number: wire.after),
      limit: Query.limit(wire: wire.limit),
      details: wire.details
    )
  }
}

extension Reeve_V1_TaskSelector {
  package init(_ selector: TaskSelector) {
    self.init()
    job = selector.job
    task = selector.task ?? ""
    state = selector.state ?? ""
    user = selector.user ?? ""
    if let label = selector.label { self.label = Reeve_V1_Variable(label) }
  }
}

extension TaskSelector {
  package init(wire: Reeve_V1_TaskSelector) {
    self.init(
      job: wire.job,
      task: wire.task.isEmpty ? nil : wire.task,
      state: wire.state.isEmpty ? nil : wire.state,
      label: wire.hasLabel ? TaskTemplate.Variable(wire: wire.label) : nil,
      user: wire.user.isEmpty ? nil : wire.user
    )
  }
}
