import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Master: arrays") struct ArrayTests {
  private var master = MasterStory()

  private static func array(_ text: String, id: String = "a", values: [String] = []) throws -> JobSpec {
    var spec = JobSpec.of(1, id: id)
    let (runs, parallel) = try TaskArray.parse(text, field: "array")
    spec.arrays = [TaskArray(entry: 0, runs: runs, parallel: parallel, values: PackedStrings(values))]
    try spec.validate()
    return spec
  }

  private mutating func begin(_ spec: JobSpec, room: Int = 100) {
    master.connect()
    _ = master.place("n")
    master.submit(spec)
    master.offer(.cores(room, memory: 64), largest: .cores(100, memory: 64))
  }

  @Test mutating func `an array is one record, and its tasks are launched by index and value`() throws {
    begin(try Self.array("3-9:3", values: ["x", "y", "z"]), room: 2)
    #expect(master.facts.count { if case .jobSubmitted = $0 { true } else { false } } == 1)
    #expect(master.launches.map(\.task) == [1, 2])
    guard case .order(_, let orders) = master.orders.last else { return }
    #expect(orders.launches.names.strings == ["t0.3", "t0.6"])
    #expect(orders.launches.launches.map(\.index) == [3, 6])
    #expect(orders.launches.values.strings == ["x", "y"])
    #expect(master.core.violations().isEmpty && master.replayed == master.core.durable)
  }

  @Test mutating func `no more of an array are on their way than may be at one time`() throws {
    begin(try Self.array("0-9%3"))
    #expect(master.launches.map(\.task) == [1, 2, 3])
    master.report { [start = master.start(2)] in $0.started = [start] }
    #expect(master.launches.count == 3)
    master.report { [end = master.end(2)] in $0.ends = [end] }
    #expect(master.launches.map(\.task) == [1, 2, 3, 4])
    // What comes back is one of them still.
    master.report { [task = master.named(1)] in $0.returned = [task] }
    master.offer(.cores(100, memory: 64))
    #expect(master.launches.map(\.task) == [1, 2, 3, 4, 1])
    // One that ends otherwise makes room, too.
    master.order(.cancel, "a/t0.2")
    master.report { [end = master.end(3)] in $0.ends = [end] }
    #expect(master.launches.map(\.task) == [1, 2, 3, 4, 1, 5])
    #expect(master.core.violations().isEmpty)
  }

  @Test mutating func `the limit holds under the next leader`() throws {
    begin(try Self.array("0-9%3"))
    var next = MasterStory(after: master.facts)
    var statement = RackReport()
    statement.waiting = (1...3).map(next.named)
    next.connect(stating: statement)
    next.offer(.cores(100, memory: 64))
    #expect(next.launches.isEmpty)
    next.report { [end = next.end(1)] in $0.ends = [end] }
    next.offer(.cores(100, memory: 64))
    #expect(next.launches.map(\.task) == [4])
  }

  @Test mutating func `tasks are chosen by index, in ranges, and by state`() throws {
    begin(try Self.array("10-19"), room: 0)
    func count(_ selector: TaskSelector) -> Int? { (try? master.core.select(selector).get())?.taskCount }
    #expect(count(TaskSelector(job: "a")) == 10)
    #expect(count(TaskSelector(job: "a.12")) == 1)
    #expect(count(TaskSelector(job: "a.12-15")) == 4)
    #expect(count(TaskSelector(job: "a.10,12-13")) == 3)
    #expect(count(TaskSelector(job: "a", task: "t0")) == 10)
    #expect(count(TaskSelector(job: "a", task: "t0.19")) == 1)
    #expect(count(TaskSelector(job: "a", task: "t0.9")) == nil)
    #expect(count(TaskSelector(job: "a.99")) == nil)
    #expect(count(TaskSelector(job: "b.1")) == nil)
    #expect(count(TaskSelector(job: "a.10-12", state: "running")) == 0)
    #expect(count(TaskSelector(job: "a.10-12", state: "pending")) == 3)
  }

  @Test mutating func `a fresh array costs nothing a task, and half a byte after random ends`() throws {
    begin(try Self.array("0-999999"), room: 0)
    #expect(master.core.durable.jobs.jobs[0].states.bytes.count == 1)
    master.order(.cancel, "a/t0.500000")
    #expect(master.core.durable.jobs.jobs[0].states.bytes.count == 500_000)
    #expect(master.core.durable.active.isEmpty && master.core.durable.setbacks.isEmpty)
  }
}
