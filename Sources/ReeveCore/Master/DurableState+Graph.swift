import ReeveModel

// The graph.
extension DurableState {
  /// Whether nothing keeps a task waiting.
  func isReady(_ place: Int, of job: JobNumber) -> Bool {
    guard jobs[job].isReady(place) else { return false }
    return jobs[job].outerTargets.isEmpty
      || outerEachTargets(of: place, in: job).allSatisfy { isMet($0.condition, by: $0.target) }
  }

  /// What a task of an array waits for task by task, outside of its job.
  func outerEachTargets(of place: Int, in job: JobNumber) -> [(
    target: OuterTarget, condition: DependencyKind.Condition
  )] {
    let entry = jobs[job].layout.entry(at: place)
    let element = place - jobs[job].layout.places(ofEntry: entry).lowerBound
    return jobs[job].spec.outerRange(entry).compactMap { i in
      let (kind, target) = (jobs[job].spec.outerDependencies[i].kind, jobs[job].outerTargets[i])
      guard kind.isEach else { return nil }
      return (OuterTarget(job: target.job, first: target.first + UInt32(element), count: 1), kind.condition)
    }
  }

  /// Whether an edge to a target as a whole is met.
  func isMet(_ condition: DependencyKind.Condition, by target: OuterTarget) -> Bool {
    guard target.isWhole else { return jobs[target.job].isMet(condition, by: target.places) }
    return jobs.isOver(target.job) && jobs.outcomes(of: target.job).meet(condition)
  }

  /// Why it never can be met any more, but for a new round; `.none` where it is or can be.
  func verdict(_ condition: DependencyKind.Condition, by target: OuterTarget) -> FailureReason {
    guard target.isWhole else { return jobs[target.job].verdict(condition, by: target.places) }
    return jobs.outcomes(of: target.job).verdict(condition, isOver: jobs.isOver(target.job))
  }

  /// Lets go what waited within the job for one task that has ended, as far as nothing else keeps it.
  mutating func letGo(after place: Int, of job: JobNumber, queued: inout [TaskRun]) {
    guard jobs[job].hasDependents else { return }
    let entry = jobs[job].layout.entry(at: place)
    let waiting = jobs[job].dependents(ofEntry: entry)
    if !waiting.each.isEmpty {
      let element = place - jobs[job].layout.places(ofEntry: entry).lowerBound
      for edge in waiting.each {
        let start = jobs[job].layout.places(ofEntry: Int(edge.entry)).lowerBound
        queueIfReady(start + element, of: job, queued: &queued)
      }
    }
    guard !waiting.whole.isEmpty, jobs[job].isOver(entry: entry) else { return }
    for edge in waiting.whole
    where jobs[job].isMet(edge.kind.condition, byEntry: entry) && jobs[job].meet(Int(edge.entry)) {
      queueReady(Int(edge.entry), of: job, queued: &queued)
    }
  }

  /// The same for what waited from outside.
  mutating func letGoOutside(after places: Range<Int>, of job: JobNumber, queued: inout [TaskRun]) {
    guard !outerDependents.isEmpty else { return }
    if let waiting = outerDependents[job] {
      var met: [OuterEdge] = []
      var ready: [(JobNumber, Int)] = []
      waiting.forEachTask(in: places) { met += $0 }
      waiting.forEachArray(of: places, jobs[job].layout) { entry, waiting in
        if !waiting.whole.isEmpty, jobs[job].isOver(entry: entry) { met += waiting.whole }
        let own = places.clamped(to: jobs[job].layout.places(ofEntry: entry))
        for edge in waiting.each {
          let start = jobs[edge.job].layout.places(ofEntry: edge.entry).lowerBound
          ready += own.map { (edge.job, start + $0 - edge.target.places.lowerBound) }
        }
      }
      meet(met, queued: &queued)
      for (job, place) in ready { queueIfReady(place, of: job, queued: &queued) }
    }
    letGoWhatWaitsForAll(of: jobs[job].head, queued: &queued)
  }

  /// The same for what waited for all of a job, if that is over.
  mutating func letGoWhatWaitsForAll(of head: JobNumber, queued: inout [TaskRun]) {
    guard let waiting = outerDependents[head]?.whole, !waiting.isEmpty, jobs.isOver(head) else { return }
    meet(waiting, queued: &queued)
  }

  /// Edges to what has just ended, as a whole.
  private mutating func meet(_ edges: [OuterEdge], queued: inout [TaskRun]) {
    for edge in edges where isMet(edge.kind.condition, by: edge.target) && jobs[edge.job].meet(edge.entry) {
      queueReady(edge.entry, of: edge.job, queued: &queued)
    }
  }

  private mutating func queueReady(_ entry: Int, of job: JobNumber, queued: inout [TaskRun]) {
    for place in jobs[job].layout.places(ofEntry: entry) { queueIfReady(place, of: job, queued: &queued) }
  }

  private mutating func queueIfReady(_ place: Int, of job: JobNumber, queued: inout [TaskRun]) {
    guard jobs[job].states[place] == .blocked, isReady(place, of: job) else { return }
    jobs[job].move(place, to: .queued)
    queued.append(jobs[job].task(place))
  }

  mutating func noteOuterDependencies(of job: Job) {
    for (outer, target) in zip(job.spec.outerDependencies, job.outerTargets) {
      let edge = OuterEdge(job: job.number, entry: Int(outer.entry), kind: outer.kind, target: target)
      outerDependents[target.job, default: OuterDependents()].append(edge, jobs[target.job].layout)
    }
  }

  /// Of each dependency on the outside, whether it keeps its entry as a whole.
  func outerUnmet(of job: Job) -> [Bool] {
    zip(job.spec.outerDependencies, job.outerTargets).map { outer, target in
      !outer.kind.isEach && !isMet(outer.kind.condition, by: target)
    }
  }

  mutating func recountUnmet(of job: JobNumber) {
    let outer = outerUnmet(of: jobs[job])
    jobs[job].recountUnmet(outerUnmet: outer)
  }

  mutating func beginRound(of runs: [TaskRun], queued: inout [TaskRun]) {
    let reopened = jobs.places(of: runs)
    // By the states before any of them is reopened.
    let unmet =
      reopened.flatMap { job, places in edgesMet(byPartsOf: places, of: job) }
      + Set(reopened.map { jobs[$0.job].head }).flatMap(edgesMet(byAllOf:))
    for (job, places) in reopened { jobs.reopen(job, places) }
    if !frameworks.unacknowledged.isEmpty { forgetEnds(of: runs) }
    for edge in unmet { jobs[edge.job].unmeet(edge.entry) }
    for (job, places) in reopened {
      for places in places {
        for place in places { queueIfReady(place, of: job, queued: &queued) }
      }
    }
  }

  /// Edges to single ones of these tasks, or to entries of theirs as a whole, that are met.
  private func edgesMet(byPartsOf ranges: [Range<Int>], of job: JobNumber) -> [OuterEdge] {
    var edges: [OuterEdge] = []
    var last = -1
    let layout = jobs[job].layout
    for places in ranges {
      let entries = layout.entry(at: places.lowerBound)...layout.entry(at: places.upperBound - 1)
      for entry in entries where entry != last {
        last = entry
        let own = OuterTarget(layout.places(ofEntry: entry), of: job)
        edges += jobs[job].dependents(ofEntry: entry).whole.map { OuterEdge(of: $0, to: own) }
        guard let outer = outerDependents[job] else { continue }
        outer.forEachArray(of: own.places, layout) { edges += $1.whole }
      }
      outerDependents[job]?.forEachTask(in: places) { edges += $0 }
    }
    return edges.filter { isMet($0.kind.condition, by: $0.target) }
  }

  private func edgesMet(byAllOf head: JobNumber) -> [OuterEdge] {
    (outerDependents[head]?.whole ?? []).filter { isMet($0.kind.condition, by: $0.target) }
  }
}
