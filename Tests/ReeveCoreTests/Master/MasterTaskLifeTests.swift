import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

private func cores(_ n: Int64) -> Resources { Resources(cpuMillis: n * 1_000) }

@Suite("Master core: the life of a task") struct MasterTaskLifeTests {
  var master = MasterStory()

  mutating func submit(_ spec: JobSpec) { master.turn(.submitted(master.request(), spec)) }

  /// One rack with a node, and room for four cores.
  mutating func begin(_ spec: JobSpec, room: Int64 = 4) {
    master.connect()
    _ = master.place("n1")
    submit(spec)
    master.offer(cores(room))
  }

  @Test mutating func `a task is assigned, starts and ends, and each step is on record before it is told`() {
    begin(.of(1))
    #expect(master.newFacts == [.assigned(RackNumber(1), first: master.attempt(1), tasks: [TaskNumber(1)])])
    #expect(master.launches.map(\.task) == [1])
    let start = master.start(1)
    master.report { $0.started = [start] }
    #expect(master.newFacts == [.started([start])])
    let end = master.end(1)
    master.report { $0.ends = [end] }
    #expect(master.newFacts == [.ended([end])])
    #expect(master.acknowledged == [end.attempt])
    #expect(master.state(1) == .succeeded)
    #expect(master.core.durable == master.replayed)
    #expect(master.core.violations() == [])
  }

  @Test mutating func `a task waits for all that it depends on`() {
    begin(.of(3, edges: [[], [], [0, 1]]))
    #expect(master.launches.map(\.task) == [1, 2])
    master.report { [end = master.end(2)] in $0.ends = [end] }
    #expect(master.state(3) == .blocked)
    master.report { [end = master.end(1)] in $0.ends = [end] }
    #expect(master.launches.map(\.task) == [1, 2, 3])
  }

  @Test mutating func `a failure ends all that waits for it, through the whole graph`() {
    begin(.of(5, edges: [[], [0], [1], [2], []]))
    master.report { [end = master.end(1, .exitCode)] in $0.ends = [end] }
    #expect((1...4).map { master.state($0) } == [.failed, .failed, .failed, .failed])
    #expect((2...4).map { master.reason($0) } == [.dependencyFailed, .dependencyFailed, .dependencyFailed])
    #expect(master.state(5) == .assigned)
    #expect(master.core.violations() == [])
  }

  @Test mutating func `a failure that the journal was cut behind ends its dependants under the next leader`()
  {
    begin(.of(3, edges: [[], [0], [1]]))
    master.report { [end = master.end(1, .exitCode)] in $0.ends = [end] }
    #expect(master.newFacts.count == 2)
    let cut = Array(master.facts.dropLast(1))
    let next = MasterStory(after: cut)
    #expect((1...3).map { next.state($0) } == [.failed, .failed, .failed])
    #expect(next.core.durable == next.replayed)
  }

  @Test mutating func `what came back unstarted keeps its place`() {
    begin(.of(3), room: 1)
    #expect(master.launches.map(\.task) == [1])
    master.report { [task = master.named(1)] in $0.returned = [task] }
    #expect(master.state(1) == .queued)
    master.offer(cores(2))
    #expect(master.launches.map(\.task) == [1, 1, 2])
    #expect(master.launches[0].attempt != master.launches[1].attempt)
    #expect(
      (master.core.durable.setbacks[TaskNumber(1)]?.attempts ?? 0) == 0,
      "what never started is not counted"
    )
  }

  @Test mutating func `a task that has lost its node three times fails`() {
    begin(.of(1))
    for loss in 1...3 {
      #expect(master.state(1) == .assigned, "before loss \(loss)")
      master.report { [start = master.start(1)] in $0.started = [start] }
      master.report { [lost = master.lost(1)] in $0.lost = [lost] }
      if loss < 3 {
        #expect(
          master.newFacts.first
            == .lost([TaskAttempt(attempt: master.launches[loss - 1].attempt, task: TaskNumber(1))])
        )
        master.offer(cores(4))
      }
    }
    #expect(master.state(1) == .failed)
    #expect(master.reason(1) == .nodeLost)
  }

  @Test mutating func `the end of an old attempt is acknowledged and does not count`() {
    begin(.of(1))
    let old = master.attempt(1)
    master.report { [lost = master.lost(1)] in $0.lost = [lost] }
    master.offer(cores(4))
    #expect(master.attempt(1) != old)
    master.report { [end = master.end(1, .exitCode, of: old)] in $0.ends = [end] }
    #expect(master.acknowledged == [old])
    #expect(master.newFacts == [])
    #expect(master.state(1) == .assigned)
  }

  @Test mutating func `the same end twice counts once`() {
    begin(.of(1))
    let end = master.end(1)
    master.report { $0.ends = [end, end] }
    master.report { $0.ends = [end] }
    #expect(master.facts.filter { $0 == .ended([end]) }.count == 1)
    #expect(master.acknowledged == [end.attempt])
  }

  @Test mutating func `what runs under an attempt that is over is killed`() {
    begin(.of(1))
    let start = master.start(1)
    master.report { [lost = master.lost(1)] in $0.lost = [lost] }
    master.report { $0.started = [start] }
    #expect(master.kills.map(\.attempt) == [start.attempt])
  }

  @Test mutating func `an end without its time ends at the master's`() {
    begin(.of(1))
    var end = master.end(1)
    end.ended = .none
    master.report { $0.ends = [end] }
    #expect(master.core.violations() == [])
  }
}
