package import ReeveModel

extension Reeve_V1_Query {
  package init(_ query: Query) {
    self.init()
    switch query {
    case .jobs(let filter): jobs = Reeve_V1_JobsQuery(filter)
    case .tasks(let filter): tasks = Reeve_V1_TasksQuery(filter)
    case .nodes: nodes = Reeve_V1_NodesQuery()
    case .racks: racks = Reeve_V1_RacksQuery()
    }
  }
}

extension Query {
  package init(wire: Reeve_V1_Query) throws(WireError) {
    switch wire.question {
    case .jobs(let filter): self = .jobs(JobFilter(wire: filter))
    case .tasks(let filter):
      self = .tasks(try part("tasks") { () throws(WireError) in try TaskFilter(wire: filter) })
    case .nodes: self = .nodes
    case .racks: self = .racks
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
  }
}

extension Query.JobFilter {
  package init(wire: Reeve_V1_JobsQuery) {
    self.init(
      job: wire.job.isEmpty ? nil : JobID(wire.job),
      user: wire.user.isEmpty ? nil : wire.user,
      all: wire.all,
      limit: Query.limit(wire: wire.limit)
    )
  }
}

extension Reeve_V1_TasksQuery {
  package init(_ filter: Query.TaskFilter) {
    self.init()
    job = filter.job.text
    task = filter.task ?? ""
    state = filter.state ?? ""
    after = filter.after
    limit = UInt32(clamping: filter.limit)
    details = filter.details
  }
}

extension Query.TaskFilter {
  package init(wire: Reeve_V1_TasksQuery) throws(WireError) {
    self.init(
      job: JobID(wire.job),
      task: wire.task.isEmpty ? nil : wire.task,
      state: wire.state.isEmpty ? nil : wire.state,
      after: try check("after", number: wire.after),
      limit: Query.limit(wire: wire.limit),
      details: wire.details
    )
  }
}

extension Reeve_V1_TaskSelector {
  package init(_ selector: TaskSelector) {
    self.init()
    job = selector.job.text
    task = selector.task ?? ""
  }
}

extension TaskSelector {
  package init(wire: Reeve_V1_TaskSelector) throws(WireError) {
    guard !wire.job.isEmpty else { throw WireError("job", "no job is named") }
    self.init(job: JobID(wire.job), task: wire.task.isEmpty ? nil : wire.task)
  }
}
