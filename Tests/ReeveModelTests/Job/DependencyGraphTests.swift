import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Dependency graph: circles") struct DependencyGraphTests {
  /// A job whose task `i` waits for `edges[i]`.
  private func job(_ edges: [[UInt32]], names: [String]? = nil) -> JobSpec {
    var job = JobSpec(id: JobID("j"))
    job.templates = [TaskTemplate(command: ["true"])]
    for (i, after) in edges.enumerated() {
      job.append(name: names?[i] ?? "t\(i)", template: 0, arguments: [], after: after)
    }
    return job
  }

  private func cycle(_ edges: [[UInt32]]) -> [Int]? { DependencyGraph(of: job(edges)).cycle() }

  @Test func `a chain, a diamond and no edges at all have none`() {
    #expect(cycle([[], [0], [1]]) == nil)
    #expect(cycle([[1, 2], [3], [3], []]) == nil)
    #expect(cycle([[], [], []]) == nil)
    #expect(cycle([[1], [2], []]) == nil)
    #expect(cycle([[1, 1, 1], []]) == nil)
  }

  @Test func `a circle is told from its lowest place on, each waiting for the next`() {
    #expect(cycle([[1], [2], [0]]) == [0, 1, 2])
    #expect(cycle([[2], [0], [1]]) == [0, 2, 1])
    #expect(cycle([[0]]) == [0])
  }

  @Test func `tasks before and after a circle are not named`() {
    #expect(cycle([[], [0, 3], [1], [2], [3]]) == [1, 3, 2])
    #expect(cycle([[1], [2], [1], [0]]) == [1, 2])
  }

  @Test func `of two circles one is told`() {
    #expect(cycle([[1], [0], [3], [2]]) == [0, 1])
  }

  @Test func `the refusal names the tasks as a path`() {
    let spec = job([[1], [2], [0]], names: ["a", "b", "c"])
    #expect(
      throws: Refusal(
        .cycle,
        field: "tasks[0].after",
        "the tasks wait for each other in a circle, each for the next: a → b → c → a. Remove one of these dependencies."
      )
    ) { try DependencyGraph(of: spec).validate() }
  }

  @Test func `a long circle is cut in the middle`() throws {
    let count = 100_000
    let spec = job((0..<count).map { [UInt32(($0 + 1) % count)] })
    let refusal = try #require(throws: Refusal.self) { try DependencyGraph(of: spec).validate() }
    #expect(refusal.message.contains("t0 → t1 → t2 →"))
    #expect(refusal.message.contains("t9 → (99989 more) → t99999 → t0."))
  }

  @Test func `every graph of four tasks is judged as by walking it`() {
    for bits in 0..<(1 << 12) {
      var edges: [[UInt32]] = [[], [], [], []]
      var bit = 0
      for i in 0..<4 {
        for j in 0..<4 where i != j {
          if bits >> bit & 1 == 1 { edges[i].append(UInt32(j)) }
          bit += 1
        }
      }
      let found = cycle(edges)
      #expect((found != nil) == hasCircle(edges))
      guard let found else { continue }
      for (a, b) in zip(found, found.dropFirst() + found.prefix(1)) {
        #expect(edges[a].contains(UInt32(b)), "\(edges): \(found)")
      }
    }
  }

  /// The transitive closure: who reaches itself is in a circle.
  private func hasCircle(_ edges: [[UInt32]]) -> Bool {
    var reach = edges.map { Set($0.map(Int.init)) }
    for _ in edges {
      for i in edges.indices { reach[i].formUnion(reach[i].flatMap { reach[$0] }) }
    }
    return reach.indices.contains { reach[$0].contains($0) }
  }
}
