import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

private func cores(_ n: Int64) -> Resources { Resources(cpuMillis: n * 1_000) }

@Suite("Master core: submissions and cancels") struct MasterUsersTests {
  var master = MasterStory()

  init() {
    master.connect()
    _ = master.place("n1")
  }

  mutating func submit(_ spec: JobSpec) -> Result<Submission, Refusal>? {
    master.turn(.submitted(master.request(), spec))
    for case .submitted(_, let result) in master.told { return result }
    return nil
  }

  mutating func cancel(_ task: String? = nil) -> Int? {
    master.turn(.ordered(master.request(), .cancel, [TaskSelector(job: "j", task: task)]))
    for case .obeyed(_, let result) in master.told { return try? result.get() }
    return nil
  }

  private func code(_ result: Result<Submission, Refusal>?) -> Refusal.Code? {
    if case .failure(let refusal) = result { refusal.code } else { nil }
  }

  @Test mutating func `the same submission again is answered as the first time`() throws {
    let first = try #require(submit(.of(2))).get()
    #expect(first.tasks == 2 && !first.known)
    let second = try #require(submit(.of(2))).get()
    #expect(second.tasks == 2 && second.known)
    #expect(master.newFacts == [])
    #expect(master.core.durable.jobs.jobs.count == 1)
  }

  @Test mutating func `another job under the same id is refused`() {
    _ = submit(.of(2))
    #expect(code(submit(.of(3))) == .conflict)
    #expect(master.newFacts == [])
  }

  @Test mutating func `what is larger than every node is refused, with what would be right`() {
    #expect(code(submit(.of(1, id: "early", cores: 100))) == nil)
    master.offer(cores(2), largest: cores(8))
    #expect(code(submit(.of(1, id: "late", cores: 9))) == .exceedsLargestNode)
    #expect(code(submit(.of(1, id: "whole", cores: 8))) == nil)
  }

  @Test mutating func `what waits ends at once when it is cancelled`() {
    _ = submit(.of(3, edges: [[], [0], [1]]))
    #expect(cancel() == 3)
    #expect((1...3).map { master.state($0) } == [.cancelled, .cancelled, .cancelled])
    #expect(cancel() == 0)
    master.offer(cores(4))
    #expect(master.launches == [])
  }

  @Test mutating func `what runs is killed, and ends cancelled whatever its end says`() {
    _ = submit(.of(1))
    master.offer(cores(4))
    master.report { [start = master.start(1)] in $0.started = [start] }
    #expect(cancel("t0") == 1)
    #expect(master.kills == [KillOrder(attempt: master.attempt(1), reason: .cancelled)])
    #expect(master.state(1) == .running)
    master.report { [end = master.end(1)] in $0.ends = [end] }
    #expect(master.state(1) == .cancelled)
  }

  @Test mutating func `an end that was on record first stands`() {
    _ = submit(.of(1))
    master.offer(cores(4))
    master.report { [end = master.end(1)] in $0.ends = [end] }
    #expect(cancel() == 0)
    #expect(master.state(1) == .succeeded)
  }

  @Test mutating func `a cancelled task that comes back or is lost ends cancelled`() {
    _ = submit(.of(2))
    master.offer(cores(4))
    _ = cancel()
    master.report { [task = master.named(1)] in $0.returned = [task] }
    master.report { [lost = master.lost(2)] in $0.lost = [lost] }
    #expect((1...2).map { master.state($0) } == [.cancelled, .cancelled])
  }

  @Test mutating func `a cancel on record is carried out by the next leader`() {
    _ = submit(.of(1))
    master.offer(cores(4))
    master.report { [start = master.start(1)] in $0.started = [start] }
    _ = cancel()
    var next = MasterStory(after: master.facts)
    var statement = RackReport()
    statement.started = [next.start(1)]
    next.connect(stating: statement)
    #expect(next.kills.map(\.attempt) == [next.attempt(1)])
  }

  @Test mutating func `an unknown job or task is said to be so`() {
    _ = submit(.of(1))
    #expect(cancel("t7") == nil)
    #expect(master.newFacts == [])
  }
}
