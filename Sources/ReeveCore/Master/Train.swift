import ReeveModel

/// Tasks that can no longer become ready, and why: what ends bring with them, through the whole graph.
///
/// A walk over the edges that became unmeetable, or will by what is found: each is looked at once, however deep the graph.
/// What shows only when all of an array has ended is left to the train after this one.
struct Train {
  private var doomed: [TaskNumber: FailureReason] = [:]
  /// What was found and has not been gone on from.
  private var open: [Lost] = []
  /// Of arrays and jobs, edges to all of which were looked at.
  private var seen: Set<Whole> = []

  /// Tasks of one entry that have ended, or, with a reason, will end for that.
  private struct Lost {
    var job: JobNumber
    var places: Range<Int>
    var reason: FailureReason
  }

  private struct Whole: Hashable {
    var target: OuterTarget
    var reason: FailureReason
  }

  /// Adds what waits for tasks that have ended.
  mutating func add(whatWaitsFor places: Range<Int>, of job: JobNumber, in durable: DurableState) {
    guard durable.jobs[job].hasDependents || !durable.outerDependents.isEmpty else { return }
    var place = places.lowerBound
    while place < places.upperBound {
      let entry = durable.jobs[job].layout.entry(at: place)
      let own = durable.jobs[job].layout.places(ofEntry: entry).clamped(to: places)
      goOn(from: Lost(job: job, places: own, reason: .none), in: durable)
      place = own.upperBound
    }
    goOn(in: durable)
  }

  /// Adds what waits for all of a job.
  mutating func add(whatWaitsForAllOf head: JobNumber, in durable: DurableState) {
    for edge in durable.outerDependents[head]?.whole ?? [] {
      let reason = durable.verdict(edge.kind.condition, by: edge.target)
      if reason != .none { add(entry: edge.entry, of: edge.job, reason, in: durable) }
    }
  }

  /// Adds an entry that waits for what cannot come, and what waits for it.
  mutating func add(entry: Int, of job: JobNumber, _ reason: FailureReason, in durable: DurableState) {
    doom(entry: entry, of: job, reason, in: durable)
    goOn(in: durable)
  }

  /// Adds a task that does.
  mutating func add(_ place: Int, of job: JobNumber, _ reason: FailureReason, in durable: DurableState) {
    doom(place, of: job, reason, in: durable)
    goOn(in: durable)
  }

  /// The tasks, by their reasons and in their order; no run passes the end of its job.
  func runs(in durable: DurableState) -> [(reason: FailureReason, runs: [TaskRun])] {
    var found: [(reason: FailureReason, runs: [TaskRun])] = []
    for reason in [FailureReason.dependencyFailed, .notNeeded] {
      var runs: [TaskRun] = []
      var job = JobNumber(0)
      for task in doomed.filter({ $0.value == reason }).keys.sorted() {
        let own = durable.jobs.job(of: task, guess: job)
        runs.append(TaskRun(first: task, count: 1), joining: own == job)
        job = own
      }
      if !runs.isEmpty { found.append((reason, runs)) }
    }
    return found
  }

  private mutating func doom(entry: Int, of job: JobNumber, _ reason: FailureReason, in durable: DurableState)
  {
    guard durable.jobs[job].counts[.blocked] > 0 else { return }
    for place in durable.jobs[job].layout.places(ofEntry: entry) { doom(place, of: job, reason, in: durable) }
  }

  private mutating func doom(
    _ place: Int,
    of job: JobNumber,
    _ reason: FailureReason,
    in durable: DurableState
  ) {
    let task = durable.jobs[job].task(place)
    guard durable.jobs[job].states[place] == .blocked, doomed[task] == nil else { return }
    doomed[task] = reason
    open.append(Lost(job: job, places: place..<place + 1, reason: reason))
  }

  /// From all that was found to what waits for it.
  private mutating func goOn(in durable: DurableState) {
    while let lost = open.popLast() { goOn(from: lost, in: durable) }
  }

  private mutating func goOn(from lost: Lost, in durable: DurableState) {
    let layout = durable.jobs[lost.job].layout
    let entry = layout.entry(at: lost.places.lowerBound)
    let own = OuterTarget(layout.places(ofEntry: entry), of: lost.job)
    let isNew = isNew(own, lost, in: durable)
    if durable.jobs[lost.job].hasDependents {
      let waiting = durable.jobs[lost.job].dependents(ofEntry: entry)
      for edge in waiting.each { doomEach(OuterEdge(of: edge, to: own), lost, in: durable) }
      if isNew { for edge in waiting.whole { doom(OuterEdge(of: edge, to: own), lost, in: durable) } }
    }
    guard !durable.outerDependents.isEmpty else { return }
    if let waiting = durable.outerDependents[lost.job] {
      var (edges, each): ([OuterEdge], [OuterEdge]) = ([], [])
      waiting.forEachTask(in: lost.places) { edges += $0 }
      waiting.forEachArray(of: lost.places, layout) { _, waiting in
        if isNew { edges += waiting.whole }
        each = waiting.each
      }
      for edge in edges { doom(edge, lost, in: durable) }
      for edge in each { doomEach(edge, lost, in: durable) }
    }
    let head = durable.jobs[lost.job].head
    guard let edges = durable.outerDependents[head]?.whole, !edges.isEmpty,
      self.isNew(.whole(head), lost, in: durable)
    else { return }
    for edge in edges { doom(edge, lost, in: durable) }
  }

  /// Whether edges to all of something have not been looked at, and are worth it.
  private mutating func isNew(_ target: OuterTarget, _ lost: Lost, in durable: DurableState) -> Bool {
    if target.count != 1, !seen.insert(Whole(target: target, reason: lost.reason)).inserted { return false }
    return DependencyKind.Condition.allCases.contains { verdict($0, target, lost, in: durable) != .none }
  }

  private func verdict(
    _ condition: DependencyKind.Condition,
    _ target: OuterTarget,
    _ lost: Lost,
    in durable: DurableState
  ) -> FailureReason {
    lost.reason == .none
      ? durable.verdict(condition, by: target)
      : Outcomes(lost.reason.outcome).verdict(condition, isOver: target.count == 1)
  }

  private mutating func doom(_ edge: OuterEdge, _ lost: Lost, in durable: DurableState) {
    let reason = verdict(edge.kind.condition, edge.target, lost, in: durable)
    if reason != .none { doom(entry: edge.entry, of: edge.job, reason, in: durable) }
  }

  private mutating func doomEach(_ edge: OuterEdge, _ lost: Lost, in durable: DurableState) {
    let start = durable.jobs[edge.job].layout.places(ofEntry: edge.entry).lowerBound
    for place in lost.places {
      let reason = verdict(
        edge.kind.condition,
        OuterTarget(place..<place + 1, of: lost.job),
        lost,
        in: durable
      )
      guard reason != .none else { continue }
      doom(start + place - edge.target.places.lowerBound, of: edge.job, reason, in: durable)
    }
  }
}

extension OuterEdge {
  /// An edge within a job, as if it came from outside.
  init(of edge: Dependents.Edge, to target: OuterTarget) {
    self.init(job: target.job, entry: Int(edge.entry), kind: edge.kind, target: target)
  }
}
