import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Master: what users order") struct OrdersTests {
  private var master = MasterStory()

  private mutating func begin(_ spec: JobSpec, room: Int = 100) {
    master.connect()
    _ = master.place("n")
    master.submit(spec)
    master.offer(.cores(room, memory: 64), largest: .cores(100, memory: 64))
  }

  private mutating func end(_ task: Int, _ reason: FailureReason = .none, status: Int32 = 0) {
    var end = master.end(task, reason)
    end.status = status
    master.report { $0.ends = [end] }
  }

  private func answer() -> Result<Int, Refusal>? {
    for case .obeyed(_, let result) in master.told { return result }
    return nil
  }

  // MARK: Hold and release

  @Test mutating func `what is held is not started until it is released`() {
    begin(.of(3), room: 0)
    master.order(.hold, "j/t1")
    #expect(answer() == .success(1))
    master.offer(.cores(8, memory: 64))
    #expect(master.launches.map(\.task) == [1, 3])
    master.order(.hold, "j/t1")
    #expect(answer() == .success(0))
    master.order(.release, "j")
    #expect(answer() == .success(1) && master.launches.map(\.task) == [1, 3, 2])
    #expect(master.replayed == master.core.durable)
  }

  @Test mutating func `a job that is submitted held waits, and so does what becomes ready`() {
    var spec = JobSpec.of(2, edges: [[], [0]])
    spec.isHeld = true
    begin(spec)
    #expect(master.launches.isEmpty)
    master.order(.release, "j/t0")
    master.offer(.cores(8, memory: 64))
    #expect(master.launches.map(\.task) == [1])
    end(1)
    #expect(master.state(2) == .queued && master.launches.count == 1)
    let next = MasterStory(after: master.facts)
    #expect(next.launches.isEmpty && next.state(2) == .queued)
    master.order(.release, "j")
    master.offer(.cores(8, memory: 64))
    #expect(master.launches.map(\.task) == [1, 2])
  }

  // MARK: Priority and policy

  @Test mutating func `under priority the higher one goes first, and a change counts at once`() {
    begin(.of(3), room: 0)
    master.submit(.of(2, id: "k"))
    master.order(.policy(PolicySetting(.priority)))
    master.order(.priority(5), "k/t1")
    master.order(.priority(-1), "j/t0")
    master.offer(.cores(8, memory: 64))
    #expect(master.launches.map(\.task) == [5, 2, 3, 4, 1])
    #expect(master.replayed == master.core.durable)
  }

  @Test mutating func `under fcfs priorities are kept, and count for nothing`() {
    begin(.of(2), room: 0)
    master.order(.priority(5), "j/t1")
    master.offer(.cores(8, memory: 64))
    #expect(master.launches.map(\.task) == [1, 2])
  }

  @Test mutating func `the policy can change while tasks wait, and back, and holds under the next leader`() {
    begin(.of(3), room: 0)
    master.order(.priority(1), "j/t2")
    master.order(.policy(PolicySetting(.priority)))
    #expect(answer() == .success(3))
    master.order(.policy(PolicySetting(.priority)))
    #expect(answer() == .success(0))
    var next = MasterStory(after: master.facts)
    next.connect()
    next.offer(.cores(1, memory: 64))
    #expect(next.launches.map(\.task) == [3])
    next.order(.policy(PolicySetting(.fcfs)))
    next.offer(.cores(8, memory: 64))
    #expect(next.launches.map(\.task) == [3, 1, 2])
  }

  @Test mutating func `the queue is shown in its order`() {
    begin(.of(3), room: 0)
    master.order(.policy(PolicySetting(.priority)))
    master.order(.priority(1), "j/t1")
    master.turn(.asked(master.request(), .queue(limit: 2)))
    guard case .answered(_, .tasks(let tasks, _)) = master.told.first else { return }
    #expect(tasks.map(\.name) == ["t1", "t0"])
  }

  // MARK: Retries and rounds

  @Test
  mutating func `a failed task is tried again after a wait that doubles, and fails when it may not be again`()
  {
    var spec = JobSpec.of(1)
    spec.templates[0].retry = RetryRule(limit: 2, delay: .milliseconds(100))
    begin(spec)
    for (attempt, wait) in [(1, 100), (2, 200)] as [(Int, Int64)] {
      end(1, .exitCode, status: 3)
      #expect(master.state(1) == .queued && master.launches.count == attempt)
      master.time += wait - 1
      master.offer(.cores(8, memory: 64))
      #expect(master.launches.count == attempt)
      master.time += 1
      master.offer(.cores(8, memory: 64))
      #expect(master.launches.count == attempt + 1)
    }
    end(1, .exitCode, status: 3)
    #expect(master.state(1) == .failed)
    guard case .ended(let ends) = master.newFacts.first else { return }
    #expect(ends[0].earlier == 2 && master.core.durable.setbacks.isEmpty)
    #expect(master.core.violations().isEmpty && master.replayed == master.core.durable)
  }

  @Test mutating func `only what the rule names is tried again`() {
    var spec = JobSpec.of(3)
    spec.templates[0].retry = RetryRule(limit: 1, delay: .zero, exitCodes: [75], reasons: [.outOfMemory])
    begin(spec)
    end(1, .exitCode, status: 1)
    end(2, .exitCode, status: 75)
    end(3, .outOfMemory, status: -9)
    #expect([master.state(1), master.state(2), master.state(3)] == [.failed, .assigned, .assigned])
  }

  @Test mutating func `the wait goes on under the next leader, and a cancel ends it`() {
    var spec = JobSpec.of(2)
    spec.templates[0].retry = RetryRule(limit: 1, delay: .seconds(10))
    begin(spec)
    end(1, .exitCode, status: 3)
    end(2, .exitCode, status: 3)
    var next = MasterStory(after: master.facts)
    next.time = master.time + 4_000
    next.connect()
    next.offer(.cores(8, memory: 64))
    #expect(next.launches.isEmpty)
    next.order(.cancel, "j/t1")
    next.time += 20_000
    next.offer(.cores(8, memory: 64))
    #expect(next.launches.map(\.task) == [1])
  }

  @Test mutating func `hold and release do not cut the wait short`() {
    var spec = JobSpec.of(1)
    spec.templates[0].retry = RetryRule(limit: 1, delay: .seconds(10))
    begin(spec)
    end(1, .exitCode, status: 3)
    master.order(.hold, "j")
    master.order(.release, "j")
    master.offer(.cores(8, memory: 64))
    #expect(master.launches.count == 1)
    master.time += 10_000
    master.offer(.cores(8, memory: 64))
    #expect(master.launches.count == 2)
  }

  @Test mutating func `what fails for a dependency does not count against the job`() {
    var spec = JobSpec.of(5, edges: [[], [0], [0], [0], []])
    spec.failuresMax = 2
    begin(spec)
    end(1, .exitCode)
    #expect(master.state(5) == .assigned && master.kills.isEmpty)
    #expect(master.core.durable.jobs.jobs[0].counts[.failed] == 4)
  }

  @Test mutating func `a new round takes up what failed and what could not run for it`() {
    begin(.of(4, edges: [[], [0], [1], []]))
    end(1)
    end(4)
    end(2, .exitCode)
    #expect((1...4).map { master.state($0) } == [.succeeded, .failed, .failed, .succeeded])
    #expect(master.core.durable.jobs.jobs[0].ended != .none)
    master.order(.retry(alsoCancelled: false), "j")
    #expect(answer() == .success(2))
    #expect((1...4).map { master.state($0) } == [.succeeded, .assigned, .blocked, .succeeded])
    #expect(master.core.durable.jobs.jobs[0].ended == .none)
    end(2)
    end(3)
    #expect(master.core.durable.jobs.jobs[0].counts[.succeeded] == 4)
    #expect(master.core.violations().isEmpty && master.replayed == master.core.durable)
  }

  @Test mutating func `a round of a dependant alone ends as before`() {
    begin(.of(2, edges: [[], [0]]))
    end(1, .exitCode)
    master.order(.retry(alsoCancelled: false), "j/t1")
    #expect(master.state(2) == .failed && master.reason(2) == .dependencyFailed)
    #expect(master.core.violations().isEmpty)
  }

  @Test mutating func `a job is stopped when so many of its tasks have failed`() {
    var spec = JobSpec.of(5)
    spec.failuresMax = 2
    begin(spec, room: 3)
    end(1, .exitCode)
    #expect(master.state(4) == .queued)
    end(2, .exitCode)
    #expect((4...5).map { master.reason($0) } == [.jobStopped, .jobStopped])
    #expect(master.kills.map(\.attempt) == [master.attempt(3)])
    end(3)
    #expect(master.state(3) == .cancelled && master.reason(3) == .jobStopped)
    #expect(master.core.violations().isEmpty && master.replayed == master.core.durable)
  }

  // MARK: Selectors

  @Test mutating func `tasks are chosen by label, user and state, and none that is meant is refused`() {
    var spec = JobSpec.of(2)
    spec.user = "ann"
    spec.labels = [.init(name: "team", value: "x")]
    begin(spec, room: 1)
    master.turn(
      .ordered(master.request(), .hold, [TaskSelector(job: "", label: .init(name: "team", value: "x"))])
    )
    #expect(answer() == .success(1))
    for selector in [
      TaskSelector(job: "", label: .init(name: "team", value: "y")), TaskSelector(job: "j", user: "bob"),
      TaskSelector(job: "j", state: "failed"), TaskSelector(job: "none"),
    ] {
      master.turn(.ordered(master.request(), .cancel, [selector]))
      guard case .failure(let refusal) = answer() else {
        Issue.record("\(selector) means something")
        continue
      }
      #expect(refusal.code == .notFound)
    }
    #expect(master.core.durable.jobs.jobs[0].counts.ended == 0)
  }

  @Test mutating func `orders for many scattered tasks take no time to speak of`() {
    let count = 40_000
    begin(.of(count), room: 0)
    let odd = stride(from: 1, to: UInt64(count), by: 2)
    let time = ContinuousClock().measure {
      let runs = odd.map { TaskRun(first: TaskNumber($0), count: 1) }
      var durable = master.core.durable
      durable.apply(.prioritySet(runs, 3))
      durable.apply(.calledOff(runs, .cancelled, at: .ms(1)))
      durable.apply(.roundBegan(runs))
      #expect(durable.jobs.jobs[0].counts[.queued] == count)
    }
    #expect(time < .seconds(3))
  }
}
