import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Master core: fairness over time") struct FairnessTests {
  var master = MasterStory()
  let one = SessionNumber(11)

  init() {
    master.connect()
    _ = master.place("n1")
    master.offer(.cores(8))
  }

  private mutating func roles() -> [RoleView] {
    master.turn(.asked(master.request(), .roles))
    for case .answered(_, .roles(let roles)) in master.told { return roles }
    return []
  }

  private mutating func users() -> [UserView] {
    master.turn(.asked(master.request(), .users))
    for case .answered(_, .users(let users)) in master.told { return users }
    return []
  }

  @Test mutating func `shares are means over the time that they were held`() {
    master.time += 30_000
    master.submit(.of(4))
    master.offer(.cores(8))
    master.time += 5_000
    master.turn()
    master.time += 25_000
    let batch = roles()[0]
    #expect(batch.share == 0.5)
    #expect(abs(batch.history.mean.share - 0.25) < 0.05)
    #expect(batch.history.minutes.count <= 2)
    // An hour later what was before is of no account.
    master.time += 3_700_000
    #expect(abs(roles()[0].history.mean.share - 0.5) < 1e-6)
    #expect(roles()[0].history.minutes.count <= 61)
  }

  @Test mutating func `of a role that has less than it is due the smallest is said that it waits for`() {
    master.submit(.of(8))
    master.offer(.cores(8))
    master.subscribe("f", on: one, role: "other")
    master.say(
      .demand([
        ShapeDemand(key: 1, resources: .cores(4), count: 1),
        ShapeDemand(key: 2, resources: .cores(2), count: 1),
      ]),
      on: one
    )
    master.offer(.cores(0), largest: .cores(8))
    let roles = roles()
    #expect(roles.map(\.role.name) == ["batch", "other"])
    #expect(roles[1].blocked == BlockedShape(framework: "f", resources: .cores(2)))
    #expect(roles[0].blocked == nil)
  }

  @Test mutating func `what preempted tasks had worked is wasted`() {
    master.submit(.of(1, cores: 4))
    master.offer(.cores(8))
    var end = master.end(1, .preempted)
    (end.started, end.ended) = (WallTime(microseconds: 5_000_000), WallTime(microseconds: 15_000_000))
    master.report { $0.ends = [end] }
    #expect(roles()[0].wasted == WastedWork(preempted: 1, coreTime: .seconds(40)))
    #expect(master.state(1) != .failed)
  }

  @Test mutating func `users are due parts of what they have together`() {
    for (user, count) in [("ada", 4), ("bob", 2)] {
      var spec = JobSpec.of(count, id: user)
      spec.user = user
      master.submit(spec)
    }
    master.offer(.cores(8))
    let users = users()
    #expect(users.map(\.name) == ["ada", "bob"])
    #expect(users.map(\.now.share) == [0.5, 0.25])
    #expect(users.map(\.now.fairShare) == [0.375, 0.375])
  }
}
