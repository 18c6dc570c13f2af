import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Master core: racks given to spares") struct RackAdoptionTests {
  var master = MasterStory()

  private static let own = SessionNumber(1)
  private static let spare = SessionNumber(2)

  /// What a process with these racks of its own says, and what it says as a spare.
  private func spare(_ incarnation: UInt64, at address: String = "b", of rack: String = "") -> RackHello {
    RackHello(rack: rack, claim: rack.isEmpty ? .spare : .adopted, address: address, incarnation: incarnation)
  }

  /// A rack with a node, served by a process that has it by name.
  private mutating func beginWithNode() {
    master.connect("r", on: Self.own)
    _ = master.place("n", rack: "r")
  }

  /// One turn after so long; a shell wakes the core at each deadline on the way.
  private mutating func wait(_ milliseconds: Int64, isAwake: Bool = true) {
    let end = master.time + milliseconds
    while isAwake, let due = master.core.nextDeadline, due.microseconds < end * 1_000 {
      master.time = due.microseconds / 1_000
      master.turn()
    }
    master.time = end
    master.turn()
  }

  /// The racks that the last turn assigned.
  private var assigned: [SessionNumber: String] {
    var assigned: [SessionNumber: String] = [:]
    for case .assign(let session, let assignment) in master.told { assigned[session] = assignment.name }
    return assigned
  }

  @Test
  mutating func `a rack that stays away goes to a spare, with a higher generation, and its tasks go on`() {
    master.connect("r", on: Self.own)
    let node = master.place("n")
    master.turn(.submitted(master.request(), .of(1)))
    master.offer(.cores(4))
    master.report { [start = master.start(1, on: node)] in $0.started = [start] }
    master.turn(.rackConnected(Self.spare, spare(9)))
    #expect(assigned == [:])

    master.turn(.rackDisconnected(Self.own))
    wait(2_999)
    #expect(master.newFacts == [])
    wait(1)
    #expect(
      master.told == [
        .assign(
          Self.spare,
          RackAssignment(
            rack: 1,
            name: "r",
            term: 1,
            generation: Generation(term: 1, number: 2),
            roster: [RosterNode(number: node, name: "n")]
          )
        )
      ]
    )
    let grant = RackGrant(rack: 1, name: "r", incarnation: 9, generation: Generation(term: 1, number: 2))
    #expect(master.newFacts == [.rackGranted(grant)])
    var statement = RackReport()
    statement.started = [master.start(1, on: node)]
    master.turn(.rackStated(Self.spare, statement))
    #expect(master.state(1) == .running && master.kills == [])
    #expect(master.core.nextDeadline == nil)
  }

  @Test mutating func `one that comes back in time keeps its rack`() {
    beginWithNode()
    master.turn(.rackConnected(Self.spare, spare(9)), .rackDisconnected(Self.own))
    wait(2_000)
    master.connect("r", on: SessionNumber(3))
    wait(60_000)
    #expect(assigned == [:])
  }

  @Test mutating func `a spare that comes later gets the rack that waits for it`() {
    beginWithNode()
    master.turn(.rackDisconnected(Self.own))
    wait(10_000)
    master.turn(.rackConnected(Self.spare, spare(9)))
    #expect(assigned == [Self.spare: "r"])
  }

  @Test mutating func `a spare that has gone gets nothing`() {
    beginWithNode()
    master.turn(
      .rackConnected(Self.spare, spare(9)),
      .rackDisconnected(Self.spare),
      .rackDisconnected(Self.own)
    )
    wait(10_000)
    #expect(assigned == [:])
    #expect(master.core.nextDeadline == nil)
  }

  @Test mutating func `the process that has the rack by name gets it back, and the spare is told`() {
    beginWithNode()
    master.turn(.rackConnected(Self.spare, spare(9)), .rackDisconnected(Self.own))
    wait(3_000)
    master.turn(.rackConnected(SessionNumber(3), RackHello(rack: "r", address: "a", incarnation: 7)))
    #expect(assigned == [SessionNumber(3): "r"])
    #expect(master.told.contains(.refuseRack(Self.spare, "rack r has opened a newer session")))
    #expect(master.core.durable.roster[RackNumber(1)].generation == Generation(term: 1, number: 3))
  }

  @Test mutating func `who has adopted a rack keeps it over a broken stream, unless another has it by now`() {
    beginWithNode()
    master.turn(.rackConnected(Self.spare, spare(9)), .rackDisconnected(Self.own))
    wait(3_000)
    master.turn(.rackDisconnected(Self.spare))
    master.turn(.rackConnected(SessionNumber(3), spare(9, of: "r")))
    #expect(assigned == [SessionNumber(3): "r"])
    #expect(master.newFacts == [])

    master.turn(.rackDisconnected(SessionNumber(3)))
    master.connect("r", on: SessionNumber(4))
    master.turn(.rackConnected(SessionNumber(5), spare(9, of: "r")))
    #expect(master.told == [.refuseRack(SessionNumber(5), "rack r has another rack scheduler by now")])
    master.turn(.rackConnected(SessionNumber(6), spare(9, of: "nowhere")))
    #expect(master.told == [.refuseRack(SessionNumber(6), "rack nowhere has another rack scheduler by now")])
  }

  /// Whoever tried to reach the master before it was back may need longer to try again.
  @Test mutating func `after a change of masters racks have more time to come`() {
    beginWithNode()
    var next = MasterStory(after: master.facts)
    next.time = master.time
    next.turn(.rackConnected(Self.spare, spare(9)))
    for _ in 0..<9 {
      next.time += 1_000
      next.turn()
    }
    #expect(next.newFacts == [])
    next.time += 1_000
    next.turn()
    #expect(next.core.durable.roster[RackNumber(1)].generation == Generation(term: 2, number: 1))
  }

  /// What racks said meanwhile waits in sockets: a judge that did not run accuses nobody.
  @Test mutating func `a master that was stopped gives racks their time anew`() {
    beginWithNode()
    master.turn(.rackConnected(Self.spare, spare(9)), .rackDisconnected(Self.own))
    wait(1_000)
    wait(15_000, isAwake: false)
    #expect(assigned == [:])
    master.connect("r", on: SessionNumber(3))
    wait(1_000)
    #expect(assigned == [:])
  }

  @Test mutating func `an empty rack waits for a node that names it`() {
    master.connect("r", on: Self.own)
    master.turn(.rackConnected(Self.spare, spare(9)), .rackDisconnected(Self.own))
    for _ in 0..<5 { wait(1_000) }
    #expect(assigned == [:] && master.core.nextDeadline == nil)
    _ = master.place("n", rack: "r")
    #expect(assigned == [Self.spare: "r"])
  }

  @Test mutating func `who has a rack by name keeps it from another that has it by name, too`() {
    beginWithNode()
    let other = RackHello(rack: "r", address: "other", incarnation: 8)
    master.turn(.rackConnected(Self.spare, other))
    #expect(
      master.told == [.refuseRack(Self.spare, "rack r is served by r, which has it by name, too")]
    )
    // Its own successor, at its address, is let in at once; the other when nobody is there.
    master.turn(
      .rackConnected(SessionNumber(3), RackHello(rack: "r", address: "r", incarnation: 9))
    )
    #expect(assigned == [SessionNumber(3): "r"])
    master.turn(.rackDisconnected(SessionNumber(3)), .rackConnected(SessionNumber(4), other))
    #expect(assigned == [SessionNumber(4): "r"])
  }

  @Test mutating func `a spare that connects anew is offered once`() {
    beginWithNode()
    master.turn(.rackConnected(Self.spare, spare(9)), .rackConnected(SessionNumber(3), spare(9)))
    master.turn(.rackDisconnected(Self.own))
    wait(3_000)
    #expect(assigned == [SessionNumber(3): "r"])
  }

  @Test mutating func `of waiting spares the one whose process has least to do is taken`() {
    master.connect("r1", on: SessionNumber(1), incarnation: 1)
    master.connect("r2", on: SessionNumber(2), incarnation: 2)
    _ = master.place("n", rack: "r2")
    master.turn(
      .rackConnected(SessionNumber(3), spare(3, at: "r1")),
      .rackConnected(SessionNumber(4), spare(4, at: "idle")),
      .rackDisconnected(SessionNumber(2))
    )
    wait(3_000)
    #expect(assigned == [SessionNumber(4): "r2"])
  }

  @Test mutating func `a rack that an agent names first comes to be, served by a spare`() {
    master.turn(.rackConnected(Self.spare, spare(9)))
    let node = master.place("n", rack: "west")
    #expect(assigned == [Self.spare: "west"])
    #expect(master.core.durable.roster[node].rack == 1)
    // No spare is left.
    master.turn(.nodeLocated(RequestNumber(77), node: "m", rack: "east"))
    #expect(
      master.told == [
        .located(
          RequestNumber(77),
          .failure(
            Refusal(
              .unavailable,
              field: "rack",
              "No rack-scheduler process is free for the new rack \"east\": start one with `reeve rack`."
            )
          )
        )
      ]
    )
    #expect(master.newFacts == [])
  }

  @Test mutating func `without any rack the first node makes one`() {
    master.turn(.rackConnected(Self.spare, spare(9)))
    _ = master.place("n")
    #expect(assigned == [Self.spare: "main"])
    master.turn(.rackConnected(SessionNumber(3), spare(10)))
    _ = master.place("m")
    #expect(assigned == [:])
  }

  @Test mutating func `nodes cannot make racks without end`() {
    var settings = MasterCore.Settings.prompt
    settings.racksMax = 1
    master = MasterStory(settings: settings)
    master.turn(.rackConnected(Self.spare, spare(9)), .rackConnected(SessionNumber(3), spare(10)))
    _ = master.place("n", rack: "a")
    _ = master.place("m", rack: "b")
    #expect(master.core.durable.roster.racks.count == 1)
    guard case .located(_, .failure(let refusal))? = master.told.first else {
      Issue.record("\(master.told)")
      return
    }
    #expect(
      refusal.message == "Rack \"b\" is not known, and there are 1 racks already, the most there may be."
    )
    master.turn(.rackConnected(SessionNumber(4), RackHello(rack: "c", address: "c", incarnation: 4)))
    #expect(
      master.told == [.refuseRack(SessionNumber(4), "there are 1 racks already, the most there may be")]
    )
  }
}
