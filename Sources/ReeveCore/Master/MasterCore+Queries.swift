import ReeveModel

extension MasterCore {
  func answer(_ query: Query, at now: Now) -> Answer {
    switch query {
    case .jobs(let filter): listJobs(filter, at: now)
    case .tasks(let filter): listTasks(filter)
    case .nodes: .nodes(nodeViews)
    case .racks: .racks(durable.roster.rackList.map(view))
    }
  }

  private func listJobs(_ filter: Query.JobFilter, at now: Now) -> Answer {
    if let id = filter.job {
      guard let number = durable.jobs[id] else {
        return .refused(Refusal(.notFound, field: "job", "There is no job \"\(id)\"."))
      }
      return .jobs([progress(of: number)])
    }
    let since = now.wall.microseconds - settings.recent.microseconds
    var found: [JobProgress] = []
    for job in durable.jobs.jobs.reversed() where found.count < max(1, filter.limit) {
      if let user = filter.user, user != job.spec.user { continue }
      if !filter.all, job.ended != .none, job.ended.microseconds < since { continue }
      found.append(progress(of: job.number))
    }
    return .jobs(found)
  }

  func progress(of number: JobNumber) -> JobProgress {
    let job = durable.jobs[number]
    var progress = JobProgress(
      id: job.spec.id,
      name: job.spec.name,
      user: job.spec.user,
      labels: job.spec.labels,
      submitted: job.submitted,
      ended: job.ended,
      counts: job.counts
    )
    if job.spec.count == 1, job.ended != .none {
      let outcome = durable.tasks.outcomes[durable.tasks.place(job.firstTask)]
      progress.reason = outcome.reason
      progress.status = outcome.status
    }
    return progress
  }

  private func listTasks(_ filter: Query.TaskFilter) -> Answer {
    switch select(TaskSelector(job: filter.job, task: filter.task)) {
    case .failure(let refusal): return .refused(refusal)
    case .success(let tasks):
      let limit = min(max(1, filter.limit), 10_000)
      var page: [TaskView] = []
      for task in tasks where task.rawValue > filter.after {
        if let state = filter.state, durable.tasks.states[durable.tasks.place(task)].shown != state {
          continue
        }
        if page.count == limit { return .tasks(page, next: page[limit - 1].number.rawValue) }
        page.append(view(of: task, details: filter.details))
      }
      return .tasks(page, next: 0)
    }
  }

  func view(of task: TaskNumber, details: Bool) -> TaskView {
    let i = durable.tasks.place(task)
    let job = durable.jobs[durable.tasks.jobs[i]]
    let place = job.place(task)
    let template = durable.template(of: i)
    let outcome = durable.tasks.outcomes[i]
    var view = TaskView(
      number: task,
      name: job.spec.taskNames[place],
      job: job.spec.id,
      state: durable.tasks.states[i]
    )
    view.reason = outcome.reason
    view.status = outcome.status
    view.attempt = durable.tasks.attempts[i]
    view.attempts = Int(outcome.launches)
    view.priority = template.priority
    view.resources = template.resources
    view.timeLimit = template.timeLimit
    view.awaitsNode = durable.tasks.awaited[task] != nil
    view.submitted = job.submitted
    view.started = outcome.started
    view.ended = outcome.ended
    view.usage = outcome.usage
    if durable.roster.has(outcome.node) { view.node = durable.roster[outcome.node].name }
    if durable.tasks.attempts[i] != .none, durable.tasks.racks[i].rawValue > 0 {
      view.rack = durable.roster[durable.tasks.racks[i]].name
    }
    if details { view.details = self.details(of: task, place, job, template) }
    return view
  }

  private func details(
    of task: TaskNumber,
    _ place: Int,
    _ job: Job,
    _ template: TaskTemplate
  ) -> TaskView.Details {
    TaskView.Details(
      command: job.spec.command(place),
      environment: template.environment,
      after: job.spec.dependencies[job.spec.dependencyRange(place)].map { job.spec.taskNames[Int($0)] },
      end: durable.tasks.details[task]
    )
  }

  private var nodeViews: [NodeView] {
    durable.roster.nodes.indices.compactMap { i in
      let number = NodeNumber(UInt32(i) + 1)
      guard durable.roster.has(number) else { return nil }
      let node = durable.roster[number]
      let heard = racks[node.rack].nodes[number]
      let status = heard ?? NodeStatus(number: number, name: node.name, state: node.isLost ? .lost : .unknown)
      return NodeView(status: status, rack: durable.roster[node.rack].name)
    }
  }

  private func view(of rack: RackNumber) -> RackView {
    let known = durable.roster[rack]
    let link = racks[rack]
    return RackView(
      number: rack,
      name: known.name,
      state: link.isStated ? .connected : link.session != nil ? .recovering : .away,
      address: link.address,
      nodes: known.nodeCount,
      total: link.offer?.total ?? .zero,
      free: link.offer?.free ?? .zero,
      assigned: known.waitingCount + known.runningCount,
      generation: known.generation
    )
  }
}
