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
    (FailureReason.none, [TaskState.assigned, .failed, .assigned]),
    (.exitCode, [.failed, .assigned, .assigned]),
    (.cancelled, [.failed, .failed, .assigned]),
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
}
