import ReeveModel

// What decides where a task stands in the queue.
extension DurableState {
  /// A task as orders look at it.
  func candidate(_ task: TaskNumber, in job: JobNumber, _ expectations: Expectations) -> Candidate {
    let place = jobs[job].place(task)
    let (template, priority) = (jobs[job].template(at: place), jobs[job].priority(at: place))
    return candidate(template, priority: priority, in: job, expectations)
  }

  /// Tasks that share a template and a priority.
  func candidate(
    _ template: TemplateNumber,
    priority: Int32,
    in job: JobNumber,
    _ expectations: Expectations
  ) -> Candidate {
    let shared = templates[template.index]
    // Nobody looks at it where nothing is expected.
    let learnt = expectations.isEmpty ? nil : expectations[kind(of: template)] ?? runTimes[kind(of: template)]
    let submitted = jobs[job].submitted
    return Candidate(
      priority: priority,
      submitted: submitted,
      resources: shared.resources,
      estimate: shared.timeLimit ?? learnt,
      deadline: shared.deadline.map { WallTime(microseconds: submitted.microseconds + $0.microseconds) },
      labels: shared.labels,
      jobLabels: jobs[job].spec.labels
    )
  }

  /// What a user has, and is due.
  func account(of user: UserNumber) -> UserAccount {
    UserAccount(used: jobs.users[user].used, due: policy.criteria.due(of: jobs.users[user].name))
  }

  /// The queued tasks of a template.
  func queuedTasks(of template: TemplateNumber) -> [TaskRun] {
    let job = jobs.job(of: template)
    var found: [TaskRun] = []
    for run in jobs[job].runs(
      in: 0..<jobs[job].count,
      where: { state, isHeld in state == .queued && !isHeld }
    ) {
      let places = jobs[job].places(run)
      var place = places.lowerBound
      while place < places.upperBound {
        let entry = jobs[job].layout.entry(at: place)
        let end = min(places.upperBound, jobs[job].layout.places(ofEntry: entry).upperBound)
        if jobs[job].template(at: place) == template {
          found.append(jobs[job].run(place..<end), joining: true)
        }
        place = end
      }
    }
    return found
  }
}
