import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Master: why a task is where it is") struct ExplainTests {
  private var master = MasterStory()

  private mutating func code(_ task: String, of job: String = "j") -> Explanation? {
    master.turn(.asked(master.request(), .explain(TaskSelector(job: job, task: task))))
    guard case .answered(_, .explained(let explanation)) = master.told.first else { return nil }
    return explanation
  }

  private mutating func up(_ free: Resources, total: Resources) {
    let node = master.place("n")
    master.report { report in
      report.nodes = [NodeStatus(number: node, name: "n", state: .up, total: total, free: free)]
    }
  }

  @Test mutating func `each thing that keeps a task has its code, by precedence`() {
    master.submit(.of(1))
    #expect(code("t0")?.code == .noRack)
    master.connect()
    up(.cores(0), total: .cores(4, memory: 64))
    master.offer(.cores(0), largest: .cores(4, memory: 64))
    #expect(code("t0")?.code == .resources)
    master.submit(.of(2, id: "k", edges: [[], [0]]))
    #expect(code("t0", of: "k")?.code == .priority)
    #expect(code("t0", of: "k")?.ahead == 1)
    let waits = code("t1", of: "k")
    #expect(waits?.code == .dependency && waits?.waitsFor.map(\.task) == ["t0"] && waits?.waitsForCount == 1)
    master.order(.hold, "k")
    #expect(code("t1", of: "k")?.code == .held)
    master.offer(.cores(1, memory: 64), largest: .cores(4, memory: 64))
    #expect(code("t0")?.code == .starting)
    master.report { [start = master.start(1)] in $0.started = [start] }
    #expect(code("t0")?.code == .running)
    master.report { [end = master.end(1)] in $0.ends = [end] }
    #expect(code("t0")?.code == .ended)
  }

  @Test mutating func `the funnel says how many nodes there are, are large enough and have room`() {
    master.connect()
    up(.cores(2, memory: 64), total: .cores(4, memory: 64))
    var spec = JobSpec.of(1, cores: 16)
    spec.mayWaitForNodes = true
    master.submit(spec)
    master.offer(.cores(2, memory: 64), largest: .cores(4, memory: 64))
    let tooLarge = code("t0")
    #expect(tooLarge?.code == .tooLarge)
    #expect(tooLarge?.racks.map(\.nodes) == [1] && tooLarge?.racks.map(\.largeEnough) == [0])
    spec.id = "refused"
    spec.mayWaitForNodes = false
    master.submit(spec)
    guard case .submitted(_, .failure(let refusal)) = master.told.first else { return }
    #expect(refusal.code == .exceedsLargestNode && refusal.message.contains("--allow-pending"))
  }

  @Test mutating func `of many that a task waits for all are counted, and the first are named`() {
    var spec = JobSpec.of(2, edges: [[], [0]])
    spec.arrays = [TaskArray(entry: 0, runs: [.init(first: 0, count: 100)])]
    master.submit(spec)
    master.connect()
    _ = master.place("n")
    master.offer(.cores(2, memory: 128))
    master.report { [ends = [master.end(1), master.end(2)]] in $0.ends = ends }
    #expect(code("t1")?.waitsFor.map(\.task) == ["t0.2"])
    master.submit(.of(41, id: "k", edges: Array(repeating: [], count: 40) + [Array(0..<40)]))
    let waits = code("t40", of: "k")
    #expect(waits?.waitsForCount == 40)
    #expect(waits?.waitsFor.map(\.task) == (0..<20).map { "t\($0)" })
  }

  @Test mutating func `limits of arrays and waits after failures have codes too`() {
    master.connect()
    _ = master.place("n")
    var spec = JobSpec.of(1)
    spec.templates[0].retry = RetryRule(limit: 1, delay: .seconds(9))
    spec.arrays = [TaskArray(entry: 0, runs: [.init(first: 0, count: 3)], parallel: 1)]
    master.submit(spec)
    master.offer(.cores(8, memory: 64))
    #expect(code("t0.1")?.code == .arrayLimit)
    master.report { [end = master.end(1, .exitCode)] in $0.ends = [end] }
    #expect(code("t0.0")?.code == .backOff)
  }
}
