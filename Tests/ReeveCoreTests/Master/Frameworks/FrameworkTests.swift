import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Master core: frameworks from outside") struct FrameworkTests {
  var master = MasterStory()
  let rack = SessionNumber(1)
  let one = SessionNumber(11)
  let two = SessionNumber(12)

  init() {
    master.connect()
    _ = master.place("n1")
  }

  @Test mutating func `without demand there are no offers, and new demand revives a framework at once`() {
    master.subscribe("f", on: one)
    master.offer(.cores(8))
    #expect(master.offered(on: one) == [])
    master.demand(3, of: .cores(2), on: one)
    master.offer(.cores(8))
    let offers = master.offered(on: one)
    #expect(offers.map(\.count) == [3])
    #expect(offers.map(\.key) == [1])
    #expect(offers.map(\.resources) == [.cores(2)])
    master.turn()
    #expect(master.offered(on: one) == [])
    master.say(.demand([]), on: one)
    #expect(master.rescinded(on: one) == offers.map(\.id))
    #expect(master.core.violations() == [])
  }

  @Test mutating func `tasks of an accept are records before they are sent, and go to the rack of the offer`()
  {
    let offer = openOffer(3)
    master.accept([offer], 2, of: "f", on: one)
    #expect(master.reply == .success(2))
    #expect(master.launches.map(\.task) == [1, 2])
    #expect(master.newFacts.count == 2)
    #expect(master.replayed == master.core.durable)
    // The third slice is offered anew, for it is still demanded.
    #expect(master.offered(on: one).map(\.count) == [1])
  }

  @Test mutating func `a template that came before is not sent again, whatever accept it came with`() {
    let first = openOffer(3)
    master.accept([first], 1, of: "f", on: one)
    let second = master.offered(on: one)[0].id
    master.accept([second], 1, of: "f", named: "b", on: one)
    let batches = master.orders.map { effect -> LaunchBatch in
      if case .order(_, let orders) = effect { return orders.launches }
      return LaunchBatch()
    }
    #expect(batches.flatMap(\.newTemplates) == [])
    #expect(batches.flatMap { $0.launches.map(\.template) } == [0])
  }

  @Test mutating func `several small tasks share a slice, and one that finds no room is refused by name`() {
    let offer = openOffer(2, of: .cores(4))
    master.accept([offer], 9, of: "f", on: one)
    #expect(master.refusal?.code == .tooLarge)
    #expect(master.refusal?.message.contains("a-0") == true)
    #expect(master.newFacts == [])
    master.accept([offer], 8, of: "f", on: one)
    #expect(master.reply == .success(8))
  }

  @Test mutating func `an offer that was answered, has expired or is another's is refused by its number`() {
    let offer = openOffer(2)
    master.subscribe("g", on: two)
    master.accept([offer], 1, of: "g", on: two)
    #expect(master.refusal?.code == .conflict)
    #expect(master.refusal?.message.contains("\(offer)") == true)
    master.accept([offer, offer], 1, of: "f", on: one)
    #expect(master.refusal?.code == .duplicate)
    master.accept([offer], 1, of: "f", on: one)
    #expect(master.reply == .success(1))
    master.accept([offer], 1, of: "f", named: "b", on: one)
    #expect(master.refusal?.field == "offers[0]")
    master.say(.decline([]), on: one)
    #expect(master.refusal?.code == .invalid)
  }

  @Test mutating func `the same accept again is answered as the first time`() {
    let offer = openOffer(2)
    master.accept([offer], 2, of: "f", on: one)
    let facts = master.facts.count
    master.accept([offer], 2, of: "f", on: one)
    #expect(master.reply == .success(2))
    #expect(master.facts.count == facts)
    #expect(master.launches.count == 2)
  }

  @Test mutating func `a task id that is in use, tasks that would wait, and none at all are refused`() {
    let offer = openOffer(4)
    master.accept([offer], 1, of: "f", on: one)
    let next = master.offered(on: one)[0].id
    var spec = JobSpec.of(1, id: "f")
    spec.addition = "b"
    spec.taskNames = PackedStrings(["a-0"])
    master.say(.accept([next], spec, hasRoom: true), on: one)
    #expect(master.refusal?.code == .duplicate)
    master.accept([next], 0, of: "f", named: "c", on: one)
    #expect(master.refusal?.field == "tasks")
    spec = JobSpec.of(2, id: "f", edges: [[], [0]])
    spec.addition = "d"
    master.say(.accept([next], spec, hasRoom: true), on: one)
    #expect(master.refusal?.field == "dependencies")
    spec = JobSpec.of(1, id: "f", cores: 0)
    spec.addition = "e"
    master.say(.accept([next], spec, hasRoom: true), on: one)
    #expect(master.refusal?.field == "tasks[0].resources")
  }

  @Test mutating func `what no node can ever meet is refused with what there is`() {
    master.subscribe("f", on: one)
    master.offer(.cores(8))
    master.demand(1, of: .cores(9), on: one)
    #expect(master.refusal?.code == .exceedsLargestNode)
    #expect(master.refusal?.field == "shapes[0].cpus")
    master.say(.demand([ShapeDemand(key: 1, resources: .cores(1), count: 1, racks: ["nowhere"])]), on: one)
    #expect(master.refusal?.code == .notFound)
  }

  @Test mutating func `a decline lowers the turn, each time for longer, and more demand ends that`() {
    let first = openOffer(4)
    master.say(.decline([first]), on: one)
    master.offer(.cores(8))
    #expect(master.offered(on: one) == [])
    master.time += 101
    master.turn()
    let second = master.offered(on: one)[0].id
    master.say(.decline([second]), on: one)
    master.time += 101
    master.turn()
    #expect(master.offered(on: one) == [])
    master.time += 100
    master.turn()
    let third = master.offered(on: one)[0].id
    master.say(.decline([third]), on: one)
    master.demand(5, of: .cores(1), on: one)
    #expect(master.offered(on: one).map(\.count) == [5])
  }

  @Test mutating func `an offer expires, and is rescinded sooner where another waits for it`() {
    let hoarded = openOffer(8)
    master.time += 29_000
    master.turn()
    #expect(master.rescinded(on: one) == [])
    master.subscribe("g", on: two)
    // It has had its second long ago.
    master.demand(1, of: .cores(1), on: two)
    #expect(master.rescinded(on: one) == [hoarded])
    #expect(master.offered(on: two).map(\.count) == [1])
    let next = master.offered(on: two)[0].id
    master.time += 30_001
    master.turn()
    #expect(master.rescinded(on: two) == [next])
  }

  @Test mutating func `what is offered to one is not given to another`() {
    _ = openOffer(6)
    master.submit(.of(4, id: "batch-job"))
    #expect(master.launches.count == 2)
  }

  @Test mutating func `updates are told until they are acknowledged, the latest of each task`() {
    let offer = openOffer(2)
    master.accept([offer], 2, of: "f", on: one)
    master.report { [master] in $0.started = [master.start(1)] }
    #expect(master.updates(on: one).map(\.state) == [.running])
    master.report { [master] in $0.ends = [master.end(1)] }
    let told = master.updates(on: one)
    #expect(told.map(\.state) == [.succeeded])
    #expect(master.core.durable.frameworks.unacknowledged.keys.sorted() == [1])
    // Its next stream, which knows nothing of the last: the end comes again.
    master.subscribe("f", on: two)
    #expect(master.updates(on: two).map(\.task) == ["a-0"])
    master.say(.acknowledge(master.updates(on: two).map(\.id)), on: two)
    #expect(master.newFacts == [.endsAcknowledged([1])])
    #expect(master.core.durable.frameworks.unacknowledged.isEmpty)
    #expect(master.replayed == master.core.durable)
    master.subscribe("f", on: one)
    #expect(master.updates(on: one) == [])
  }

  @Test mutating func `an acknowledgement of an older update says nothing of what came after`() {
    let offer = openOffer(1)
    master.accept([offer], 1, of: "f", on: one)
    master.report { [master] in $0.started = [master.start(1)] }
    let running = master.updates(on: one).map(\.id)
    master.report { [master] in $0.ends = [master.end(1)] }
    master.say(.acknowledge(running), on: one)
    #expect(master.core.durable.frameworks.unacknowledged.count == 1)
  }

  @Test
  mutating func `reconciliation tells the latest of some or of all, and of those unknown that they are`() {
    let offer = openOffer(2)
    master.accept([offer], 2, of: "f", on: one)
    master.say(.reconcile([]), on: one)
    #expect(master.reply == .success(2))
    #expect(master.updates(on: one).map(\.state) == [.assigned, .assigned])
    master.say(.reconcile(["a-1", "lost"]), on: one)
    let told = Dictionary(uniqueKeysWithValues: master.updates(on: one).map { ($0.task, $0.state) })
    #expect(told == ["a-1": .assigned, "lost": nil])
  }

  @Test mutating func `a kill ends tasks, and tells again of those that have ended`() {
    let offer = openOffer(2)
    master.accept([offer], 2, of: "f", on: one)
    master.report { [master] in $0.ends = [master.end(1)] }
    master.say(.kill(["a-0", "a-1"]), on: one)
    #expect(master.reply == .success(1))
    #expect(master.kills.map(\.attempt) == [master.attempt(2)])
    #expect(master.updates(on: one).contains { $0.task == "a-0" && $0.state == .succeeded })
  }

  @Test mutating func `a framework's tasks outlive its stream for as long as it says, and end with it then`()
  {
    master.subscribe("f", on: one, failover: .seconds(5))
    master.demand(2, of: .cores(1), on: one)
    master.offer(.cores(8))
    let offer = master.offered(on: one)[0].id
    master.accept([offer], 1, of: "f", on: one)
    master.turn(.frameworkDisconnected(one))
    #expect(master.kills == [])
    master.time += 4_999
    master.turn()
    #expect(master.kills == [])
    master.time += 1
    master.turn()
    #expect(master.kills.count == 1)
    master.report { [master] in $0.ends = [master.end(1, .signal)] }
    #expect(master.state(1) == .cancelled)
    #expect(master.replayed == master.core.durable)
    master.subscribe("f", on: two)
    guard case .refuseFramework(two, let refusal)? = master.told.first else {
      Issue.record("\(master.told)")
      return
    }
    #expect(refusal.code == .conflict)
  }

  @Test mutating func `an open offer goes back when its framework goes`() {
    _ = openOffer(8)
    master.turn(.frameworkDisconnected(one))
    master.subscribe("g", on: two)
    master.demand(8, of: .cores(1), on: two)
    #expect(master.offered(on: two).map(\.count) == [8])
  }

  @Test mutating func `offers of a rack whose session ends are rescinded`() {
    let offer = openOffer(8)
    master.turn(.rackDisconnected(rack))
    #expect(master.rescinded(on: one) == [offer])
    master.accept([offer], 1, of: "f", on: one)
    #expect(master.refusal?.code == .conflict)
  }

  @Test mutating func `a task that comes back is placed again without an offer`() {
    let offer = openOffer(1)
    master.accept([offer], 1, of: "f", on: one)
    let first = master.attempt(1)
    master.report { [master] in
      $0.returned = [master.named(1)]
      $0.offer = RackOffer(
        total: .cores(8),
        free: .cores(8),
        fits: [.init(shape: ShapeNumber(0), fits: 8, waiting: 0)],
        largest: [.cores(8)]
      )
    }
    #expect(master.attempt(1) != first)
    #expect(master.state(1) == .assigned)
  }

  @Test mutating func `the newest stream of an id wins, and the older is ended`() {
    master.subscribe("f", on: one)
    master.subscribe("f", on: two)
    #expect(master.told.contains { if case .refuseFramework(one, _) = $0 { true } else { false } })
    master.demand(1, of: .cores(1), on: one)
    #expect(master.refusal?.code == .conflict)
  }

  @Test mutating func `a job's id is not a framework's, and users add nothing to a framework's job`() {
    master.submit(.of(1, id: "job"))
    master.subscribe("job", on: one)
    #expect(master.told.contains { if case .refuseFramework(one, _) = $0 { true } else { false } })
    master.subscribe("f", on: one)
    var spec = JobSpec.of(1, id: "f")
    spec.addition = "x"
    master.submit(spec)
    guard case .submitted(_, .failure(let refusal))? = master.told.first else {
      Issue.record("\(master.told)")
      return
    }
    #expect(refusal.code == .conflict)
    master.order(.close, "f")
    #expect(master.core.durable.jobs.open(2)?.isOpen == true)
  }

  @Test mutating func `a framework that tears down has its tasks ended and its job closed`() {
    let offer = openOffer(2)
    master.accept([offer], 2, of: "f", on: one)
    master.say(.tearDown, on: one)
    #expect(master.kills.count == 2)
    #expect(master.core.durable.frameworks[FrameworkNumber(1)].isRemoved)
    #expect(master.core.durable.frameworks.live == [.batch, FrameworkNumber(1)])
    master.report { [master] in $0.ends = [master.end(1, .signal), master.end(2, .signal)] }
    #expect(master.core.durable.frameworks.live == [.batch])
    #expect(master.core.durable.jobs.isOver(1))
    #expect(master.replayed == master.core.durable)
  }

  @Test mutating func `racks that are wanted are worth a wait`() {
    master.connect("s", on: SessionNumber(2))
    master.subscribe("f", on: one)
    let wanted = ShapeDemand(key: 1, resources: .cores(1), count: 1, racks: ["s"], wait: .seconds(2))
    master.say(.demand([wanted]), on: one)
    master.offer(.cores(8))
    master.offer(.zero, on: SessionNumber(2), largest: .cores(8))
    #expect(master.offered(on: one) == [])
    master.time += 2_000
    master.offer(.cores(8))
    #expect(master.offered(on: one).map(\.rack) == ["r"])
  }

  /// An offer of so many slices to framework `f`, on eight cores.
  private mutating func openOffer(_ count: Int, of shape: Resources = .cores(1)) -> OfferID {
    master.subscribe("f", on: one)
    master.demand(count, of: shape, on: one)
    master.offer(.cores(8))
    let offers = master.offered(on: one)
    #expect(offers.map(\.count) == [count])
    return offers.first?.id ?? OfferID(0)
  }
}
