package import ReeveModel

/// One job with its graph, the states of its tasks, and how many of them are where; or of an open job what was added to it at
/// one time.
///
/// A task is known by its place in the job; an array is one entry and half a byte a task.
package struct Job: Equatable, Sendable {
  package let number: JobNumber
  /// Of an open job its first part, which stands for all of it.
  package let head: JobNumber
  /// Whose tasks they are.
  package let framework: FrameworkNumber
  package let spec: JobSpec
  package let layout: TaskLayout
  package let firstTask: TaskNumber
  package let firstTemplate: TemplateNumber
  package let submitted: WallTime
  package let outerTargets: [OuterTarget]
  /// Of all of its tasks, beside their own.
  let constraints: [AttributeConstraint]
  package var ended = WallTime.none
  package private(set) var counts = TaskCounts()
  package private(set) var states: TaskStates
  /// Of each entry, how many of its edges are not met, those task by task aside; none where nothing waits for anything.
  package private(set) var unmet: [UInt32] = []
  /// Of each array, how its tasks have ended.
  private var outcomes: [Outcomes]
  /// Where they are not their templates'.
  package private(set) var priorities = PlaceMap<Int32>()
  package private(set) var calledOff = PlaceMap<CalledOff>()
  /// Tasks that failed for what they waited for.
  private var dependencyFailures = 0
  package var lastEnd = LastEnd()
  private let graph: Dependents

  /// All its tasks are queued, or blocked where some wait for something: which of them do is for `DurableState` to find out.
  init(_ job: SubmittedJob, head: JobNumber, framework: FrameworkNumber = .batch) {
    number = job.number
    self.head = head
    self.framework = framework
    spec = job.spec
    layout = TaskLayout(of: job.spec)
    firstTask = job.firstTask
    firstTemplate = job.firstTemplate
    submitted = job.submitted
    outerTargets = job.outerTargets
    constraints = job.constraints
    graph = Dependents(of: job.spec)
    outcomes = Array(repeating: Outcomes(), count: job.spec.arrays.count)
    let state: TaskState = job.spec.hasDependencies ? .blocked : .queued
    states = TaskStates(state, count: layout.count)
    counts[state] = layout.count
  }

  package var count: Int { layout.count }
  var isOfOpenJob: Bool { spec.isOpen || !spec.addition.isEmpty }

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

  /// Where those end that share the template of the task at a place, and are of the same array or like it of none.
  func end(ofTasksLike place: Int, before limit: Int) -> Int {
    if let array = layout.array(at: place) { return min(limit, layout.arrays[array].end) }
    if spec.templates.count == 1, layout.arrays.isEmpty { return limit }
    let template = template(at: place)
    var end = place + 1
    while end < limit, layout.array(at: end) == nil, self.template(at: end) == template { end += 1 }
    return end
  }
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
    guard !outcomes.isEmpty, state.isTerminal || next.isTerminal, let array = layout.array(at: place) else {
      return
    }
    outcomes[array].count(state, -1)
    outcomes[array].count(next, 1)
  }

  mutating func setHeld(_ isHeld: Bool, _ places: Range<Int>) { states.setHeld(isHeld, at: places) }

  /// A job that has ended needs no half byte a task where all ended alike.
  mutating func compact() { states.compact() }

  /// Puts back what a snapshot says.
  /// - Returns: whether that is of this job's tasks.
  mutating func restore(_ told: SnapshotJob) -> Bool {
    guard told.states.count == count, let priorities = PlaceMap(told.priorities, end: count),
      let calledOff = PlaceMap(told.calledOff, end: count)
    else { return false }
    ended = told.ended
    lastEnd = told.lastEnd
    (self.priorities, self.calledOff) = (priorities, calledOff)
    countDependencyFailures()
    states = told.states
    counts = TaskCounts()
    forEachRun(in: 0..<count) { state, _, places in counts[state] += places.count }
    for (array, places) in layout.arrays.enumerated() {
      forEachRun(in: places.start..<places.end) { outcomes[array].count($0, $2.count) }
    }
    return true
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

  /// The first of these places whose task has not ended.
  func firstUnfinished(in places: Range<Int>) -> Int? {
    var rest = places
    while !rest.isEmpty {
      let run = states.run(in: rest)
      guard run.state.isTerminal else { return run.places.lowerBound }
      rest = run.places.upperBound..<rest.upperBound
    }
    return nil
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

// What users change.
extension Job {
  func priority(at place: Int) -> Int32 {
    priorities[place] ?? spec.templates[Int(spec.taskTemplates[layout.entry(at: place)])].priority
  }

  mutating func setPriority(_ priority: Int32, _ places: [Range<Int>]) {
    priorities.set(places, to: priority)
  }

  mutating func noteCalledOff(_ places: [Range<Int>], _ end: CalledOff) {
    calledOff.set(places, to: end)
    if end.reason == .dependencyFailed { dependencyFailures += places.reduce(0) { $0 + $1.count } }
  }

  /// Tasks that failed by themselves, and not for what they waited for.
  var ownFailures: Int { counts[.failed] - dependencyFailures }

  /// Tasks that had ended are to run, again or at last.
  mutating func reopen(_ places: [Range<Int>]) {
    for places in places {
      for place in places { move(place, to: .blocked) }
    }
    calledOff.set(places, to: nil)
    countDependencyFailures()
    ended = .none
  }

  private mutating func countDependencyFailures() {
    dependencyFailures = calledOff.runs.reduce(0) {
      $0 + ($1.value.reason == .dependencyFailed ? Int($1.count) : 0)
    }
  }
}

// The graph.
extension Job {
  /// Those who wait for an entry.
  func dependents(ofEntry entry: Int) -> Dependents.Row { graph[entry] }

  var hasDependents: Bool { !graph.isEmpty }

  /// How the tasks of an entry have ended, and whether all have.
  private func outcomes(ofEntry entry: Int) -> (Outcomes, isOver: Bool) {
    guard let array = layout.array(ofEntry: entry) else {
      let state = states[layout.places(ofEntry: entry).lowerBound]
      return (Outcomes(state), state.isTerminal)
    }
    return (outcomes[array], outcomes[array].ended == layout.arrays[array].count)
  }

  func isOver(entry: Int) -> Bool { outcomes(ofEntry: entry).isOver }

  /// Whether an edge to an entry as a whole is met.
  func isMet(_ condition: DependencyKind.Condition, byEntry entry: Int) -> Bool {
    let (outcomes, isOver) = outcomes(ofEntry: entry)
    return isOver && outcomes.meet(condition)
  }

  /// Why an edge to an entry as a whole never can be met any more, but for a new round; `.none` where it is or can be.
  func verdict(_ condition: DependencyKind.Condition, byEntry entry: Int) -> FailureReason {
    let (outcomes, isOver) = outcomes(ofEntry: entry)
    return outcomes.verdict(condition, isOver: isOver)
  }

  /// The places of all tasks that a target is, of an entry or one task.
  func isMet(_ condition: DependencyKind.Condition, by places: Range<Int>) -> Bool {
    guard places.count == 1 else { return isMet(condition, byEntry: layout.entry(at: places.lowerBound)) }
    let state = states[places.lowerBound]
    return state.isTerminal && Outcomes(state).meet(condition)
  }

  func verdict(_ condition: DependencyKind.Condition, by places: Range<Int>) -> FailureReason {
    guard places.count == 1 else { return verdict(condition, byEntry: layout.entry(at: places.lowerBound)) }
    let state = states[places.lowerBound]
    return Outcomes(state).verdict(condition, isOver: state.isTerminal)
  }

  /// Whether nothing within the job keeps a task waiting, and nothing outside but what it waits for task by task.
  func isReady(_ place: Int) -> Bool {
    guard !unmet.isEmpty else { return true }
    let entry = layout.entry(at: place)
    return unmet[entry] == 0
      && eachTargets(of: place, entry).allSatisfy { isMet($0.condition, by: $0.place..<$0.place + 1) }
  }

  /// What a task of an array waits for task by task, within the job.
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

  /// One of an entry's edges that was met is not any more.
  mutating func unmeet(_ entry: Int) { unmet[entry] += 1 }

  /// Works out from the states how many edges are not met.
  /// - Parameter outerUnmet: of each outer dependency, whether it is not; those task by task do not count.
  mutating func recountUnmet(outerUnmet: [Bool]) {
    guard spec.hasDependencies else { return }
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
}
