import ReeveModel

// What jobs wait for outside of themselves.
extension MasterCore {
  /// The tasks that a submission's outer dependencies are on.
  func outerTargets(of spec: JobSpec) throws(Refusal) -> [OuterTarget] {
    guard !spec.outerDependencies.isEmpty else { return [] }
    var finder = TargetFinder(jobs: durable.jobs, spec: spec)
    var targets: [OuterTarget] = []
    for (i, outer) in spec.outerDependencies.enumerated() {
      let target = try finder.target(of: outer, i)
      if outer.kind.isEach { try validateEach(outer, target, of: spec) }
      targets.append(target)
    }
    if !spec.addition.isEmpty { try refuseCircle(of: spec, targets) }
    return targets
  }

  /// What is added to an open job must not wait for what waits for all of that.
  private func refuseCircle(of spec: JobSpec, _ targets: [OuterTarget]) throws(Refusal) {
    guard let head = durable.jobs[spec.id], durable.outerDependents[head]?.whole.isEmpty == false,
      // There was no circle before, so that none goes by what the job has already.
      targets.contains(where: { $0.job < durable.jobs.next && durable.jobs[$0.job].head != head })
    else { return }
    let waiting = WaitingEntries(forAllOf: head, in: durable)
    for (outer, target) in zip(spec.outerDependencies, targets) where waiting.has(target, in: durable) {
      throw Refusal(
        .cycle,
        field: "tasks[\(outer.entry)].after",
        "it waits for \(outer.description.quoted), and that, perhaps by way of others, for all of job \(spec.id.text.quoted), to which "
          + "it is added: each would wait for the other. Remove this dependency."
      )
    }
  }

  private func validateEach(_ outer: OuterDependency, _ target: OuterTarget, of spec: JobSpec) throws(Refusal)
  {
    let layout = target.job < durable.jobs.next ? durable.jobs[target.job].layout : TaskLayout(of: spec)
    let count =
      target.isWhole ? 0 : layout.array(at: target.places.lowerBound).map { layout.arrays[$0].count }
    let own = spec.array(ofEntry: Int(outer.entry))?.count
    if let own, own == count, own == Int(target.count) { return }
    let sizes = [own, count].map { $0.map { "\($0)" } ?? "no array" }.joined(separator: " and ")
    throw Refusal(
      .invalid,
      field: "tasks[\(outer.entry)].after",
      "\(spec.taskNames[Int(outer.entry)].quoted) is to wait for \(outer.description.quoted) task by task: both have to be "
        + "arrays of as many tasks (here \(sizes))."
    )
  }
}

/// All entries that wait for all of a job, and those that wait for them.
private struct WaitingEntries {
  private struct Entry: Hashable {
    var job: JobNumber
    var entry: Int
  }

  private var found: Set<Entry> = []
  private var heads: Set<JobNumber> = []

  init(forAllOf head: JobNumber, in durable: DurableState) {
    var next = (durable.outerDependents[head]?.whole ?? []).map { Entry(job: $0.job, entry: $0.entry) }
    while let entry = next.popLast() {
      guard found.insert(entry).inserted else { continue }
      let job = durable.jobs[entry.job]
      let row = job.dependents(ofEntry: entry.entry)
      next += (row.each + row.whole).map { Entry(job: entry.job, entry: Int($0.entry)) }
      let places = job.layout.places(ofEntry: entry.entry)
      var edges: [OuterEdge] = []
      if heads.insert(job.head).inserted { edges += durable.outerDependents[job.head]?.whole ?? [] }
      durable.outerDependents[entry.job]?.forEachTask(in: places) { edges += $0 }
      durable.outerDependents[entry.job]?.forEachArray(of: places, job.layout) { edges += $1.each + $1.whole }
      next += edges.map { Entry(job: $0.job, entry: $0.entry) }
    }
  }

  func has(_ target: OuterTarget, in durable: DurableState) -> Bool {
    guard target.job < durable.jobs.next else { return false }
    if target.isWhole { return heads.contains(target.job) }
    let entry = durable.jobs[target.job].layout.entry(at: target.places.lowerBound)
    return found.contains(Entry(job: target.job, entry: entry))
  }
}

/// Finds what outer dependencies name.
private struct TargetFinder {
  let jobs: JobTable
  let spec: JobSpec
  private let own: [Range<Int>?]
  private var names = EntryFinder()

  init(jobs: JobTable, spec: JobSpec) {
    self.jobs = jobs
    self.spec = spec
    own = spec.ownTargets()
  }

  /// What a dependency is on, the `i`th of all.
  mutating func target(of outer: OuterDependency, _ i: Int) throws(Refusal) -> OuterTarget {
    if let places = own[i] { return OuterTarget(places, of: jobs.next) }
    let (head, name) = try job(of: outer)
    if name.isEmpty, !outer.kind.isEach { return .whole(head) }
    if name.isEmpty { return try onlyArray(of: head, outer) }
    if let place = names.find(name, in: head, of: jobs) {
      return OuterTarget(jobs[place.part].layout.places(ofEntry: place.entry), of: place.part)
    }
    if let (stem, number) = JobSpec.numbered(name), let place = names.find(stem, in: head, of: jobs),
      let element = jobs[place.part].spec.array(ofEntry: place.entry)?.element(ofIndex: number)
    {
      let start = jobs[place.part].layout.places(ofEntry: place.entry).lowerBound
      return OuterTarget(start + element..<start + element + 1, of: place.part)
    }
    throw Refusal(
      .unknownDependency,
      field: "tasks[\(outer.entry)].after",
      "it waits for \(name.quoted) of job \(jobs[head].spec.id.text.quoted), which has no such task."
    )
  }

  /// The job, and what in it; `nightly.17` is a task of the job's only array where no job is called so.
  private func job(of outer: OuterDependency) throws(Refusal) -> (JobNumber, String) {
    let id = outer.isOwn ? spec.id : outer.job
    if let head = jobs[id] { return (head, outer.task) }
    if outer.task.isEmpty, let indexed = TaskSelector.indexed(id.text), let head = jobs[JobID(indexed.name)] {
      let part = try arrayPart(of: head, outer)
      let name = jobs[part].spec.taskNames[jobs[part].layout.arrays[0].entry]
      return (head, name + id.text.dropFirst(indexed.name.count))
    }
    throw Refusal(
      .unknownDependency,
      field: "tasks[\(outer.entry)].after",
      "it waits for job \(id.text.quoted), which there is not."
    )
  }

  private func onlyArray(of head: JobNumber, _ outer: OuterDependency) throws(Refusal) -> OuterTarget {
    let part = try arrayPart(of: head, outer)
    let array = jobs[part].layout.arrays[0]
    return OuterTarget(array.start..<array.end, of: part)
  }

  /// The part that has the only array of a job.
  private func arrayPart(of head: JobNumber, _ outer: OuterDependency) throws(Refusal) -> JobNumber {
    let arrays = jobs.arrays(of: head)
    if arrays.count == 1 { return arrays[0].part }
    let id = jobs[head].spec.id
    throw Refusal(
      .unknownDependency,
      field: "tasks[\(outer.entry)].after",
      arrays.isEmpty
        ? "it waits for tasks of an array of job \(id.text.quoted), which has none."
        : "it waits for tasks of an array of job \(id.text.quoted), which has several: say which, as \(id)/ARRAY."
    )
  }
}

/// Finds entries of jobs by their names. Where many are looked for in one job, its names are indexed once.
struct EntryFinder {
  private var looks: [JobNumber: Int] = [:]
  private var entries: [JobNumber: [String: OpenJob.Place]] = [:]
  private static let indexedFrom = 8

  /// - Returns: `nil` where no part of the job has an entry of that name.
  mutating func find(_ name: String, in head: JobNumber, of jobs: JobTable) -> OpenJob.Place? {
    if let open = jobs.open(head), open.isOpen { return open.place(ofEntry: name) }
    if let known = entries[head] { return known[name] }
    looks[head, default: 0] += 1
    guard looks[head, default: 0] > Self.indexedFrom else {
      for part in jobs.parts(of: head) {
        if let entry = jobs[part].spec.entry(named: name) { return OpenJob.Place(part: part, entry: entry) }
      }
      return nil
    }
    var index: [String: OpenJob.Place] = [:]
    for part in jobs.parts(of: head) {
      for entry in 0..<jobs[part].spec.entryCount {
        index[jobs[part].spec.taskNames[entry]] = OpenJob.Place(part: part, entry: entry)
      }
    }
    entries[head] = index
    return index[name]
  }
}
