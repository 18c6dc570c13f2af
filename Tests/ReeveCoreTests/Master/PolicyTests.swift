import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Master: policies") struct PolicyTests {
  private var master = MasterStory()

  private mutating func set(_ setting: PolicySetting) { master.order(.policy(setting)) }

  private mutating func finish(_ task: Int, after seconds: Int64) {
    var end = master.end(task)
    end.started = WallTime(microseconds: 1_000_000)
    end.ended = WallTime(microseconds: 1_000_000 + seconds * 1_000_000)
    master.report { $0.ends = [end] }
  }

  private static func job(_ id: String, named name: String, count: Int = 1, limit: TimeSpan? = nil) -> JobSpec
  {
    var spec = JobSpec.of(count, id: id)
    spec.name = name
    spec.templates[0].timeLimit = limit
    return spec
  }

  @Test mutating func `under sjf time limits decide, and what has none is last`() {
    master.connect()
    set(PolicySetting(.sjf))
    master.submit(Self.job("unknown", named: "a"))
    master.submit(Self.job("long", named: "b", limit: .seconds(600)))
    master.submit(Self.job("short", named: "c", limit: .seconds(60)))
    master.offer(.cores(8, memory: 64))
    #expect(master.launches.map(\.task) == [3, 2, 1])
  }

  @Test mutating func `under sjf it is learnt how long the like ran, also across a snapshot`() throws {
    master.connect()
    _ = master.place("n")
    set(PolicySetting(.sjf))
    master.submit(Self.job("first-long", named: "long"))
    master.submit(Self.job("first-short", named: "short"))
    master.offer(.cores(2, memory: 64))
    master.offer(.cores(0), largest: .cores(8, memory: 64))
    // These wait already when their like ends, and none is lost for that.
    master.submit(Self.job("long", named: "long", count: 2))
    master.submit(Self.job("short", named: "short", count: 2))
    finish(1, after: 500)
    finish(2, after: 20)
    #expect(master.replayed == master.core.durable)
    var restoration = Restoration()
    for part in master.core.durable.parts() { try restoration.take(part) }
    #expect(try restoration.finish().state == master.core.durable)
    master.offer(.cores(8, memory: 64))
    #expect(master.launches.map(\.task) == [1, 2, 5, 6, 3, 4])
  }

  @Test mutating func `under fair a user's backlog does not keep another waiting`() {
    master.connect()
    set(PolicySetting(.fair))
    for (user, id) in [("ada", "a"), ("bob", "b")] {
      var spec = JobSpec.of(10, id: id)
      spec.user = user
      master.submit(spec)
    }
    master.offer(.cores(4, memory: 64))
    #expect(Set(master.launches.map(\.task)) == [1, 2, 11, 12])
    #expect(master.core.durable == master.replayed)
  }

  @Test mutating func `what a priority is made of is told term by term, and survives the leader`() {
    master.connect()
    let criteria = PriorityCriteria(terms: [
      PriorityCriteria.Term(.priority, weight: 2), PriorityCriteria.Term(.size, weight: -1),
      PriorityCriteria.Term(.deadline, weight: 1, per: 60),
    ])
    set(PolicySetting(.priority, backfills: true, criteria: criteria))
    var spec = JobSpec.of(1)
    spec.templates[0].priority = 10
    spec.templates[0].deadline = .seconds(600)
    master.submit(spec)
    var next = MasterStory(after: master.facts)
    #expect(next.core.durable.policy == PolicySetting(.priority, backfills: true, criteria: criteria))
    next.turn(.asked(next.request(), .explain(TaskSelector(job: "j", task: "t0"))))
    guard case .answered(_, .explained(let explanation)) = next.told.first else {
      Issue.record("\(next.told)")
      return
    }
    #expect(explanation.terms.map(\.name) == ["priority", "size", "deadline"])
    #expect(explanation.terms.map(\.points) == [20, -1, -10])
  }

  @Test mutating func `a deadline that is near goes before one that is far`() {
    master.connect()
    set(PolicySetting(.priority, criteria: PriorityCriteria(terms: [PriorityCriteria.Term(.deadline)])))
    for (id, deadline) in [("none", nil), ("far", .seconds(7_200)), ("near", .seconds(3_600))]
      as [(String, TimeSpan?)]
    {
      var spec = JobSpec.of(1, id: id)
      spec.templates[0].deadline = deadline
      master.submit(spec)
    }
    master.offer(.cores(8, memory: 64))
    #expect(master.launches.map(\.task) == [3, 2, 1])
  }

  @Test mutating func `a long queue is taken up in slices, and nothing is given out of a part of it`() {
    var settings = MasterCore.Settings.prompt
    settings.piecesMax = 4
    master = MasterStory(settings: settings)
    master.connect()
    var spec = JobSpec.of(10)
    spec.templates = (0..<10).map { i in
      var template = spec.templates[0]
      template.priority = Int32(i)
      return template
    }
    spec.taskTemplates = Array(0..<10)
    master.submit(spec)
    for _ in 0..<3 { master.turn() }
    set(PolicySetting(.priority))
    #expect(master.core.nextDeadline != nil)
    // The first turn has taken up four, and so does the one in which there is room.
    master.offer(.cores(2, memory: 64))
    #expect(master.launches.isEmpty)
    for _ in 0..<3 { master.turn() }
    #expect(master.launches.map(\.task) == [10, 9])
  }
}
