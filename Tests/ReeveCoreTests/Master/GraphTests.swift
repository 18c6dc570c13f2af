import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Master: graphs") struct GraphTests {
  private var master = MasterStory()

  private mutating func begin(_ spec: JobSpec, room: Int = 100) {
    master.connect()
    _ = master.place("n")
    master.submit(spec)
    master.offer(.cores(room, memory: 64), largest: .cores(100, memory: 64))
  }

  private mutating func end(_ task: Int, _ reason: FailureReason = .none) {
    master.report { [end = master.end(task, reason)] in $0.ends = [end] }
  }

  /// Task 1, and one each that waits for it to have succeeded, failed and ended.
  private static func conditions(id: String = "j") -> JobSpec {
    var spec = JobSpec.of(1, id: id)
    for condition in DependencyKind.Condition.allCases {
      spec.append(name: "on-\(condition.word)", template: 0, arguments: [], after: [])
      spec.appendDependency(0, DependencyKind(condition))
    }
    return spec
  }

  @Test(arguments: [
    (FailureReason.none, [TaskState.assigned, .skipped, .assigned]),
    (.exitCode, [.failed, .assigned, .assigned]),
    (.cancelled, [.failed, .skipped, .assigned]),
  ])
  mutating func `an edge is met by the end that it names`(_ reason: FailureReason, _ states: [TaskState]) {
    begin(Self.conditions())
    #expect((2...4).map { master.state($0) } == [.blocked, .blocked, .blocked])
    if reason == .cancelled { master.order(.cancel, "j/t0") }
    end(1, reason)
    #expect((2...4).map { master.state($0) } == states)
    #expect(
      (2...4).filter { master.state($0) == .failed }.allSatisfy { master.reason($0) == .dependencyFailed }
    )
    #expect((2...4).filter { master.state($0) == .skipped }.allSatisfy { master.reason($0) == .notNeeded })
    #expect(master.core.violations().isEmpty && master.replayed == master.core.durable)
  }

  private static func arrays(_ kind: DependencyKind) -> JobSpec {
    var spec = JobSpec.of(1)
    spec.append(name: "next", template: 0, arguments: [], after: [])
    spec.appendDependency(0, kind)
    let run = TaskArray.IndexRun(first: 0, count: 3)
    spec.arrays = [TaskArray(entry: 0, runs: [run]), TaskArray(entry: 1, runs: [run])]
    return spec
  }

  @Test mutating func `an array waits for all of another`() {
    begin(Self.arrays(DependencyKind()))
    end(1)
    end(3)
    #expect((4...6).allSatisfy { master.state($0) == .blocked })
    end(2)
    #expect((4...6).allSatisfy { master.state($0) == .assigned })
    #expect(master.replayed == master.core.durable)
  }

  @Test mutating func `one failure of an array fails all that waits for the whole of it, at once`() {
    begin(Self.arrays(DependencyKind()))
    end(2, .exitCode)
    #expect((4...6).allSatisfy { master.state($0) == .failed && master.reason($0) == .dependencyFailed })
    #expect(master.state(1) == .assigned)
    #expect(master.core.violations().isEmpty)
  }

  @Test mutating func `an array waits for another task by task`() {
    begin(Self.arrays(DependencyKind(.succeeded, isEach: true)))
    end(2)
    #expect((4...6).map { master.state($0) } == [.blocked, .assigned, .blocked])
    end(1, .exitCode)
    #expect((4...6).map { master.state($0) } == [.failed, .assigned, .blocked])
    end(3)
    #expect((4...6).map { master.state($0) } == [.failed, .assigned, .assigned])
    #expect(master.core.violations().isEmpty && master.replayed == master.core.durable)
  }

  @Test mutating func `a job waits for a task of an earlier job, also one that has long ended`() {
    begin(.of(2, id: "first"))
    var next = JobSpec.of(1, id: "next")
    next.outerDependencies = [OuterDependency(entry: 0, job: "first", task: "t1")]
    master.submit(next)
    #expect(master.state(3) == .blocked)
    end(2)
    #expect(master.state(3) == .assigned)
    next.id = "late"
    master.submit(next)
    #expect(master.state(4) == .assigned)
    next.id = "whole"
    next.outerDependencies = [OuterDependency(entry: 0, job: "first")]
    master.submit(next)
    #expect(master.state(5) == .blocked)
    end(1, .exitCode)
    #expect(master.state(5) == .failed && master.reason(5) == .dependencyFailed)
    next.id = "too-late"
    master.submit(next)
    #expect(master.state(6) == .failed)
    #expect(master.core.violations().isEmpty && master.replayed == master.core.durable)
  }

  @Test mutating func `a dependency on what there is not is refused`() {
    begin(.of(1, id: "first"))
    var next = JobSpec.of(1, id: "next")
    for (job, task) in [("none", ""), ("first", "none")] {
      next.outerDependencies = [OuterDependency(entry: 0, job: JobID(job), task: task)]
      master.submit(next)
      guard case .submitted(_, .failure(let refusal)) = master.told.first else {
        Issue.record("taken: \(master.told)")
        continue
      }
      #expect(refusal.code == .unknownDependency && refusal.field == "tasks[0].after")
    }
    #expect(master.core.durable.jobs.jobs.count == 1)
  }

  @Test mutating func `a job waits for one task of an array by its index`() {
    var first = JobSpec.of(1, id: "first")
    first.arrays = [TaskArray(entry: 0, runs: [.init(first: 5, count: 3)])]
    begin(first)
    var next = JobSpec.of(1, id: "next")
    next.outerDependencies = [OuterDependency(entry: 0, job: "first.6")]
    master.submit(next)
    #expect(master.state(4) == .blocked)
    end(1)
    #expect(master.state(4) == .blocked)
    end(2)
    #expect(master.state(4) == .assigned)
    next.id = "none"
    next.outerDependencies[0].job = "first.9"
    master.submit(next)
    #expect(master.core.durable.jobs.jobs.count == 2)
  }

  // MARK: What is not needed

  @Test mutating func `what waits for what is not needed is not needed either, and a job of it is done`() {
    var spec = JobSpec.of(1)
    spec.append(name: "alarm", template: 0, arguments: [], after: [])
    spec.appendDependency(0, DependencyKind(.failed))
    spec.append(name: "after-alarm", template: 0, arguments: [], after: [1])
    spec.append(name: "join", template: 0, arguments: [], after: [])
    spec.appendDependency(1, DependencyKind(.ended))
    begin(spec)
    end(1)
    #expect((2...4).map { master.state($0) } == [.skipped, .skipped, .assigned])
    end(4)
    master.turn(.asked(master.request(), .jobs(Query.JobFilter(job: "j"))))
    guard case .answered(_, .jobs(let jobs, _)) = master.told.first else { return }
    #expect(jobs.map(\.shown) == ["completed"])
    #expect(master.core.violations().isEmpty && master.replayed == master.core.durable)
  }

  @Test mutating func `what was not needed may be in a new round`() {
    var spec = JobSpec.of(1)
    spec.append(name: "alarm", template: 0, arguments: [], after: [])
    spec.appendDependency(0, DependencyKind(.failed))
    begin(spec)
    master.order(.cancel, "j/t0")
    end(1, .cancelled)
    #expect(master.state(2) == .skipped)
    master.order(.retry(alsoCancelled: true), "j")
    #expect(master.state(1) != .cancelled && master.state(2) == .blocked)
    master.offer(.cores(8, memory: 64))
    end(1, .exitCode)
    #expect(master.state(2) == .assigned)
    #expect(master.core.violations().isEmpty && master.replayed == master.core.durable)
  }

  @Test mutating func `a failure ends all that hangs on it in one record, however deep`() {
    let count = 100_000
    begin(.of(count, edges: (0..<count).map { $0 == 0 ? [] : [UInt32($0 - 1)] }))
    let time = ContinuousClock().measure { end(1, .exitCode) }
    let calledOff = master.newFacts.filter { if case .calledOff = $0 { true } else { false } }
    #expect(calledOff.count == 1 && master.state(count) == .failed && time < .seconds(10))
    #expect(master.replayed == master.core.durable)
  }

  // MARK: Single tasks of arrays, and arrays of other jobs

  @Test mutating func `a task waits for one task of an array of its own job`() {
    var spec = JobSpec.of(2)
    spec.arrays = [TaskArray(entry: 0, runs: [.init(first: 5, count: 3)])]
    spec.outerDependencies = [OuterDependency(entry: 1, job: JobID(""), task: "t0.6")]
    begin(spec)
    #expect(master.state(4) == .blocked)
    end(1)
    #expect(master.state(4) == .blocked)
    end(2)
    #expect(master.state(4) == .assigned)
    #expect(master.core.violations().isEmpty && master.replayed == master.core.durable)
  }

  @Test mutating func `an array waits for one of another job task by task`() {
    var first = JobSpec.of(1, id: "first")
    first.arrays = [TaskArray(entry: 0, runs: [.init(first: 0, count: 3)])]
    begin(first)
    var next = first
    next.id = "next"
    next.outerDependencies = [OuterDependency(entry: 0, job: "first", DependencyKind(isEach: true))]
    master.submit(next)
    #expect((4...6).map { master.state($0) } == [.blocked, .blocked, .blocked])
    end(2)
    #expect((4...6).map { master.state($0) } == [.blocked, .assigned, .blocked])
    end(1, .exitCode)
    #expect((4...6).map { master.state($0) } == [.failed, .assigned, .blocked])
    master.order(.retry(alsoCancelled: false), "first")
    master.order(.retry(alsoCancelled: false), "next")
    #expect((4...6).map { master.state($0) } == [.blocked, .assigned, .blocked])
    next.id = "other"
    next.arrays[0].runs = [.init(first: 0, count: 2)]
    master.submit(next)
    guard case .submitted(_, .failure(let refusal)) = master.told.first else { return }
    #expect(refusal.code == .invalid && refusal.message.contains("2 and 3"))
    #expect(master.core.violations().isEmpty && master.replayed == master.core.durable)
  }

  @Test mutating func `many edges to one job, one array and one task are each looked at when it matters`() {
    var first = JobSpec.of(2, id: "first")
    first.arrays = [TaskArray(entry: 0, runs: [.init(first: 0, count: 20_000)])]
    begin(first, room: 0)
    var next = JobSpec.of(20_000, id: "next")
    next.outerDependencies = (0..<20_000).map {
      OuterDependency(entry: UInt32($0), job: "first", task: ["", "t0", "t0.\($0)"][$0 % 3])
    }
    let submission = ContinuousClock().measure { master.submit(next) }
    let ending = ContinuousClock().measure { master.order(.cancel, "first") }
    #expect(submission < .seconds(5) && ending < .seconds(5))
    #expect((20_002..<40_002).allSatisfy { master.state($0) == .failed })
    #expect(master.replayed == master.core.durable)
  }
}
