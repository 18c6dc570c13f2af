import ReeveModel

extension MasterCore {
  func answer(_ query: Query, at now: Now) -> Answer {
    switch query {
    case .jobs(let filter): listJobs(filter, at: now)
    case .tasks(let filter): listTasks(filter)
    case .queue(let limit): listQueue(limit)
    case .nodes: .nodes(nodeViews)
    case .racks: .racks(durable.roster.rackList.map(view))
    case .policy: .policy(durable.policy)
    case .explain(let what): explain(what, at: now)
    case .frameworks: .frameworks(frameworkViews(at: now.boot))
    case .offers: .offers(offerViews(at: now.boot))
    case .roles: .roles(roleViews(at: now.boot))
    case .users: .users(userViews(at: now.boot))
    }
  }

  // What is beyond these goes onto the next page, so that nobody who asks keeps others waiting: a page takes 2 ms at most.
  private static let looksMax = 100_000
  private static let jobsMax = 5_000
  private static let tasksMax = 5_000
  private static let detailedMax = 500

  private func listJobs(_ filter: Query.JobFilter, at now: Now) -> Answer {
    if let id = filter.job {
      guard let number = durable.jobs[id] else { return .refused(noJob(id.text)) }
      return .jobs([progress(of: number)], next: 0)
    }
    let since = now.wall.microseconds - settings.recent.microseconds
    let limit = min(max(1, filter.limit), Self.jobsMax)
    var found: [JobProgress] = []
    let last =
      filter.before == 0
      ? durable.jobs.jobs.count : Int(min(filter.before, UInt64(durable.jobs.jobs.count) + 1)) - 1
    for i in stride(from: last - 1, through: 0, by: -1) {
      if last - i > Self.looksMax || found.count == limit { return .jobs(found, next: UInt64(i) + 2) }
      let number = JobNumber(UInt32(i) + 1)
      // What was added to a job is in its counts.
      guard durable.jobs.jobs[i].head == number else { continue }
      if let user = filter.user, user != durable.jobs.jobs[i].spec.user { continue }
      let ended = durable.jobs.ended(number)
      if !filter.all, ended != .none, ended.microseconds < since { continue }
      found.append(progress(of: number))
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
      ended: durable.jobs.ended(number),
      counts: durable.jobs.counts(of: number)
    )
    progress.isOpen = durable.jobs.open(number)?.isOpen ?? false
    progress.isStopped = durable.jobs.open(number)?.isStopped ?? false
    if progress.counts.total == 1, progress.ended != .none {
      let parts = durable.jobs.parts(of: number).map { durable.jobs[$0] }
      let last = parts.first { $0.count == 1 }?.lastEnd ?? LastEnd()
      progress.reason = last.reason
      progress.status = last.status
    }
    return progress
  }

  private func listTasks(_ filter: Query.TaskFilter) -> Answer {
    let most = filter.details ? Self.detailedMax : Self.tasksMax
    var page = TaskPage(after: filter.after, limit: min(max(1, filter.limit), most))
    do throws(Refusal) { try select(filter.what, onto: &page) } catch { return .refused(error) }
    var shown = ShownTasks(page.runs.taskCount)
    for run in page.runs {
      let tasks = (run.first.rawValue..<run.end.rawValue).lazy.map { TaskNumber($0) }
      let job = durable.jobs.job(of: run.first)
      show(tasks, of: durable.jobs[job], details: filter.details, in: &shown)
      if shown.isFull, let last = shown.views.last { return .tasks(shown.views, next: last.number.rawValue) }
    }
    return .tasks(shown.views, next: page.next)
  }

  private func listQueue(_ limit: Int) -> Answer {
    let limit = min(max(1, limit), 10_000)
    var shown = ShownTasks(limit)
    // Of those that are held, or were cancelled meanwhile, there may be any number.
    var looks = Self.looksMax
    for run in batch.first(limit) where looks > 0 && !shown.isFull {
      var ready: [TaskNumber] = []
      for number in run.first.rawValue..<run.first.rawValue + UInt64(run.count) {
        if looks == 0 || shown.views.count + ready.count == limit { break }
        looks -= 1
        if isReady(TaskNumber(number), run) { ready.append(TaskNumber(number)) }
      }
      show(ready, of: durable.jobs[run.job], details: false, in: &shown)
    }
    return .tasks(shown.views, next: 0)
  }

  func view(of task: TaskNumber, in job: JobNumber, details: Bool) -> TaskView {
    let job = durable.jobs[job]
    let place = job.place(task)
    var view = commonView(of: job.template(at: place), in: job)
    fill(&view, place, of: job, details: details)
    return view
  }

  private func show(
    _ tasks: some Sequence<TaskNumber>,
    of job: Job,
    details: Bool,
    in shown: inout ShownTasks
  ) {
    // Of the template that was looked at last: neighbours mostly have the same.
    var common: (template: TemplateNumber, view: TaskView)?
    for task in tasks {
      if shown.isFull { return }
      let place = job.place(task)
      let template = job.template(at: place)
      if let common, common.template == template {
        shown.views.append(common.view)
      } else {
        let view = commonView(of: template, in: job)
        common = (template, view)
        shown.views.append(view)
        shown.countCommon(of: view)
      }
      fill(&shown.views[shown.views.count - 1], place, of: job, details: details)
      shown.countDetails()
    }
  }

  /// What the views of a template's tasks have in common.
  private func commonView(of template: TemplateNumber, in job: Job) -> TaskView {
    let shared = durable.templates[template.index]
    var view = TaskView(number: TaskNumber(0), name: "", job: job.spec.id, state: .blocked)
    view.resources = shared.resources
    view.constraints = shared.constraints
    view.timeLimit = shared.timeLimit
    view.labels = shared.labels
    view.inputs = shared.inputs
    view.outputs = shared.outputs
    view.submitted = job.submitted
    return view
  }

  /// Fills in what is a task's own.
  private func fill(_ view: inout TaskView, _ place: Int, of job: Job, details: Bool) {
    view.number = job.task(place)
    view.name = job.name(at: place)
    view.state = job.states[place]
    view.index = job.spec.arrayIndex(at: place, job.layout)
    view.priority = job.priority(at: place)
    view.isHeld = job.states.isHeld(place)
    view.isInBackOff = view.state == .queued && waitingRoom.isInBackOff(view.number)
    if details { view.details = self.details(of: job, place) }
    if view.state.isTerminal {
      guard let calledOff = job.calledOff[place] else { return }
      view.reason = calledOff.reason
      view.ended = calledOff.at
    } else {
      fillAttempt(of: &view)
    }
  }

  private func fillAttempt(of view: inout TaskView) {
    if let setback = durable.setbacks[view.number] {
      view.attempts = Int(setback.attempts)
      view.reason = setback.reason
      view.status = setback.status
    }
    guard view.state.hasAttempt, let known = durable.active[view.number] else { return }
    view.attempt = known.attempt
    view.attempts += 1
    view.started = known.started
    view.awaitsNode = durable.awaited[view.number] != nil
    view.rack = durable.roster[known.rack].name
    if durable.roster.has(known.node) { view.node = durable.roster[known.node].name }
  }

  private func details(of job: Job, _ place: Int) -> TaskView.Details {
    let entry = job.layout.entry(at: place)
    let inner = job.spec.dependencyRange(entry).map { job.spec.taskNames[Int(job.spec.dependencies[$0])] }
    let outer = job.spec.outerDependencies[job.spec.outerRange(entry)].map(\.description)
    return TaskView.Details(
      command: job.spec.command(entry),
      environment: durable.templates[job.template(at: place).index].environment,
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
