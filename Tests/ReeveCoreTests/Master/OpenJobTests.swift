import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Master: open jobs") struct OpenJobTests {
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

  /// Tasks `NAME-0` and so on for the open job "j".
  private static func addition(_ count: Int, named name: String, after task: String? = nil) -> JobSpec {
    var spec = JobSpec.of(count)
    (spec.name, spec.addition) = ("", name)
    spec.taskNames = PackedStrings((0..<count).map { "\(name)-\($0)" })
    if let task { spec.outerDependencies = [OuterDependency(entry: 0, job: JobID(""), task: task)] }
    return spec
  }

  private static func open(_ count: Int, edges: [[UInt32]] = []) -> JobSpec {
    var spec = JobSpec.of(count, edges: edges)
    spec.isOpen = true
    return spec
  }

  private var submitted: Result<Submission, Refusal>? {
    for case .submitted(_, let result) in master.told { return result }
    return nil
  }

  private func isTaken(_ tasks: Int, known: Bool) -> Bool {
    guard case .success(let submission) = submitted else { return false }
    return submission.id == "j" && submission.tasks == tasks && submission.known == known
  }

  private func refusal(_ code: Refusal.Code, _ field: String) -> Bool {
    guard case .failure(let refusal) = submitted else { return false }
    return refusal.code == code && refusal.field == field
  }

  private var obeyed: Result<Int, Refusal>? {
    for case .obeyed(_, let result) in master.told { return result }
    return nil
  }

  private mutating func progress(_ job: String = "j") -> JobProgress {
    master.turn(.asked(master.request(), .jobs(Query.JobFilter(job: JobID(job)))))
    guard case .answered(_, .jobs(let jobs, _)) = master.told.first, let job = jobs.first else {
      return JobProgress(id: "none")
    }
    return job
  }

  private func check() {
    #expect(master.core.violations().isEmpty && master.replayed == master.core.durable)
  }

  @Test mutating func `what is added runs, and the job ends when it is closed and all has ended`() {
    begin(Self.open(1))
    master.submit(Self.addition(2, named: "more"))
    #expect(isTaken(2, known: false))
    master.offer(.cores(100, memory: 64))
    #expect(master.launches.map(\.task) == [1, 2, 3])
    for task in 1...3 { end(task) }
    #expect(progress().counts[.succeeded] == 3 && progress().isOpen)
    #expect(progress().ended == .none && progress().shown == "running")
    master.order(.close, "j")
    #expect(obeyed == .success(3))
    #expect(progress().ended != .none && progress().shown == "completed" && !progress().isOpen)
    master.turn(.asked(master.request(), .jobs(Query.JobFilter())))
    guard case .answered(_, .jobs(let jobs, _)) = master.told.first else { return }
    #expect(jobs.map(\.id) == ["j"])
    check()
  }

  @Test mutating func `a job may be opened without a task, and be closed so`() {
    begin(Self.open(0))
    #expect(progress().shown == "pending" && progress().ended == .none)
    master.submit(JobSpec.of(1, id: "other"))
    master.submit(Self.addition(1, named: "more"))
    #expect(
      progress().counts.total == 1 && master.core.durable.jobs.number(of: TaskNumber(1)) == JobNumber(2)
    )
    master.submit(
      {
        var empty = Self.open(0)
        empty.id = "empty"
        return empty
      }()
    )
    master.order(.close, "empty")
    #expect(obeyed == .success(0) && progress("empty").ended != .none)
    check()
  }

  @Test mutating func `the same addition again is known, and another of its name is refused`() {
    begin(Self.open(1))
    master.submit(Self.addition(2, named: "more"))
    master.submit(Self.addition(2, named: "more"))
    #expect(isTaken(2, known: true))
    master.submit(Self.addition(3, named: "more"))
    #expect(refusal(.conflict, "addition"))
    master.order(.close, "j")
    master.submit(Self.addition(2, named: "more"))
    #expect(isTaken(2, known: true))
    #expect(master.core.durable.jobs.taskCount == 3)
    check()
  }

  @Test mutating func `nothing is added to what is not open, closed or not there`() {
    begin(.of(1, id: "j"))
    master.submit(Self.addition(1, named: "more"))
    #expect(refusal(.conflict, "job"))
    master.order(.close, "j")
    guard case .failure(let notOpen) = obeyed else { return }
    #expect(notOpen.code == .conflict)
    var spec = Self.addition(1, named: "more")
    spec.id = "none"
    master.submit(spec)
    #expect(refusal(.notFound, "job"))
    var open = Self.open(1)
    open.id = "open"
    master.submit(open)
    master.order(.close, "open")
    spec.id = "open"
    master.submit(spec)
    #expect(refusal(.conflict, "job"))
    master.order(.close, "open")
    guard case .failure(let closed) = obeyed else { return }
    #expect(closed.message.contains("closed already"))
    check()
  }

  @Test mutating func `a name that the job has is not taken again, nor one of an array's tasks`() {
    var spec = Self.open(2)
    spec.arrays = [TaskArray(entry: 1, runs: [.init(first: 5, count: 3)])]
    begin(spec)
    var more = Self.addition(2, named: "more")
    for (name, isTaken) in [("t0", true), ("t1", true), ("t1.6", true), ("t1.9", false), ("t2", false)] {
      more.taskNames = PackedStrings(["fresh-\(name)", name])
      more.addition = "as-\(name)"
      master.submit(more)
      #expect(isTaken == refusal(.duplicate, "tasks[1].id"), "\(name)")
    }
    more.taskNames = PackedStrings(["x.3", "y"])
    more.addition = "dotted"
    master.submit(more)
    more.taskNames = PackedStrings(["z", "x"])
    more.addition = "array"
    more.arrays = [TaskArray(entry: 1, runs: [.init(first: 0, count: 4)])]
    master.submit(more)
    #expect(refusal(.duplicate, "tasks[1].id"))
    check()
  }

  @Test
  mutating func `what is added may wait for what was there, and what waits for all waits for the closing`() {
    begin(Self.open(1))
    master.submit(Self.addition(1, named: "a", after: "t0"))
    #expect(master.state(2) == .blocked)
    var next = JobSpec.of(1, id: "next")
    next.outerDependencies = [OuterDependency(entry: 0, job: "j")]
    master.submit(next)
    end(1)
    #expect(master.state(2) == .assigned)
    end(2)
    #expect(master.state(3) == .blocked)
    master.turn(.asked(master.request(), .explain(TaskSelector(job: "next"))))
    guard case .answered(_, .explained(let why)) = master.told.first else { return }
    #expect(why.code == .dependency && why.sentence == "It waits for j (open).")
    master.submit(Self.addition(1, named: "b", after: "a-0"))
    end(4)
    #expect(master.state(3) == .blocked)
    master.order(.close, "j")
    #expect(master.state(3) == .assigned)
    check()
  }

  @Test mutating func `what waits in vain for all of a job ends at the closing, or at the failure`() {
    begin(Self.open(1))
    for (id, condition) in [("good", DependencyKind.Condition.succeeded), ("bad", .failed)] {
      var next = JobSpec.of(1, id: id)
      next.outerDependencies = [OuterDependency(entry: 0, job: "j", DependencyKind(condition))]
      master.submit(next)
    }
    end(1)
    #expect(master.state(2) == .blocked && master.state(3) == .blocked)
    master.order(.close, "j")
    #expect(master.state(2) == .assigned && master.state(3) == .skipped)
    check()
  }

  @Test mutating func `an open job that is cancelled has not succeeded, whatever it had`() {
    begin(Self.open(1))
    for (id, condition) in [("good", DependencyKind.Condition.succeeded), ("over", .ended)] {
      var next = JobSpec.of(1, id: id)
      next.outerDependencies = [OuterDependency(entry: 0, job: "j", DependencyKind(condition))]
      master.submit(next)
    }
    end(1)
    master.order(.cancel, "j")
    #expect(master.state(2) == .failed && master.state(3) == .assigned)
    #expect(progress().shown == "cancelled")
    check()
  }

  @Test mutating func `what is added waits for nothing that waits for all of the job`() {
    begin(Self.open(1))
    var next = JobSpec.of(2, id: "next", edges: [[], [0]])
    next.outerDependencies = [OuterDependency(entry: 0, job: "j")]
    master.submit(next)
    var last = JobSpec.of(2, id: "last")
    last.outerDependencies = [OuterDependency(entry: 0, job: "next", task: "t1")]
    master.submit(last)
    var more = Self.addition(1, named: "more")
    for (job, task) in [("next", ""), ("next", "t0"), ("next", "t1"), ("last", "t0"), ("last", "")] {
      more.outerDependencies = [OuterDependency(entry: 0, job: JobID(job), task: task)]
      master.submit(more)
      #expect(refusal(.cycle, "tasks[0].after"), "\(job)/\(task)")
    }
    more.outerDependencies = [
      OuterDependency(entry: 0, job: "last", task: "t1"),
      OuterDependency(entry: 0, job: JobID(""), task: "t0"),
    ]
    master.submit(more)
    #expect(isTaken(1, known: false))
    check()
  }

  @Test mutating func `the end of a job's only task is told, though it was added`() {
    begin(Self.open(0))
    master.submit(Self.addition(1, named: "more"))
    master.offer(.cores(8, memory: 64))
    var failed = master.end(1, .exitCode)
    failed.status = 7
    master.report { [failed] in $0.ends = [failed] }
    master.order(.close, "j")
    #expect(progress().reason == .exitCode && progress().status == 7)
  }

  @Test mutating func `many additions and many names take no time to speak of`() {
    begin(Self.open(50_000), room: 0)
    let time = ContinuousClock().measure {
      var more = JobSpec.of(2_000)
      (more.name, more.addition) = ("", "arrays")
      more.taskNames = PackedStrings((0..<2_000).map { "a\($0)" })
      more.arrays = (0..<2_000).map { TaskArray(entry: $0, runs: [.init(first: 0, count: 3)]) }
      master.submit(more)
      more = Self.addition(2_000, named: "t5")
      more.taskNames = PackedStrings((0..<2_000).map { "t5.\($0)" })
      master.submit(more)
      for i in 0..<2_000 {
        master.submit(Self.addition(1, named: "one\(i)", after: i == 0 ? "t7" : "one\(i - 1)-0"))
      }
      master.order(.close, "j")
      var next = JobSpec.of(2_000, id: "next")
      next.outerDependencies = (0..<2_000).map {
        OuterDependency(entry: UInt32($0), job: "j", task: "one\($0)-0")
      }
      master.submit(next)
    }
    #expect(
      time < .seconds(8) && master.core.durable.jobs.taskCount == 50_000 + 6_000 + 2_000 + 2_000 + 2_000
    )
    #expect(master.core.durable.jobs.jobs.count == 1 + 2 + 2_000 + 1)
  }

  @Test mutating func `a name that the job has not is refused`() {
    begin(Self.open(1))
    master.submit(Self.addition(1, named: "a", after: "none"))
    #expect(refusal(.unknownDependency, "tasks[0].after"))
    check()
  }

  @Test mutating func `a cancel of all of it closes it, and of a part does not`() {
    begin(Self.open(2))
    master.submit(Self.addition(1, named: "a"))
    master.order(.cancel, "j/t0")
    #expect(progress().isOpen)
    master.order(.cancel, "j")
    #expect(!progress().isOpen)
    for task in 1...3 { end(task, .cancelled) }
    #expect(progress().shown == "cancelled" && progress().ended != .none)
    check()
  }

  @Test mutating func `too many failures, wherever in the job, stop all of it and close it`() {
    var spec = Self.open(2)
    spec.failuresMax = 2
    begin(spec, room: 2)
    master.submit(Self.addition(3, named: "a"))
    end(1, .exitCode)
    master.offer(.cores(1, memory: 64))
    end(3, .exitCode)
    #expect(!progress().isOpen)
    #expect([4, 5].allSatisfy { master.state($0) == .cancelled && master.reason($0) == .jobStopped })
    check()
  }

  @Test mutating func `selectors see all that was added`() {
    var spec = Self.open(1)
    spec.labels = [TaskTemplate.Variable(name: "team", value: "imaging")]
    spec.user = "ann"
    begin(spec, room: 0)
    var more = Self.addition(2, named: "a")
    more.arrays = [TaskArray(entry: 1, runs: [.init(first: 1, count: 3)])]
    more.user = "ann"
    master.submit(more)
    master.order(.hold, "j")
    #expect(obeyed == .success(5))
    master.order(.release, "j/a-1.2")
    #expect(obeyed == .success(1))
    master.order(.release, "j.3")
    #expect(obeyed == .success(1))
    let label = TaskSelector(job: "", label: spec.labels[0])
    master.turn(.ordered(master.request(), .release, [label]))
    #expect(obeyed == .success(3))
    check()
  }

  @Test mutating func `a watch is told of what is added, and ends with the closing`() {
    begin(Self.open(1))
    master.turn(.watchOpened(master.request(), ["j"]))
    end(1)
    master.time += 1_000
    master.submit(Self.addition(1, named: "a"))
    let counts = master.told.compactMap { effect -> Int? in
      if case .progress(_, let progress) = effect { progress.counts.total } else { nil }
    }
    #expect(counts == [2])
    end(2)
    #expect(!master.told.contains { if case .watchEnded = $0 { true } else { false } })
    master.order(.close, "j")
    #expect(master.told.contains { if case .watchEnded(_, nil) = $0 { true } else { false } })
  }

  @Test mutating func `a round of a closed job begins and ends again`() {
    begin(Self.open(1))
    master.submit(Self.addition(1, named: "a"))
    end(1, .exitCode)
    end(2)
    master.order(.close, "j")
    #expect(progress().shown == "failed" && progress().ended != .none)
    master.order(.retry(alsoCancelled: false), "j")
    #expect(progress().ended == .none)
    master.offer(.cores(8, memory: 64))
    end(1)
    #expect(progress().shown == "completed" && progress().ended != .none)
    check()
  }
}
