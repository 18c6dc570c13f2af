import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Master core: roles share the cluster") struct RoleTests {
  var master = MasterStory()
  let one = SessionNumber(11)
  let two = SessionNumber(12)

  init() { master.connect() }

  @Test mutating func `roles share by their weights, and the queue is one of them`() {
    master.order(.role(RoleChange(name: "batch", weight: 2)))
    master.subscribe("f", on: one, role: "r")
    master.subscribe("g", on: two, role: "s")
    master.demand(100, of: .cores(1), on: one)
    master.demand(100, of: .cores(1), on: two)
    master.submit(.of(100))
    master.offer(.cores(40))
    #expect(master.launches.count == 20)
    #expect(master.offered(on: one).map(\.count) == [10])
    #expect(master.offered(on: two).map(\.count) == [10])
  }

  @Test mutating func `who wants less leaves the rest to the others`() {
    master.subscribe("f", on: one, role: "r")
    master.subscribe("g", on: two, role: "s")
    master.demand(3, of: .cores(1), on: one)
    master.demand(100, of: .cores(1), on: two)
    master.offer(.cores(40))
    #expect(master.offered(on: one).map(\.count) == [3])
    #expect(master.offered(on: two).map(\.count) == [37])
  }

  @Test mutating func `nobody gets beyond the limit, and a guarantee goes first`() {
    let limit = Resources(cpuMillis: 5_000, memory: .max, disk: .max)
    master.order(.role(RoleChange(name: "r", limit: .amounts(limit))))
    master.subscribe("f", on: one, role: "r")
    master.subscribe("g", on: two, role: "s")
    master.demand(100, of: .cores(1), on: one)
    master.demand(100, of: .cores(1), on: two)
    master.offer(.cores(12))
    #expect(master.offered(on: one).map(\.count) == [5])
    let guarantee = Resources(cpuMillis: 10_000, memory: .max, disk: .max)
    master.say(.demand([]), on: two)
    master.order(.role(RoleChange(name: "s", guarantee: .amounts(guarantee))))
    #expect(master.core.durable.frameworks.role(named: "s").guarantee == guarantee)
    master.say(.demand([]), on: one)
    master.turn(
      .frameworkSaid(one, master.request(), .demand([ShapeDemand(key: 1, resources: .cores(1), count: 100)])),
      .frameworkSaid(two, master.request(), .demand([ShapeDemand(key: 1, resources: .cores(1), count: 100)]))
    )
    #expect(master.offered(on: two).map(\.count) == [10])
    #expect(master.offered(on: one).map(\.count) == [2])
  }

  @Test
  mutating func `quotas that cannot be kept are refused, and roles are forgotten by name only where set`() {
    master.offer(.cores(12))
    let much = Resources(cpuMillis: 13_000, memory: .max, disk: .max)
    master.order(.role(RoleChange(name: "r", guarantee: .amounts(much))))
    guard case .obeyed(_, .failure(let refusal))? = master.told.first else {
      Issue.record("\(master.told)")
      return
    }
    #expect(refusal.field == "guarantee")
    let limit = Resources(cpuMillis: 1_000, memory: .max, disk: .max)
    let more = Resources(cpuMillis: 2_000, memory: .max, disk: .max)
    master.order(.role(RoleChange(name: "r", guarantee: .amounts(more), limit: .amounts(limit))))
    #expect(master.newFacts == [])
    master.order(.forgetRole("r"))
    #expect(master.newFacts == [])
    master.order(.role(RoleChange(name: "r", weight: 3)))
    master.order(.forgetRole("r"))
    #expect(master.newFacts == [.roleForgotten("r")])
    #expect(master.replayed == master.core.durable)
  }

  @Test func `a weight that is none is refused`() {
    for weight in [0, -1, .infinity, .nan, 1e9] {
      #expect(throws: Refusal.self) { try RoleChange(name: "r", weight: weight).validate() }
    }
    #expect(throws: Refusal.self) { try RoleChange(name: "r").validate() }
    #expect(throws: Refusal.self) { try RoleChange(name: "no/role", weight: 1).validate() }
  }

  @Test func `amounts of a quota are read as people write them`() throws {
    let quota = try RoleChange.Quota(parsing: "cpus=2.5,memory=1GiB", field: "limit")
    #expect(quota == .amounts(Resources(cpuMillis: 2_500, memory: 1 << 30, disk: .max)))
    #expect(try RoleChange.Quota(parsing: "none", field: "limit") == RoleChange.Quota.none)
    for text in ["", "cpus", "cpus=2,", "gpus=1", "cpus=x"] {
      #expect(throws: Refusal.self) { try RoleChange.Quota(parsing: text, field: "limit") }
    }
  }

  @Test mutating func `nothing is sent ahead while a framework waits that is due more`() {
    master.submit(.of(200))
    master.offer(.cores(4))
    // Tasks end fast: the queue keeps a backlog at the rack.
    for turn in 1...30 {
      master.time += 10
      master.report { [master] report in
        report.ends = (1...200).filter { master.state($0) == .assigned }.prefix(4).map { master.end($0) }
        report.offer = RackOffer(
          total: .cores(4),
          free: .zero,
          fits: [.init(shape: ShapeNumber(0), fits: 0, waiting: 0)],
          largest: [.cores(4)]
        )
      }
      if turn == 20 {
        #expect(master.core.durable.roster.racks[0].waitingCount > 4)
        master.subscribe("f", on: one)
        master.demand(2, of: .cores(1), on: one)
      }
    }
    let before = master.launches.count
    master.time += 10
    master.offer(.zero, largest: .cores(4))
    #expect(master.launches.count == before)
  }
}
