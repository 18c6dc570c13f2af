import ReeveModel

extension MasterCore {
  func answer(_ query: Query, at now: Now) -> Answer {
    switch query {
    case .jobs(let filter): listJobs(filter, at: now)
    case .tasks(let filter): listTasks(filter)
    case .queue(let limit): listQueue(limit)
    case .nodes: .nodes(nodeViews)
    case .racks: .racks(durable.roster.rackList.map(view))
    case .order: .order(durable.order)
    case .explain(let what): explain(what, at: now)
    }
  }

  /// Jobs or tasks that one question may have looked at: what is beyond goes onto the next page, so that nobody who asks
  /// keeps others waiting.
  private static let looksMax = 100_000

  private func listJobs(_ filter: Query.JobFilter, at now: Now) -> Answer {
    if let id = filter.job {
      guard let number = durable.jobs[id] else {
        return .refused(
          Refusal(.notFound, field: "job", "There is no job \"\(id)\". `reeve ps --all` lists what there is.")
        )
      }
      return .jobs([progress(of: number)], next: 0)
    }
    let since = now.wall.microseconds - settings.recent.microseconds
    let limit = max(1, filter.limit)
    var found: [JobProgress] = []
    let last =
      filter.before == 0
      ? durable.jobs.jobs.count : Int(min(filter.before, UInt64(durable.jobs.jobs.count) + 1)) - 1
    for i in stride(from: last - 1, through: 0, by: -1) {
      if last - i > Self.looksMax || found.count == limit { return .jobs(found, next: UInt64(i) + 2) }
      if let user = filter.user, user != durable.jobs.jobs[i].spec.user { continue }
      let ended = durable.jobs.jobs[i].ended
      if !filter.all, ended != .none, ended.microseconds < since { continue }
      found.append(progress(of: JobNumber(UInt32(i) + 1)))
    }
    return .jobs(found, next: 0)
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
    if job.count == 1, job.ended != .none {
      progress.reason = job.lastEnd.reason
      progress.status = job.lastEnd.status
    }
    return progress
  }

  private func listTasks(_ filter: Query.TaskFilter) -> Answer {
    switch select(filter.what) {
    case .failure(let refusal): return .refused(refusal)
    case .success(let runs):
      let limit = min(max(1, filter.limit), 10_000)
      var page: [TaskView] = []
      for run in runs where run.end.rawValue > filter.after + 1 {
        let job = durable.jobs.job(of: run.first)
        for number in max(run.first.rawValue, filter.after + 1)..<run.end.rawValue {
          if page.count == limit { return .tasks(page, next: page[limit - 1].number.rawValue) }
          page.append(view(of: TaskNumber(number), in: job, details: filter.details))
        }
      }
      return .tasks(page, next: 0)
    }
  }

  private func listQueue(_ limit: Int) -> Answer {
    let limit = min(max(1, limit), 10_000)
    var page: [TaskView] = []
    for run in batch.first(limit) {
      for number in run.first.rawValue..<run.first.rawValue + UInt64(run.count) {
        if page.count == limit { return .tasks(page, next: 0) }
        if isReady(TaskNumber(number), run) {
          page.append(view(of: TaskNumber(number), in: run.job, details: false))
        }
      }
    }
    return .tasks(page, next: 0)
  }

  func view(of task: TaskNumber, in number: JobNumber, details: Bool) -> TaskView {
    let place = durable.jobs[number].place(task)
    let state = durable.jobs[number].states[place]
    let template = durable.templates[durable.jobs[number].template(at: place).index]
    var view = TaskView(
      number: task,
      name: durable.jobs[number].name(at: place),
      job: durable.jobs[number].spec.id,
      state: state
    )
    if let array = durable.jobs[number].layout.array(at: place) {
      let start = durable.jobs[number].layout.arrays[array].start
      view.index = durable.jobs[number].spec.arrays[array].index(place - start)
    }
    view.priority = durable.jobs[number].priority(at: place)
    view.resources = template.resources
    view.timeLimit = template.timeLimit
    view.labels = template.labels
    view.inputs = template.inputs
    view.outputs = template.outputs
    view.submitted = durable.jobs[number].submitted
    view.isHeld = durable.jobs[number].states.isHeld(place)
    view.isInBackOff = state == .queued && waitingRoom.isInBackOff(task)
    if state.isTerminal {
      fillEnd(of: &view, in: number, place)
    } else {
      fillAttempt(of: &view)
    }
    if details { view.details = self.details(in: number, place, template) }
    return view
  }

  private func fillEnd(of view: inout TaskView, in number: JobNumber, _ place: Int) {
    guard let calledOff = durable.jobs[number].calledOff(at: place) else { return }
    view.reason = calledOff.reason
    view.ended = calledOff.at
  }

  private func fillAttempt(of view: inout TaskView) {
    if let setback = durable.setbacks[view.number] {
      view.attempts = Int(setback.attempts)
      view.reason = setback.reason
      view.status = setback.status
    }
    guard let known = durable.active[view.number] else { return }
    view.attempt = known.attempt
    view.attempts += 1
    view.started = known.started
    view.awaitsNode = durable.awaited[view.number] != nil
    view.rack = durable.roster[known.rack].name
    if durable.roster.has(known.node) { view.node = durable.roster[known.node].name }
  }

  private func details(in number: JobNumber, _ place: Int, _ template: TaskTemplate) -> TaskView.Details {
    let entry = durable.jobs[number].layout.entry(at: place)
    let job = durable.jobs[number]
    let inner = job.spec.dependencyRange(entry).map { job.spec.taskNames[Int(job.spec.dependencies[$0])] }
    let outer = job.spec.outerDependencies.filter { Int($0.entry) == entry }.map {
      $0.task.isEmpty ? $0.job.text : "\($0.job)/\($0.task)"
    }
    return TaskView.Details(
      command: job.spec.command(entry),
      environment: template.environment,
      after: inner + outer,
      end: nil
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
