import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Master core: room that is set aside") struct HoldTests {
  var master = MasterStory()
  let one = SessionNumber(11)
  let two = SessionNumber(12)

  init() {
    master.connect()
    _ = master.place("n1")
    _ = master.place("n2")
  }

  private var holds: [HoldOrder] { ordered.flatMap(\.holds) }
  private var releases: [HoldID] { ordered.flatMap(\.releases) }
  private var ordered: [RackOrders] {
    master.orders.compactMap { if case .order(_, let orders) = $0 { orders } else { nil } }
  }

  private mutating func pinned(_ count: Int, of shape: Resources = .cores(2)) {
    master.subscribe("f", on: one)
    master.offer(.cores(8))
    master.say(.demand([ShapeDemand(key: 3, resources: shape, count: count, isPinned: true)]), on: one)
    master.offer(.cores(8))
  }

  /// The rack says that it holds what it was last asked to, on these nodes.
  private mutating func hold(on nodes: [NodeNumber], _ ids: [HoldID]) {
    master.report { $0.held = zip(ids, nodes).map { HeldRoom(id: $0, node: $1) } }
  }

  @Test mutating func `a pinned slice is asked of the rack, and offered with its node`() {
    pinned(3)
    #expect(holds.map(\.id) == [1, 2, 3])
    #expect(!holds.contains { $0.mayGather || !$0.takes.isEmpty })
    #expect(master.offered(on: one) == [])
    hold(on: [1, 2, 1], [1, 2, 3])
    #expect(master.offered(on: one).map(\.node) == ["n1", "n2"])
    #expect(master.offered(on: one).map(\.count) == [2, 1])
    #expect(master.offered(on: one).map(\.key) == [3, 3])
    #expect(master.core.violations() == [])
  }

  @Test mutating func `tasks of an accept go to its node, and what they leave is let go`() {
    pinned(2)
    hold(on: [1, 2], [1, 2])
    let offers = master.offered(on: one).map(\.id)
    master.accept(offers, 2, of: "f", cores: 2, on: one)
    #expect(master.reply == .success(2))
    let orders = ordered.first ?? RackOrders()
    #expect(Set(orders.uses.map(\.hold)) == [1, 2])
    #expect(orders.uses.map(\.attempt).sorted() == master.launches.map(\.attempt))
    #expect(orders.releases == [1, 2])
    #expect(master.core.violations() == [])
  }

  @Test mutating func `what is declined, expired or not demanded any more is let go`() {
    pinned(1)
    hold(on: [1], [1])
    master.say(.decline(master.offered(on: one).map(\.id)), on: one)
    #expect(releases == [1])
    master.time += 101
    master.offer(.cores(8))
    let next = holds.map(\.id)
    #expect(next == [2])
    master.say(.demand([]), on: one)
    #expect(releases == [2])
    #expect(master.core.violations() == [])
    // Held as it was let go: nobody offers it.
    hold(on: [1], [2])
    #expect(master.offered(on: one) == [])
  }

  @Test mutating func `what a rack does not hold is demanded as before, and what it loses is rescinded`() {
    pinned(1)
    master.report { $0.unheld = [1] }
    #expect(holds.map(\.id) == [2])
    hold(on: [1], [2])
    let offer = master.offered(on: one).first?.id ?? OfferID(0)
    master.report { $0.unheld = [2] }
    #expect(master.rescinded(on: one) == [offer])
    #expect(master.core.violations() == [])
  }

  @Test mutating func `with a rack's session goes what it held`() {
    pinned(2)
    hold(on: [1], [1])
    let offer = master.offered(on: one).first?.id ?? OfferID(0)
    master.turn(.rackDisconnected(1))
    #expect(master.rescinded(on: one) == [offer])
    #expect(master.core.violations() == [])
    master.connect(on: 2)
    master.report(on: 2) { $0.held = [HeldRoom(id: 2, node: 2)] }
    #expect(master.offered(on: one) == [])
    #expect(master.core.violations() == [])
  }

  @Test mutating func `who is passed by for a second, though it is its turn, has room gathered`() {
    master.subscribe("large", on: one)
    master.subscribe("small", on: two)
    master.offer(.cores(8))
    master.demand(8, of: .cores(1), on: two)
    master.offer(.cores(8))
    let eight = master.offered(on: two)
    #expect(eight.map(\.count) == [8])
    master.accept(eight.map(\.id), 8, of: "small", on: two)
    master.demand(9, of: .cores(1), on: two)
    master.demand(1, of: .cores(6), on: one)
    master.offer(.cores(0), largest: .cores(8))
    #expect(holds == [])
    // One core is free, and another has it, for six do not fit.
    master.offer(.cores(1), largest: .cores(8))
    #expect(master.offered(on: two).map(\.count) == [1])
    #expect(holds == [])
    master.time += 1_001
    master.turn()
    #expect(holds.map(\.mayGather) == [true])
    #expect(master.core.violations() == [])
    hold(on: [1], holds.map(\.id))
    #expect(master.offered(on: one).map(\.resources) == [.cores(6)])
    #expect(master.offered(on: one).map(\.node) == ["n1"])
  }

  @Test
  mutating func
    `with backfilling room is gathered for the head of the queue at once, and its task goes there`()
  {
    master.order(.policy(PolicySetting(.fcfs, backfills: true)))
    master.offer(.cores(8), largest: .cores(8))
    master.submit(.of(1, id: "large", cores: 8))
    master.offer(.cores(4), largest: .cores(8))
    #expect(holds.map(\.mayGather) == [true])
    let id = holds.first?.id ?? 0
    // A smaller one passes it, elsewhere: where room is gathered the rack lets in what does not delay it.
    master.submit(.of(1, id: "small"))
    master.offer(.cores(4), largest: .cores(8))
    #expect(master.launches.map(\.task) == [2])
    hold(on: [2], [id])
    #expect(master.launches.map(\.task) == [2, 1])
    #expect(ordered.first?.uses == [HoldUse(attempt: master.attempt(1), hold: id)])
    #expect(ordered.first?.releases == [id])
    #expect(master.core.violations() == [])
  }

  @Test mutating func `a task that is short enough fills what is being gathered`() {
    master.order(.policy(PolicySetting(.fcfs, backfills: true)))
    master.offer(.cores(0), largest: .cores(8))
    master.submit(.of(1, id: "large", cores: 8))
    for (i, limit) in [TimeSpan.seconds(60), .seconds(10)].enumerated() {
      var spec = JobSpec.of(1, id: "j\(i)")
      spec.templates[0].timeLimit = limit
      master.submit(spec)
    }
    master.report { [asked = master.asked[1] ?? []] report in
      report.offer = RackOffer(
        total: .cores(8),
        free: .zero,
        fits: asked.map {
          .init(shape: $0.number, fits: 0, fills: $0.shape.resources == .cores(1) ? 3 : 0, waiting: 0)
        },
        largest: [.cores(8)],
        fillsWithin: .seconds(30)
      )
    }
    #expect(master.launches.map(\.task) == [3])
  }

  @Test mutating func `a role below its guarantee takes from those above their share, after a while`() {
    master.order(
      .role(
        RoleChange(name: "gold", guarantee: .amounts(Resources(cpuMillis: 4_000, memory: .max, disk: .max)))
      )
    )
    master.offer(.cores(8))
    master.submit(.of(8))
    master.offer(.cores(8))
    master.offer(.cores(0), largest: .cores(8))
    #expect(master.launches.count == 8)
    master.subscribe("f", on: one, role: "gold")
    master.demand(6, of: .cores(1), on: one)
    master.time += 1_001
    master.turn()
    // As many as the guarantee is for.
    #expect(holds.map(\.mayGather) == [true, true, true, true])
    #expect(!holds.contains { !$0.takes.isEmpty })
    master.time += 5_001
    master.turn()
    #expect(Set(holds.map(\.takes)) == [[HoldOrder.Take(role: 1, most: .cores(4))]])
    // Those that made room wait again, and nothing counts against them.
    let ends = (5...8).map { master.end($0, .preempted) }
    master.report { $0.ends = ends }
    #expect((5...8).map { master.state($0) } == [.queued, .queued, .queued, .queued])
    #expect(master.core.durable.setbacks[5]?.retries == 0)
    #expect(master.core.violations() == [])
    #expect(master.replayed == master.core.durable)
  }

  @Test mutating func `a task that was to be cancelled ends cancelled, whatever it had to make room for`() {
    master.offer(.cores(8))
    master.submit(.of(1))
    master.order(.cancel, "j")
    let end = master.end(1, .preempted)
    master.report { $0.ends = [end] }
    #expect(master.state(1) == .cancelled)
  }

  @Test mutating func `a rack that is back is told whose the attempts are that it states`() {
    master.offer(.cores(8))
    master.submit(.of(1))
    master.offer(.cores(8))
    let start = master.start(1)
    master.report { $0.started = [start] }
    var statement = RackReport()
    statement.started = [start]
    master.connect(on: 2, stating: statement)
    #expect(ordered.flatMap(\.roles) == [AttemptRole(attempt: master.attempt(1), role: 1)])
  }
}
