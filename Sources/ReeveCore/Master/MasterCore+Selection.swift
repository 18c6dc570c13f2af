package import ReeveModel

// Which tasks users mean.
extension MasterCore {
  /// The tasks that a selector means, in runs of one job each, by their numbers.
  package func select(_ selector: TaskSelector) -> Result<[TaskRun], Refusal> {
    do throws(Refusal) {
      var runs: [TaskRun] = []
      for (job, places) in try places(of: selector) { runs += narrow(places, of: job, by: selector) }
      return .success(runs)
    } catch { return .failure(error) }
  }

  /// By job and place, before states and labels are looked at.
  private func places(of selector: TaskSelector) throws(Refusal) -> [(JobNumber, [Range<Int>])] {
    guard !selector.job.isEmpty else {
      return durable.jobs.jobs.indices.map { (JobNumber(UInt32($0) + 1), [0..<durable.jobs.jobs[$0].count]) }
    }
    if let job = durable.jobs[JobID(selector.job)] {
      guard let task = selector.task else { return [(job, [0..<durable.jobs[job].count])] }
      return [(job, try places(ofTask: task, in: job))]
    }
    if selector.task == nil, let indexed = TaskSelector.indexed(selector.job),
      let job = durable.jobs[JobID(indexed.name)]
    {
      return [(job, try places(indexed.ranges, ofOnlyArrayIn: job))]
    }
    throw Refusal(
      .notFound,
      field: "job",
      "There is no job \"\(selector.job)\". `reeve ps --all` lists what there is."
    )
  }

  private func places(ofTask name: String, in number: JobNumber) throws(Refusal) -> [Range<Int>] {
    let layout = durable.jobs[number].layout
    if let entry = durable.jobs[number].spec.entry(named: name) { return [layout.places(ofEntry: entry)] }
    if let indexed = TaskSelector.indexed(name),
      let entry = durable.jobs[number].spec.entry(named: indexed.name),
      let array = layout.array(ofEntry: entry)
    {
      return try places(indexed.ranges, of: array, in: number)
    }
    throw Refusal(
      .notFound,
      field: "task",
      "Job \"\(durable.jobs[number].spec.id)\" has no task \"\(name)\". "
        + "`reeve ps \(durable.jobs[number].spec.id)` lists them."
    )
  }

  private func places(_ ranges: [ClosedRange<UInt32>], ofOnlyArrayIn number: JobNumber) throws(Refusal)
    -> [Range<Int>]
  {
    guard durable.jobs[number].spec.arrays.count == 1 else {
      let id = durable.jobs[number].spec.id
      throw Refusal(
        .notFound,
        field: "task",
        durable.jobs[number].spec.arrays.isEmpty
          ? "Job \"\(id)\" has no array. Name a task as \(id)/TASK; `reeve ps \(id)` lists them."
          : "Job \"\(id)\" has several arrays: say which, as \(id)/ARRAY.INDEX."
      )
    }
    return try places(ranges, of: 0, in: number)
  }

  private func places(
    _ ranges: [ClosedRange<UInt32>],
    of array: Int,
    in number: JobNumber
  ) throws(Refusal) -> [Range<Int>] {
    let start = durable.jobs[number].layout.arrays[array].start
    var found: [Range<Int>] = []
    for range in ranges {
      let elements = durable.jobs[number].spec.arrays[array].elements(within: range)
      guard !elements.isEmpty else {
        let indices = range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
        throw Refusal(
          .notFound,
          field: "task",
          "Job \"\(durable.jobs[number].spec.id)\" has no task of index \(indices)."
        )
      }
      found.append(start + elements.lowerBound..<start + elements.upperBound)
    }
    return Self.merged(found)
  }

  /// Each place once, in order, whatever was asked for twice.
  private static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var merged: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, range.lowerBound <= last.upperBound {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    return merged
  }

  private func narrow(_ places: [Range<Int>], of job: JobNumber, by selector: TaskSelector) -> [TaskRun] {
    if let user = selector.user, user != durable.jobs[job].spec.user { return [] }
    var runs: [TaskRun] = []
    for range in places {
      for run in labelled(range, of: job, selector.label) {
        guard let state = selector.state else {
          runs.append(durable.jobs[job].run(run), joining: true)
          continue
        }
        runs += durable.jobs[job].runs(in: run) { known, _ in known.shown == state }
      }
    }
    return runs
  }

  /// Those that bear a label, of their own or of their job.
  private func labelled(_ range: Range<Int>, of job: JobNumber, _ label: TaskTemplate.Variable?) -> [Range<
    Int
  >] {
    guard let label, !durable.jobs[job].spec.labels.contains(label) else { return [range] }
    let bears = durable.jobs[job].spec.templates.map { $0.labels.contains(label) }
    guard bears.contains(true) else { return [] }
    var found: [Range<Int>] = []
    for place in range {
      let entry = durable.jobs[job].layout.entry(at: place)
      guard bears[Int(durable.jobs[job].spec.taskTemplates[entry])] else { continue }
      if let last = found.last, last.upperBound == place {
        found[found.count - 1] = last.lowerBound..<place + 1
      } else {
        found.append(place..<place + 1)
      }
    }
    return found
  }

  func meansNothing(_ what: TaskSelector) -> Refusal {
    var narrowed: [String] = []
    if let state = what.state { narrowed.append("is \(state)") }
    if let label = what.label { narrowed.append("bears the label \(label.name)=\(label.value)") }
    if let user = what.user { narrowed.append("is of user \(user)") }
    let place = what.job.isEmpty ? "" : " of \(what.description.quoted)"
    return Refusal(
      .notFound,
      field: "task",
      "No task\(place) \(narrowed.joined(separator: " and ")). `reeve ps` shows what there is."
    )
  }

  func severalTasks(_ what: TaskSelector, _ runs: [TaskRun]) -> Refusal {
    guard let first = runs.first, let job = durable.jobs.number(of: first.first) else {
      return Refusal(.notFound, field: "task", "No task is meant by \(what.description.quoted).")
    }
    let example = durable.jobs[job].name(at: durable.jobs[job].place(first.first))
    return Refusal(
      .invalid,
      field: "task",
      "\(what.description.quoted) is \(runs.taskCount) tasks: say which, such as \(durable.jobs[job].spec.id)/\(example). "
        + "`reeve ps \(durable.jobs[job].spec.id)` lists them."
    )
  }
}
