package import ReeveModel

// Which tasks users mean.
extension MasterCore {
  /// The tasks that a selector means, in runs of one job each, by their numbers.
  package func select(_ selector: TaskSelector) -> Result<[TaskRun], Refusal> {
    var names = EntryFinder()
    return select(selector, &names)
  }

  /// The same for one of many selectors, which share what is found out about names.
  func select(_ selector: TaskSelector, _ names: inout EntryFinder) -> Result<[TaskRun], Refusal> {
    do throws(Refusal) {
      guard selector.job.isEmpty else {
        let found = try places(of: selector, &names)
        return .success(found.flatMap { narrow($0.places, of: $0.job, by: selector) })
      }
      return .success(
        durable.jobs.jobs.reduce(into: []) { runs, job in
          runs += narrow([0..<job.count], of: job.number, by: selector)
        }
      )
    } catch { return .failure(error) }
  }

  /// Fills a page with the tasks that a selector means, from where the page before it ended.
  func select(_ selector: TaskSelector, onto page: inout TaskPage) throws(Refusal) {
    guard selector.job.isEmpty else {
      var names = EntryFinder()
      for (job, places) in try places(of: selector, &names) {
        select(places, of: job, by: selector, onto: &page)
        if page.next != 0 { return }
      }
      return
    }
    guard let first = durable.jobs.number(of: TaskNumber(page.last + 1)) else { return }
    for i in first.index - 1..<durable.jobs.jobs.count {
      let job = JobNumber(UInt32(i) + 1)
      select([0..<durable.jobs[job].count], of: job, by: selector, onto: &page)
      if page.next != 0 { return }
    }
  }

  private func select(
    _ places: [Range<Int>],
    of job: JobNumber,
    by selector: TaskSelector,
    onto page: inout TaskPage
  ) {
    let first = Int(durable.jobs[job].firstTask.rawValue)
    for range in places {
      while true {
        let start = max(range.lowerBound, Int(page.last) + 1 - first)
        guard start < range.upperBound else { break }
        guard page.looksLeft > 0 else { return page.cut() }
        if hasNothing(job, of: selector) {
          return page.pass(over: durable.jobs[job].run(0..<durable.jobs[job].count))
        }
        let part = start..<min(range.upperBound, start + page.looksLeft)
        page.take(narrow([part], of: job, by: selector), of: durable.jobs[job].run(part))
      }
    }
  }

  /// The parts of the job that have what is meant, by place, before states and labels are looked at.
  private func places(
    of selector: TaskSelector,
    _ names: inout EntryFinder
  ) throws(Refusal) -> [(job: JobNumber, places: [Range<Int>])] {
    if let head = durable.jobs[JobID(selector.job)] {
      if let task = selector.task { return [try places(ofTask: task, in: head, &names)] }
      return durable.jobs.parts(of: head).map { ($0, [0..<durable.jobs[$0].count]) }
    }
    if selector.task == nil, let indexed = TaskSelector.indexed(selector.job),
      let head = durable.jobs[JobID(indexed.name)]
    {
      return [try places(indexed.ranges, ofOnlyArrayIn: head)]
    }
    throw noJob(selector.job)
  }

  private func places(
    ofTask name: String,
    in head: JobNumber,
    _ names: inout EntryFinder
  ) throws(Refusal) -> (JobNumber, [Range<Int>]) {
    if let place = names.find(name, in: head, of: durable.jobs) {
      return (place.part, [durable.jobs[place.part].layout.places(ofEntry: place.entry)])
    }
    if let indexed = TaskSelector.indexed(name),
      let place = names.find(indexed.name, in: head, of: durable.jobs),
      let array = durable.jobs[place.part].layout.array(ofEntry: place.entry)
    {
      return (place.part, try places(indexed.ranges, of: array, in: place.part))
    }
    throw Refusal(
      .notFound,
      field: "task",
      "Job \"\(durable.jobs[head].spec.id)\" has no task \"\(name)\". "
        + "`reeve ps \(durable.jobs[head].spec.id)` lists them."
    )
  }

  private func places(_ ranges: [ClosedRange<UInt32>], ofOnlyArrayIn head: JobNumber) throws(Refusal) -> (
    JobNumber, [Range<Int>]
  ) {
    let arrays = durable.jobs.arrays(of: head)
    guard arrays.count == 1 else {
      let id = durable.jobs[head].spec.id
      throw Refusal(
        .notFound,
        field: "task",
        arrays.isEmpty
          ? "Job \"\(id)\" has no array. Name a task as \(id)/TASK; `reeve ps \(id)` lists them."
          : "Job \"\(id)\" has several arrays: say which, as \(id)/ARRAY.INDEX."
      )
    }
    return (arrays[0].part, try places(ranges, of: arrays[0].array, in: arrays[0].part))
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
    if hasNothing(job, of: selector) { return [] }
    var runs: [TaskRun] = []
    for range in places where !range.isEmpty {
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

  /// Whether nothing of a job is meant, as a look at the job as a whole shows.
  private func hasNothing(_ number: JobNumber, of selector: TaskSelector) -> Bool {
    let head = durable.jobs[number].head
    if let user = selector.user, user != durable.jobs[head].spec.user { return true }
    guard let label = selector.label, !durable.jobs[head].spec.labels.contains(label) else { return false }
    let templates = durable.jobs[number].spec.templates
    // Of a job with very many, its tasks are looked at: a page looks at so many of those at most.
    return templates.count <= Self.templatesMax && !templates.contains { $0.labels.contains(label) }
  }

  private static let templatesMax = 1_000

  /// Those that bear a label, of their own or of their job: entry by entry, for an array bears one as a whole.
  private func labelled(
    _ range: Range<Int>,
    of number: JobNumber,
    _ label: TaskTemplate.Variable?
  ) -> [Range<Int>] {
    guard let label, !durable.jobs[durable.jobs[number].head].spec.labels.contains(label) else {
      return [range]
    }
    let job = durable.jobs[number]
    var found: [Range<Int>] = []
    // Of the template that was looked at last: neighbours mostly have the same.
    var (template, bears) = (UInt32.max, false)
    var place = range.lowerBound
    while place < range.upperBound {
      let entry = job.layout.entry(at: place)
      let end = min(job.layout.places(ofEntry: entry).upperBound, range.upperBound)
      defer { place = end }
      let own = job.spec.taskTemplates[entry]
      if own != template { (template, bears) = (own, job.spec.templates[Int(own)].labels.contains(label)) }
      guard bears else { continue }
      if let last = found.last, last.upperBound == place {
        found[found.count - 1] = last.lowerBound..<end
      } else {
        found.append(place..<end)
      }
    }
    return found
  }

  func meansNothing(_ what: TaskSelector) -> Refusal {
    var narrowed: [String] = []
    if let state = what.state { narrowed.append("is \(state)") }
    if let label = what.label { narrowed.append("bears the label \(label.name)=\(label.value)") }
    if let user = what.user { narrowed.append("is of user \(user)") }
    if narrowed.isEmpty {
      return Refusal(.notFound, field: "task", "\(what.description.quoted) has no task.")
    }
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
