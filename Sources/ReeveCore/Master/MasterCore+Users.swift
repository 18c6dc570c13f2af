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
    let targets: [OuterTarget]
    do throws(Refusal) { targets = try outerTargets(of: spec) } catch {
      effects.append(.submitted(request, .failure(error)))
      return
    }
    let job = SubmittedJob(
      number: durable.jobs.next,
      firstTask: durable.jobs.nextTask,
      firstTemplate: durable.nextTemplate,
      submitted: now.wall,
      spec: spec,
      outerTargets: targets
    )
    commit(.jobSubmitted(job), into: &effects)
    if !targets.isEmpty {
      callOff(unmeetable(in: job.number), .dependencyFailed, at: now.wall, into: &effects)
    }
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
    guard !spec.mayWaitForNodes, !largest.isEmpty else { return nil }
    for (t, template) in spec.templates.enumerated() {
      guard !largest.contains(where: { template.resources.fits(in: $0) }) else { continue }
      let task = spec.taskTemplates.firstIndex(of: UInt32(t)) ?? 0
      return LargestNode(of: largest).refusal(of: template.resources, task: task)
    }
    return nil
  }

  /// What the job waits for outside of itself.
  private func outerTargets(of spec: JobSpec) throws(Refusal) -> [OuterTarget] {
    var targets: [OuterTarget] = []
    for outer in spec.outerDependencies {
      let field = "tasks[\(outer.entry)].after"
      guard let (number, name) = place(of: outer) else {
        throw Refusal(
          .unknownDependency,
          field: field,
          "it waits for job \(outer.job.text.quoted), which there is not."
        )
      }
      guard let places = places(named: name, in: number) else {
        throw Refusal(
          .unknownDependency,
          field: field,
          "it waits for \(name.quoted) of job \(outer.job.text.quoted), which has no such task."
        )
      }
      targets.append(
        OuterTarget(job: number, first: UInt32(places.lowerBound), count: UInt32(places.count))
      )
    }
    return targets
  }

  /// The job, and what in it; `nightly.17` is a task of the job's only array where no job is called so.
  private func place(of outer: OuterDependency) -> (JobNumber, String)? {
    if let number = durable.jobs[outer.job] { return (number, outer.task) }
    guard outer.task.isEmpty, let indexed = TaskSelector.indexed(outer.job.text),
      let number = durable.jobs[JobID(indexed.name)], durable.jobs[number].spec.arrays.count == 1
    else { return nil }
    let entry = Int(durable.jobs[number].spec.arrays[0].entry)
    let index = outer.job.text.dropFirst(indexed.name.count)
    return (number, durable.jobs[number].spec.taskNames[entry] + index)
  }

  /// The places of an entry or of one task; of all where the name is empty.
  private func places(named name: String, in number: JobNumber) -> Range<Int>? {
    if name.isEmpty { return 0..<durable.jobs[number].count }
    if let entry = durable.jobs[number].spec.entry(named: name) {
      return durable.jobs[number].layout.places(ofEntry: entry)
    }
    let place = durable.jobs[number].spec.place(named: name, durable.jobs[number].layout)
    return place.map { $0..<$0 + 1 }
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
          + "Ask for at most \(limit.value); `reeve nodes` lists them. If larger nodes will come, say --allow-pending."
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
