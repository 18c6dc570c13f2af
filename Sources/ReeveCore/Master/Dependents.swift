import ReeveModel

/// The graph of a job turned round, as compressed sparse rows: which entries wait for an entry, those task by task first.
struct Dependents: Equatable, Sendable {
  struct Edge: Equatable, Sendable {
    /// The place of what waits among the job's entries.
    var entry: UInt32
    var code: UInt8
    var kind: DependencyKind { DependencyKind(code: code) ?? DependencyKind() }
  }

  /// Those who wait for one entry.
  struct Row {
    /// Task by task.
    var each: ArraySlice<Edge>
    /// For all its tasks.
    var whole: ArraySlice<Edge>
  }

  private let ends: [UInt32]
  private let edges: [Edge]

  /// Counting sort of the edges by the entry that is waited for: O(entries + edges).
  init(of spec: JobSpec) {
    guard !spec.dependencies.isEmpty else {
      (ends, edges) = ([], [])
      return
    }
    var ends = [UInt32](repeating: 0, count: spec.entryCount)
    for d in spec.dependencies { ends[Int(d)] += 1 }
    var sum: UInt32 = 0
    for i in ends.indices {
      sum += ends[i]
      ends[i] = sum
    }
    var fill = ends
    var edges = [Edge](repeating: Edge(entry: 0, code: 0), count: spec.dependencies.count)
    // Rows are filled from their ends on.
    for isEach in spec.dependencyKinds.isEmpty ? [false] : [false, true] {
      for entry in (0..<spec.entryCount).reversed() {
        for edge in spec.dependencyRange(entry).reversed() where spec.dependencyKind(edge).isEach == isEach {
          let target = Int(spec.dependencies[edge])
          fill[target] -= 1
          edges[Int(fill[target])] = Edge(entry: UInt32(entry), code: spec.dependencyKind(edge).code)
        }
      }
    }
    (self.ends, self.edges) = (ends, edges)
  }

  var isEmpty: Bool { edges.isEmpty }

  subscript(entry: Int) -> Row {
    guard !edges.isEmpty else { return Row(each: [], whole: []) }
    let row = edges[(entry == 0 ? 0 : Int(ends[entry - 1]))..<Int(ends[entry])]
    let each = row.prefix { $0.kind.isEach }
    return Row(each: each, whole: row[each.endIndex...])
  }
}
