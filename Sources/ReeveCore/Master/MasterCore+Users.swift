import ReeveModel

extension MasterCore {
  mutating func submit(
    _ spec: JobSpec,
    for request: RequestNumber,
    hasRoom: Bool,
    at now: Now,
    into effects: inout [MasterEffect]
  ) {
    if let known = durable.jobs[spec.id] {
      effects.append(.submitted(request, sameJob(as: durable.jobs[known], spec)))
      return
    }
    if let refusal = isDiskLow || !hasRoom ? Self.diskLow : neverFits(spec) {
      effects.append(.submitted(request, .failure(refusal)))
      return
    }
    let job = SubmittedJob(
      number: durable.jobs.next,
      firstTask: durable.tasks.next,
      firstTemplate: durable.nextTemplate,
      submitted: now.wall,
      spec: spec
    )
    commit(.jobSubmitted(job), into: &effects)
    effects.append(
      .submitted(request, .success(Submission(id: spec.id, tasks: spec.count, known: false)))
    )
  }

  private static let diskLow = Refusal(
    .unavailable,
    field: "disk",
    "The master's disk is nearly full: until there is room it takes nothing new and starts nothing. What runs goes on. Make "
      + "room on the file system of the master's data directory, then try again."
  )

  /// The same submission again is answered as the first time; another under the same id is refused.
  private func sameJob(as job: Job, _ spec: JobSpec) -> Result<Submission, Refusal> {
    guard job.spec == spec else {
      return .failure(
        Refusal(
          .conflict,
          field: "id",
          "A job \"\(spec.id)\" exists already and is not the same. Choose another id, or none to get a random "
            + "one."
        )
      )
    }
    return .success(Submission(id: spec.id, tasks: spec.count, known: true))
  }

  /// Whether some task is larger than every node. Where no node has ever been heard of, nodes will come.
  private func neverFits(_ spec: JobSpec) -> Refusal? {
    let largest = racks.links.flatMap { $0.offer?.largest ?? [] }
    guard !largest.isEmpty else { return nil }
    for (t, template) in spec.templates.enumerated() {
      guard !largest.contains(where: { template.resources.fits(in: $0) }) else { continue }
      let task = spec.taskTemplates.firstIndex(of: UInt32(t)) ?? 0
      return LargestNode(of: largest).refusal(of: template.resources, task: task)
    }
    return nil
  }

  mutating func cancel(
    _ what: [TaskSelector],
    for request: RequestNumber,
    at now: Now,
    into effects: inout [MasterEffect]
  ) {
    var tasks: [TaskNumber] = []
    for selector in what {
      switch select(selector) {
      case .success(let selected): tasks += selected
      case .failure(let refusal):
        effects.append(.cancelled(request, .failure(refusal)))
        return
      }
    }
    tasks = Set(tasks.filter(mayBeCancelled)).sorted()
    if !tasks.isEmpty {
      commit(.cancelOrdered(tasks), into: &effects)
      for task in tasks { orderKill(of: task) }
      endUnstarted(tasks, reason: .cancelled, at: now.wall, into: &effects)
    }
    effects.append(.cancelled(request, .success(tasks.count)))
  }

  private func mayBeCancelled(_ task: TaskNumber) -> Bool {
    let i = durable.tasks.place(task)
    return !durable.tasks.states[i].isTerminal && !durable.tasks.cancelOrdered[i]
  }

  func select(_ selector: TaskSelector) -> Result<[TaskNumber], Refusal> {
    guard let number = durable.jobs[selector.job] else {
      return .failure(Refusal(.notFound, field: "job", "There is no job \"\(selector.job)\"."))
    }
    let job = durable.jobs[number]
    guard let name = selector.task else { return .success((0..<job.spec.count).map(job.task)) }
    guard let place = job.place(named: name) else {
      return .failure(
        Refusal(.notFound, field: "task", "Job \"\(selector.job)\" has no task \"\(name)\".")
      )
    }
    return .success([job.task(place)])
  }

  private mutating func orderKill(of task: TaskNumber) {
    let i = durable.tasks.place(task)
    guard durable.tasks.states[i].hasAttempt else { return }
    let rack = durable.tasks.racks[i]
    racks[rack].orders.kills.append(KillOrder(attempt: durable.tasks.attempts[i], reason: .cancelled))
  }

  /// Ends those of the tasks that have no attempt.
  mutating func endUnstarted(
    _ tasks: [TaskNumber],
    reason: FailureReason,
    at wall: WallTime,
    into effects: inout [MasterEffect]
  ) {
    let ends = tasks.compactMap { task -> TaskEnd? in
      let state = durable.tasks.states[durable.tasks.place(task)]
      guard !state.isTerminal, !state.hasAttempt else { return nil }
      return TaskEnd(attempt: .none, task: task, reason: reason, ended: wall)
    }
    finish(ends, at: wall, into: &effects)
  }

  /// Records ends, and with them the ends of all that can no longer become ready, through the whole graph.
  mutating func finish(_ ends: [TaskEnd], at wall: WallTime, into effects: inout [MasterEffect]) {
    var ends = ends
    while !ends.isEmpty {
      commit(.ended(ends), into: &effects)
      for end in ends { touch(end.task) }
      ends = unmeetable(after: ends, at: wall)
    }
  }

  private func unmeetable(after ends: [TaskEnd], at wall: WallTime) -> [TaskEnd] {
    var blocked: Set<TaskNumber> = []
    for end in ends where end.reason != .none {
      let job = durable.jobs[durable.tasks.jobs[durable.tasks.place(end.task)]]
      for dependent in job.dependents(of: job.place(end.task)) {
        let task = job.task(Int(dependent))
        if durable.tasks.states[durable.tasks.place(task)] == .blocked { blocked.insert(task) }
      }
    }
    return blocked.sorted().map {
      TaskEnd(attempt: .none, task: $0, reason: .dependencyFailed, ended: wall)
    }
  }
}

/// What the largest nodes have, for a message that says what would be right.
private struct LargestNode {
  private let most: Resources

  init(of nodes: [Resources]) {
    most = nodes.reduce(.zero) {
      Resources(
        cpuMillis: max($0.cpuMillis, $1.cpuMillis),
        memory: max($0.memory, $1.memory),
        disk: max($0.disk, $1.disk)
      )
    }
  }

  func refusal(of wanted: Resources, task: Int) -> Refusal {
    let amounts = zip(Self.texts(of: wanted), Self.texts(of: most))
    let exceeds = [
      wanted.cpuMillis > most.cpuMillis, wanted.memory > most.memory, wanted.disk > most.disk,
    ]
    for ((amount, limit), isTooMuch) in zip(amounts, exceeds) where isTooMuch {
      return Refusal(
        .exceedsLargestNode,
        field: "tasks[\(task)].\(amount.name)",
        "\(amount.name) \"\(amount.value)\" is more than any node has (most: \(limit.value)). "
          + "Ask for at most \(limit.value); `reeve nodes` lists them."
      )
    }
    let all = Self.texts(of: wanted).map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    return Refusal(
      .exceedsLargestNode,
      field: "tasks[\(task)]",
      "No node has all of it at once: \(all). `reeve nodes` lists what they have."
    )
  }

  private static func texts(of resources: Resources) -> [(name: String, value: String)] {
    [
      ("cpus", Quantity.text(cpuMillis: resources.cpuMillis)),
      ("memory", Quantity.text(bytes: resources.memory)),
      ("disk", Quantity.text(bytes: resources.disk)),
    ]
  }
}
