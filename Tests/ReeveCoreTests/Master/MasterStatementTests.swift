import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

private let room = Resources(cpuMillis: 4_000)

@Suite("Master core: statements of racks") struct MasterStatementTests {
  var master = MasterStory()

  /// Three tasks: the first waits at the rack, the second and third run.
  init() {
    master.connect()
    _ = master.place("n1")
    master.turn(.submitted(master.request(), .of(3)))
    master.offer(room)
    master.report { [starts = [master.start(2), master.start(3)]] in $0.started = starts }
  }

  @Test mutating func `what a statement lacks is over: queued again unstarted, lost where it ran`() {
    let running = master.start(2)
    var statement = RackReport()
    statement.started = [running]
    master.connect(on: SessionNumber(2), stating: statement)
    #expect(master.state(1) == .queued)
    #expect(master.state(2) == .running)
    #expect(master.state(3) == .queued)
    #expect((1...3).map { master.losses($0) } == [0, 0, 1])
    #expect(master.core.violations() == [])
  }

  /// No rack scheduler of ours says so; one that does must not end the master.
  @Test mutating func `a start that is told twice in one message counts once`() {
    let start = master.start(1)
    let before = master.facts.count
    master.report { $0.started = [start, start] }
    #expect(Array(master.facts[before...]) == [.started([start])])
    #expect(master.state(1) == .running)
    #expect(master.core.violations() == [])
  }

  @Test mutating func `what a statement has goes on`() {
    var statement = RackReport()
    statement.waiting = [master.named(1)]
    statement.started = [master.start(2)]
    statement.ends = [master.end(3)]
    let before = master.facts.count
    master.connect(on: SessionNumber(2), stating: statement)
    #expect(Array(master.facts[before...]) == [.ended(statement.ends)])
    #expect(master.kills == [])
  }

  @Test mutating func `the end of an older attempt does not stand for the one that was on its way`() {
    let old = master.end(1, .exitCode)
    master.report { [lost = master.lost(1)] in $0.lost = [lost] }
    master.offer(room)
    #expect(master.attempt(1) != old.attempt)
    var statement = RackReport()
    statement.started = [master.start(2), master.start(3)]
    statement.ends = [old]
    master.connect(on: SessionNumber(2), stating: statement)
    #expect(master.state(1) == .queued)
  }

  @Test mutating func `what waits under an attempt that is over is killed`() {
    let old = master.named(1)
    master.report { $0.returned = [old] }
    var statement = RackReport()
    statement.waiting = [old]
    statement.started = [master.start(2), master.start(3)]
    master.connect(on: SessionNumber(2), stating: statement)
    #expect(master.kills.map(\.attempt) == [old.attempt])
  }

  @Test mutating func `nothing on an older session is heard`() {
    let end = master.end(2)
    master.turn(.rackConnected(SessionNumber(2), RackHello(rack: "r", address: "r", incarnation: 7)))
    #expect(master.told.first == .refuseRack(SessionNumber(1), "rack r has opened a newer session"))
    master.report(on: SessionNumber(1)) { $0.ends = [end] }
    #expect(master.newFacts == [])
    #expect(master.state(2) == .running)
  }

  @Test mutating func `a new process of a rack gets a higher generation, the same process its own`() {
    let first = master.core.durable.roster[RackNumber(1)].generation
    master.connect(on: SessionNumber(2))
    #expect(master.core.durable.roster[RackNumber(1)].generation == first)
    master.connect(on: SessionNumber(3), incarnation: 8)
    #expect(master.core.durable.roster[RackNumber(1)].generation > first)
  }

  @Test mutating func `a cancel that the older session was told is told again`() {
    master.turn(.ordered(master.request(), .cancel, [TaskSelector(job: "j", task: "t1")]))
    #expect(master.kills.map(\.attempt) == [master.attempt(2)])
    var statement = RackReport()
    statement.started = [master.start(2), master.start(3)]
    master.connect(on: SessionNumber(2), stating: statement)
    #expect(master.kills.map(\.attempt) == [master.attempt(2)])
  }

  @Test
  mutating func `a new leader has the same durable half, goes on with what runs and repeats no attempt`() {
    var next = MasterStory(after: master.facts)
    let attempts = (1...3).map { master.attempt($0) }
    var statement = RackReport()
    statement.started = [master.start(2), master.start(3)]
    next.connect(on: SessionNumber(1), stating: statement)
    next.offer(room)
    #expect((2...3).map { next.attempt($0) } == Array(attempts.dropFirst()))
    #expect(next.launches.map(\.task) == [1])
    #expect(next.attempt(1) > attempts[2])
    #expect(next.core.durable == next.replayed)
  }
}
