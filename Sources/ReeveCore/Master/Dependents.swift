import ReeveModel

/// The graph of a job turned round, as compressed sparse rows: which entries wait for an entry.
struct Dependents: Equatable, Sendable {
  struct Edge: Equatable, Sendable {
    /// The place of what waits among the job's entries.
    var entry: UInt32
    var code: UInt8
    var kind: DependencyKind { DependencyKind(code: code) ?? DependencyKind() }
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
    for entry in (0..<spec.entryCount).reversed() {
      for edge in spec.dependencyRange(entry).reversed() {
        let target = Int(spec.dependencies[edge])
        fill[target] -= 1
        let code = spec.dependencyKinds.isEmpty ? 0 : spec.dependencyKinds[edge]
        edges[Int(fill[target])] = Edge(entry: UInt32(entry), code: code)
      }
    }
    (self.ends, self.edges) = (ends, edges)
  }

  var isEmpty: Bool { edges.isEmpty }

  subscript(entry: Int) -> ArraySlice<Edge> {
    guard !edges.isEmpty else { return [] }
    return edges[(entry == 0 ? 0 : Int(ends[entry - 1]))..<Int(ends[entry])]
  }
}
