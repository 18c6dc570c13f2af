import ReeveModel

extension MasterCore {
  mutating func submit(
    _ spec: JobSpec,
    for request: RequestNumber,
    hasRoom: Bool,
    at now: Now,
    into effects: inout [MasterEffect]
  ) {
    do throws(Refusal) {
      if let head = durable.jobs[spec.id], durable.jobs[head].framework != .batch {
        throw isOfFramework(spec.id)
      }
      let known = try known(spec)
      if !known { try take(spec, hasRoom: hasRoom, at: now, into: &effects) }
      let submission = Submission(id: spec.id, tasks: spec.count, known: known)
      effects.append(.submitted(request, .success(submission)))
    } catch { effects.append(.submitted(request, .failure(error))) }
  }

  private mutating func take(
    _ spec: JobSpec,
    hasRoom: Bool,
    at now: Now,
    into effects: inout [MasterEffect]
  ) throws(Refusal) {
    if let refusal = isDiskLow || !hasRoom ? Self.diskLow : neverFits(spec) { throw refusal }
    let job = try submitted(spec, at: now.wall)
    commit(.jobSubmitted(job), into: &effects)
    // What was added to a job that somebody follows.
    touchJob(durable.jobs[job.number].head)
    if !spec.outerDependencies.isEmpty {
      callOffUnmeetable(in: job.number, at: now.wall, into: &effects)
    }
  }

  /// A job with the numbers that it gets.
  func submitted(
    _ spec: JobSpec,
    constraints: [AttributeConstraint] = [],
    at wall: WallTime
  ) throws(Refusal) -> SubmittedJob {
    SubmittedJob(
      number: durable.jobs.next,
      firstTask: durable.jobs.nextTask,
      firstTemplate: durable.nextTemplate,
      submitted: wall,
      spec: spec,
      outerTargets: try outerTargets(of: spec),
      constraints: constraints
    )
  }

  /// Whether the very same was submitted before: it is answered as the first time, and another under the same id is refused.
  func known(_ spec: JobSpec) throws(Refusal) -> Bool {
    guard spec.addition.isEmpty else { return try knownPart(spec) }
    guard let number = durable.jobs[spec.id] else { return false }
    guard durable.jobs[number].spec == spec else {
      throw Refusal(
        .conflict,
        field: "id",
        "A job \"\(spec.id)\" exists already and is not the same. Choose another id, or none to get a random "
          + "one."
      )
    }
    return true
  }

  /// The same of what is added to an open job.
  private func knownPart(_ spec: JobSpec) throws(Refusal) -> Bool {
    guard let head = durable.jobs[spec.id] else { throw noJob(spec.id.text) }
    guard let open = durable.jobs.open(head) else {
      throw Refusal(
        .conflict,
        field: "job",
        "Job \"\(spec.id)\" is not an open one. Tasks can be added to a job that was submitted with --open."
      )
    }
    if let part = open.part(named: spec.addition) {
      if durable.jobs[part].spec == spec { return true }
      throw Refusal(
        .conflict,
        field: "addition",
        "Other tasks were added to job \"\(spec.id)\" as \(spec.addition.quoted). Choose another name for these."
      )
    }
    guard open.isOpen else {
      throw Refusal(
        .conflict,
        field: "job",
        "Job \"\(spec.id)\" is closed: nothing can be added to it any more. Submit the tasks as a job of their own."
      )
    }
    if let taken = takenName(among: spec, open) {
      throw Refusal(
        .duplicate,
        field: "tasks[\(taken)].id",
        "Job \"\(spec.id)\" has a task \(spec.taskNames[taken].quoted) already, or one that would be called so. Choose another "
          + "id."
      )
    }
    return false
  }

  /// The first entry whose name, or that of one of its tasks, an open job has already.
  private func takenName(among spec: JobSpec, _ open: OpenJob) -> Int? {
    (0..<spec.entryCount).first { entry in
      let name = spec.taskNames[entry]
      if open.place(ofEntry: name) != nil { return true }
      if let (stem, number) = JobSpec.numbered(name), let place = open.place(ofEntry: stem),
        durable.jobs[place.part].spec.array(ofEntry: place.entry)?.element(ofIndex: number) != nil
      {
        return true
      }
      return spec.array(ofEntry: entry).map { open.hasEntry(calledLikeATaskOf: $0, named: name) } ?? false
    }
  }

  func isOfFramework(_ id: JobID) -> Refusal {
    Refusal(
      .conflict,
      field: "job",
      "Job \"\(id)\" is the tasks of a framework, which alone adds to it. `reeve frameworks` lists them; `reeve frameworks "
        + "remove \(id)` ends one."
    )
  }

  func noJob(_ id: String) -> Refusal {
    Refusal(.notFound, field: "job", "There is no job \(id.quoted). `reeve ps --all` lists what there is.")
  }

  static let diskLow = Refusal(
    .unavailable,
    field: "disk",
    "The master's disk is nearly full: until there is room it takes nothing new and starts nothing. What runs goes on. Make "
      + "room on the file system of the master's data directory, then try again."
  )

  /// Whether some task fits no node. Where no node has ever been heard of, nodes will come.
  private func neverFits(_ spec: JobSpec) -> Refusal? {
    guard !spec.mayWaitForNodes else { return nil }
    var nodes = KnownNodes(of: self)
    for (t, template) in spec.templates.enumerated() {
      let task = spec.taskTemplates.firstIndex(of: UInt32(t)) ?? 0
      guard var refusal = nodes.neverFits(template.shape, field: "tasks[\(task)]") else { continue }
      refusal.message += " If such nodes will come, say --allow-pending."
      return refusal
    }
    return nil
  }
}
