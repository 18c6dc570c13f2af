package import ReeveModel

/// One job with its graph, the states of its tasks, and how many of them are where.
///
/// A task is known by its place in the job; an array is one entry and half a byte a task.
package struct Job: Equatable, Sendable {
  package let number: JobNumber
  package let spec: JobSpec
  package let layout: TaskLayout
  package let firstTask: TaskNumber
  package let firstTemplate: TemplateNumber
  package let submitted: WallTime
  package let outerTargets: [OuterTarget]
  package var ended = WallTime.none
  package private(set) var counts = TaskCounts()
  package private(set) var states: TaskStates
  /// Of each entry, how many of its edges are not met, those task by task aside; none where nothing waits for anything.
  package private(set) var unmet: [UInt32] = []
  /// Of each array, how its tasks have ended.
  fileprivate var tallies: [Tally]
  package private(set) var priorities: [PriorityChange] = []
  /// In the order of their places.
  package private(set) var calledOff: [CalledOff] = []
  package var lastEnd = LastEnd()
  private let graph: Dependents

  fileprivate struct Tally: Equatable, Sendable {
    var succeeded = 0
    var failed = 0
    var cancelled = 0
    var ended: Int { succeeded + failed + cancelled }
  }

  /// - Parameters:
  ///   - job: the submission.
  ///   - outerUnmet: of each outer dependency, whether it is not met yet.
  init(_ job: SubmittedJob, outerUnmet: [Bool]) {
    number = job.number
    spec = job.spec
    layout = TaskLayout(of: job.spec)
    firstTask = job.firstTask
    firstTemplate = job.firstTemplate
    submitted = job.submitted
    outerTargets = job.outerTargets
    graph = Dependents(of: job.spec)
    tallies = Array(repeating: Tally(), count: job.spec.arrays.count)
    states = TaskStates(.queued, count: layout.count)
    counts[.queued] = layout.count
    recountUnmet(outerUnmet: outerUnmet)
    blockUnmet()
  }

  package var count: Int { layout.count }
  var hasDependents: Bool { !graph.isEmpty }
  var waitsForAnything: Bool { !unmet.isEmpty }

  package func task(_ place: Int) -> TaskNumber { TaskNumber(firstTask.rawValue + UInt64(place)) }
  @inline(__always) package func place(_ task: TaskNumber) -> Int {
    Int(task.rawValue) - Int(firstTask.rawValue)
  }
  @inline(__always) package func has(_ task: TaskNumber) -> Bool {
    task >= firstTask && place(task) < layout.count
  }
  func run(_ places: Range<Int>) -> TaskRun {
    TaskRun(first: task(places.lowerBound), count: UInt32(places.count))
  }
  func places(_ run: TaskRun) -> Range<Int> { place(run.first)..<place(run.first) + Int(run.count) }

  @inline(__always) func template(at place: Int) -> TemplateNumber {
    TemplateNumber(firstTemplate.rawValue + spec.taskTemplates[layout.entry(at: place)])
  }

  package func name(at place: Int) -> String { spec.taskName(at: place, layout) }
}

// States.
extension Job {
  @inline(__always) mutating func move(_ place: Int, to next: TaskState) {
    let state = states[place]
    precondition(
      state.canBecome(next),
      "task \(place) of \(spec.id) cannot go from \(state) to \(next)"
    )
    states[place] = next
    counts[state] -= 1
    counts[next] += 1
    guard !tallies.isEmpty, state.isTerminal || next.isTerminal, let array = layout.array(at: place) else {
      return
    }
    tallies[array].count(state, -1)
    tallies[array].count(next, 1)
  }

  mutating func setHeld(_ isHeld: Bool, _ places: Range<Int>) { states.setHeld(isHeld, at: places) }

  /// A job that has ended needs no half byte a task where all ended alike.
  mutating func compact() { states.compact() }

  /// Puts back what a snapshot says.
  mutating func restore(_ states: TaskStates) {
    self.states = states
    counts = TaskCounts()
    tallies = Array(repeating: Tally(), count: tallies.count)
    var place = 0
    while place < states.count {
      let run = states.run(in: place..<states.count)
      counts[run.state] += run.places.count
      place = run.places.upperBound
    }
    for (array, places) in layout.arrays.enumerated() {
      for place in places.start..<places.end { tallies[array].count(states[place], 1) }
    }
  }

  mutating func restore(_ told: SnapshotJob) {
    ended = told.ended
    priorities = told.priorities
    calledOff = told.calledOff
    lastEnd = told.lastEnd
    restore(told.states)
  }

  /// Calls `body` with each run of places that are alike.
  func forEachRun(in places: Range<Int>, _ body: (TaskState, _ isHeld: Bool, Range<Int>) -> Void) {
    var place = places.lowerBound
    while place < places.upperBound {
      let run = states.run(in: place..<places.upperBound)
      body(run.state, run.isHeld, run.places)
      place = run.places.upperBound
    }
  }

  /// Runs of the tasks that are in one of some states.
  func runs(in places: Range<Int>, where isWanted: (TaskState, _ isHeld: Bool) -> Bool) -> [TaskRun] {
    var runs: [TaskRun] = []
    forEachRun(in: places) { state, isHeld, places in
      if isWanted(state, isHeld) { runs.append(run(places), joining: true) }
    }
    return runs
  }
}

extension Job.Tally {
  fileprivate mutating func count(_ state: TaskState, _ change: Int) {
    switch state {
    case .succeeded: succeeded += change
    case .failed: failed += change
    case .cancelled: cancelled += change
    case .blocked, .queued, .assigned, .running: break
    }
  }
}

// What users change.
extension Job {
  func priority(at place: Int) -> Int32 {
    if let change = priorities.last(where: { $0.first <= place && place < Int($0.first) + Int($0.count) }) {
      return change.priority
    }
    return spec.templates[Int(spec.taskTemplates[layout.entry(at: place)])].priority
  }

  mutating func setPriority(_ priority: Int32, _ places: Range<Int>) {
    // What it covers is forgotten, so that changing one's mind often costs nothing.
    priorities.removeAll {
      places.lowerBound <= Int($0.first) && Int($0.first) + Int($0.count) <= places.upperBound
    }
    priorities.append(
      PriorityChange(first: UInt32(places.lowerBound), count: UInt32(places.count), priority: priority)
    )
  }

  mutating func noteCalledOff(_ places: Range<Int>, _ reason: FailureReason, at wall: WallTime) {
    let new = CalledOff(
      first: UInt32(places.lowerBound),
      count: UInt32(places.count),
      reason: reason,
      at: wall
    )
    guard let last = calledOff.last, last.first > new.first else { return calledOff.append(new) }
    let place = calledOff.firstIndex { $0.first > new.first } ?? calledOff.count
    calledOff.insert(new, at: place)
  }

  /// Tasks that failed by themselves, and not for what they waited for.
  var ownFailures: Int {
    calledOff.reduce(counts[.failed]) { $0 - ($1.reason == .dependencyFailed ? Int($1.count) : 0) }
  }

  /// How a task ended that had no attempt.
  func calledOff(at place: Int) -> CalledOff? {
    var (low, high) = (0, calledOff.count)
    while low < high {
      let middle = (low + high) / 2
      if Int(calledOff[middle].first) <= place { low = middle + 1 } else { high = middle }
    }
    guard low > 0, place < Int(calledOff[low - 1].first) + Int(calledOff[low - 1].count) else { return nil }
    return calledOff[low - 1]
  }

  /// Tasks that had ended are to run, again or at last.
  mutating func reopen(_ places: Range<Int>) {
    for place in places { move(place, to: .blocked) }
    guard !calledOff.isEmpty else { return }
    calledOff = calledOff.flatMap { old in
      let range = Int(old.first)..<Int(old.first) + Int(old.count)
      return [
        range.lowerBound..<min(range.upperBound, max(range.lowerBound, places.lowerBound)),
        max(range.lowerBound, min(range.upperBound, places.upperBound))..<range.upperBound,
      ].filter { !$0.isEmpty }.map {
        CalledOff(first: UInt32($0.lowerBound), count: UInt32($0.count), reason: old.reason, at: old.at)
      }
    }
  }
}

// The graph.
extension Job {
  /// Those who wait for an entry.
  func dependents(ofEntry entry: Int) -> ArraySlice<Dependents.Edge> { graph[entry] }

  /// Whether a task that ended so is what an edge waits for.
  static func isMet(_ condition: DependencyKind.Condition, by state: TaskState) -> Bool {
    switch condition {
    case .succeeded: state == .succeeded
    case .failed: state == .failed
    case .ended: state.isTerminal
    }
  }

  /// Whether an edge to an entry as a whole is met.
  func isMet(_ condition: DependencyKind.Condition, byEntry entry: Int) -> Bool {
    guard let array = layout.array(ofEntry: entry) else {
      return Self.isMet(condition, by: states[layout.places(ofEntry: entry).lowerBound])
    }
    let tally = tallies[array]
    guard tally.ended == layout.arrays[array].count else { return false }
    return Self.isMet(condition, tally)
  }

  fileprivate static func isMet(_ condition: DependencyKind.Condition, _ tally: Tally) -> Bool {
    switch condition {
    case .succeeded: tally.failed == 0 && tally.cancelled == 0
    case .failed: tally.failed > 0
    case .ended: true
    }
  }

  /// Whether an edge to an entry as a whole never can be met any more, but for a new round.
  func isUnmeetable(_ condition: DependencyKind.Condition, byEntry entry: Int) -> Bool {
    guard let array = layout.array(ofEntry: entry) else {
      let state = states[layout.places(ofEntry: entry).lowerBound]
      return state.isTerminal && !Self.isMet(condition, by: state)
    }
    let tally = tallies[array]
    switch condition {
    case .succeeded: return tally.failed + tally.cancelled > 0
    case .failed: return tally.ended == layout.arrays[array].count && tally.failed == 0
    case .ended: return false
    }
  }

  /// The same for tasks that another job waits for: all, an array's, or one.
  func isMet(_ condition: DependencyKind.Condition, by places: Range<Int>) -> Bool {
    if places.count == 1 { return Self.isMet(condition, by: states[places.lowerBound]) }
    guard places != 0..<count else {
      return counts.unfinished == 0 && Self.isMet(condition, Tally(counts))
    }
    return isMet(condition, byEntry: layout.entry(at: places.lowerBound))
  }

  func isUnmeetable(_ condition: DependencyKind.Condition, by places: Range<Int>) -> Bool {
    if places.count == 1 {
      let state = states[places.lowerBound]
      return state.isTerminal && !Self.isMet(condition, by: state)
    }
    guard places != 0..<count else {
      let tally = Tally(counts)
      return condition == .succeeded
        ? tally.failed + tally.cancelled > 0 : counts.unfinished == 0 && !Self.isMet(condition, tally)
    }
    return isUnmeetable(condition, byEntry: layout.entry(at: places.lowerBound))
  }

  /// Whether nothing keeps a task waiting.
  func isReady(_ place: Int) -> Bool {
    guard !unmet.isEmpty else { return true }
    let entry = layout.entry(at: place)
    guard unmet[entry] == 0 else { return false }
    return spec.dependencyKinds.isEmpty
      || eachTargets(of: place, entry).allSatisfy {
        Self.isMet($0.condition, by: states[$0.place])
      }
  }

  /// What a task of an array waits for task by task.
  func eachTargets(of place: Int, _ entry: Int) -> [(place: Int, condition: DependencyKind.Condition)] {
    guard !spec.dependencyKinds.isEmpty else { return [] }
    let element = place - layout.places(ofEntry: entry).lowerBound
    return spec.dependencyRange(entry).compactMap { edge in
      let kind = spec.dependencyKind(edge)
      guard kind.isEach else { return nil }
      return (layout.places(ofEntry: Int(spec.dependencies[edge])).lowerBound + element, kind.condition)
    }
  }

  /// One of an entry's edges has been met.
  /// - Returns: whether that was the last.
  mutating func meet(_ entry: Int) -> Bool {
    unmet[entry] -= 1
    return unmet[entry] == 0
  }

  /// Works out from the states how many edges are not met.
  mutating func recountUnmet(outerUnmet: [Bool]) {
    guard !spec.dependencies.isEmpty || !spec.outerDependencies.isEmpty else { return }
    var unmet = [UInt32](repeating: 0, count: spec.entryCount)
    for entry in 0..<spec.entryCount {
      for edge in spec.dependencyRange(entry) {
        let kind = spec.dependencyKind(edge)
        if !kind.isEach, !isMet(kind.condition, byEntry: Int(spec.dependencies[edge])) { unmet[entry] += 1 }
      }
    }
    for (outer, isUnmet) in zip(spec.outerDependencies, outerUnmet) where isUnmet {
      unmet[Int(outer.entry)] += 1
    }
    self.unmet = unmet
  }

  /// Of a job whose tasks are all queued: those that wait for something are blocked.
  private mutating func blockUnmet() {
    guard !unmet.isEmpty else { return }
    if spec.dependencyKinds.isEmpty, unmet.allSatisfy({ $0 > 0 }) {
      states = TaskStates(.blocked, count: count)
      (counts[.queued], counts[.blocked]) = (0, count)
      return
    }
    for place in 0..<count where !isReady(place) {
      states[place] = .blocked
      counts[.queued] -= 1
      counts[.blocked] += 1
    }
  }
}

extension Job.Tally {
  fileprivate init(_ counts: TaskCounts) {
    (succeeded, failed, cancelled) = (counts[.succeeded], counts[.failed], counts[.cancelled])
  }
}
