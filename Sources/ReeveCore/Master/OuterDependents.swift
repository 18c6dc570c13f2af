import ReeveModel

/// An entry of one job waits for tasks of another, or for what its own job cannot name otherwise.
struct OuterEdge: Equatable, Sendable {
  /// Who waits.
  var job: JobNumber
  var entry: Int
  var kind: DependencyKind
  var target: OuterTarget
}

/// Who waits from outside for tasks of a job: kept by what of it they wait for, so that the end of one task looks at no edge
/// that it has nothing to do with.
struct OuterDependents: Equatable, Sendable {
  /// Who waits for an array.
  struct OfArray: Equatable, Sendable {
    /// Task by task.
    var each: [OuterEdge] = []
    /// For all its tasks.
    var whole: [OuterEdge] = []
  }

  /// For all of the job.
  private(set) var whole: [OuterEdge] = []
  /// By the arrays' entries.
  private var arrays: [Int: OfArray] = [:]
  /// For one task, by its place.
  private var tasks: [Int: [OuterEdge]] = [:]

  mutating func append(_ edge: OuterEdge, _ layout: TaskLayout) {
    if edge.target.isWhole { return whole.append(edge) }
    let place = edge.target.places.lowerBound
    if edge.kind.isEach {
      arrays[layout.entry(at: place), default: OfArray()].each.append(edge)
    } else if edge.target.count > 1 {
      arrays[layout.entry(at: place), default: OfArray()].whole.append(edge)
    } else {
      tasks[place, default: []].append(edge)
    }
  }

  /// Calls `body` with the edges to each of some tasks.
  func forEachTask(in places: Range<Int>, _ body: ([OuterEdge]) -> Void) {
    for key in Self.keys(of: tasks, in: places) { if let edges = tasks[key] { body(edges) } }
  }

  /// Calls `body` with the edges to each array that has some of the tasks.
  func forEachArray(of places: Range<Int>, _ layout: TaskLayout, _ body: (_ entry: Int, OfArray) -> Void) {
    guard !arrays.isEmpty, let last = places.last else { return }
    let entries = layout.entry(at: places.lowerBound)..<layout.entry(at: last) + 1
    for key in Self.keys(of: arrays, in: entries) { if let edges = arrays[key] { body(key, edges) } }
  }

  /// In their order, and without going through more than there is.
  private static func keys<Value>(of edges: [Int: Value], in range: Range<Int>) -> [Int] {
    if edges.isEmpty { return [] }
    return range.count < edges.count
      ? range.filter { edges[$0] != nil } : edges.keys.filter(range.contains).sorted()
  }

  /// All who wait.
  var jobs: Set<JobNumber> {
    let edges = [whole] + tasks.values + arrays.values.flatMap { [$0.each, $0.whole] }
    return edges.reduce(into: []) { $0.formUnion($1.map(\.job)) }
  }
}
