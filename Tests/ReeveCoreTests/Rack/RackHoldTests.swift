import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Rack core: room that is set aside") struct RackHoldTests {
  var story = RackStory.rack([1, 2])

  /// Attempts 1 and 2 take four cores of the node of their number each, for at most so long. Shape 0 is one core, 1 is six.
  private mutating func fillHalf(_ limits: [TimeSpan?] = [nil, nil]) {
    story.at(1, .masterOrdered(1, .ask([.cores(1), .cores(6), .cores(8)])))
    for i in 1...2 as ClosedRange<UInt64> {
      var template = TaskTemplate.needing(.cores(4))
      template.timeLimit = limits[Int(i) - 1]
      let number = TemplateNumber(UInt32(10 + i))
      var orders = RackOrders.launch(
        i,
        .of([AttemptID(i)], as: number, carrying: [template.numbered(number)])
      )
      if i == 2 {
        story.at(2, .masterOrdered(1, .hold(99, of: 2, gather: false)))
        (orders.uses, orders.releases) = ([HoldUse(attempt: 2, hold: 99)], [99])
      }
      story.at(2, .masterOrdered(1, orders))
      let node = NodeNumber(UInt32(i))
      #expect(story.launched == [node: [AttemptID(i)]])
      story.report(NodeReport(starts: [AttemptID(i).start(on: node)]), from: node, at: 3)
    }
  }

  @Test mutating func `what fits is held at once, and is free for nobody else until it is released`() {
    story.at(1, .masterOrdered(1, .ask([.cores(6)])))
    story.at(2, .masterOrdered(1, .hold(1, of: 0, gather: false)))
    #expect(story.report.held == [HeldRoom(id: 1, node: 1)])
    #expect(story.report.offer?.fits.map(\.fits) == [1])
    story.at(20, .masterOrdered(1, .release([1])))
    #expect(story.report.offer?.fits.map(\.fits) == [2])
  }

  @Test mutating func `what fits nowhere is not held, where it may not be gathered`() {
    fillHalf()
    story.at(10, .masterOrdered(1, .hold(1, of: 1, gather: false)))
    #expect(story.report.unheld == [1])
  }

  @Test mutating func `a launch goes where room is held for it, and what it leaves is free`() {
    story.at(1, .masterOrdered(1, .ask([.cores(6)])))
    story.at(2, .masterOrdered(1, .hold(1, of: 0, gather: false)))
    story.at(3, .masterOrdered(1, .hold(2, of: 0, gather: false)))
    #expect(story.report.held == [HeldRoom(id: 2, node: 2)])
    var orders = RackOrders.launch(1, .of([1], as: 1, carrying: [oneCore]))
    orders.uses = [HoldUse(attempt: 1, hold: 2)]
    orders.releases = [2]
    story.at(4, .masterOrdered(1, orders))
    #expect(story.launched == [2: [1]])
    story.at(20)
    #expect(story.report.offer?.fits.map(\.fits) == [1])
  }

  @Test
  mutating func
    `room is gathered where what runs must end first, and nothing is placed there that would run on`()
  {
    fillHalf([.seconds(60), .seconds(20)])
    story.at(10, .masterOrdered(1, .hold(1, of: 1, gather: true)))
    #expect(story.report.held == [])
    // Four more fit on the first node. Of the second, two are not needed by six when there is room: the fifth has one of them.
    story.at(11, .masterOrdered(1, .launch(3, .of([11, 12, 13, 14, 15], as: 1, carrying: [oneCore]))))
    #expect(story.launched == [1: [11, 12, 13, 14], 2: [15]])
    // Two more that would run on have to wait; what is over in time need not.
    let long = TaskTemplate.needing(.cores(2))
    var short = long
    short.timeLimit = .seconds(19)
    story.at(12, .masterOrdered(1, .launch(4, .of([16], as: 6, carrying: [long.numbered(6)]))))
    #expect(story.launched == [:])
    story.at(13, .masterOrdered(1, .kill(16)))
    story.at(14, .masterOrdered(1, .launch(5, .of([17], as: 7, carrying: [short.numbered(7)]))))
    #expect(story.launched == [2: [17]])
    story.report(NodeReport(ends: [AttemptID(2).end(on: 2)]), from: 2, at: 15)
    #expect(story.report.held == [])
    story.report(NodeReport(ends: [AttemptID(17).end(on: 2)]), from: 2, at: 16)
    #expect(story.report.held == [HeldRoom(id: 1, node: 2)])
  }

  @Test mutating func `the master is told what would be over in time`() {
    fillHalf([.seconds(60), .seconds(20)])
    story.at(10, .masterOrdered(1, .hold(1, of: 1, gather: true)))
    let offer = story.report.offer
    #expect(offer?.fits.map(\.fits) == [4, 0, 0])
    #expect(offer?.fits.map(\.fills) == [4, 0, 0])
    #expect(offer?.free == .cores(4))
    #expect((offer?.fillsWithin ?? .zero) > .seconds(19) && (offer?.fillsWithin ?? .zero) < .seconds(20))
  }

  @Test
  mutating func
    `a node that is lost takes what is held there with it, and what is gathered is gathered elsewhere`()
  {
    fillHalf()
    story.at(10, .masterOrdered(1, .hold(1, of: 0, gather: false)))
    #expect(story.report.held == [HeldRoom(id: 1, node: 1)])
    story.at(11, .masterOrdered(1, .hold(2, of: 2, gather: true)))
    story.at(12, .nodeDisconnected(1, 1))
    for second in 1...10 as ClosedRange<Int64> { story.at(20 + 1_000 * second, .nodeBeat(2, 2)) }
    #expect(story.report.unheld == [1])
    story.report(NodeReport(ends: [AttemptID(2).end(on: 2)]), from: 2, at: 10_030)
    #expect(story.report.held == [HeldRoom(id: 2, node: 2)])
  }

  @Test mutating func `holds end with the master's session`() {
    story.at(1, .masterOrdered(1, .ask([.cores(8)])))
    story.at(2, .masterOrdered(1, .hold(1, of: 0, gather: false)))
    story.at(3, .masterDisconnected(1))
    story.at(4, .masterConnected(2, .rack(1, nodes: [1, 2])))
    story.at(20, .masterOrdered(2, .ask([.cores(8)])))
    #expect(story.report.offer?.fits.map(\.fits) == [2])
  }

  @Test
  mutating func
    `the latest are ended, as many as are needed, of roles that may be taken from and within the amount`()
  {
    story = .rack([1])
    story.at(1, .masterOrdered(1, .ask([.cores(4)])))
    for i in 1...8 as ClosedRange<UInt64> {
      var template = oneCore
      template.number = TemplateNumber(UInt32(i))
      template.role = RoleNumber(i <= 5 ? 1 : 2)
      story.at(
        1,
        .masterOrdered(1, .launch(i, .of([AttemptID(i)], as: template.number, carrying: [template])))
      )
    }
    story.at(2, .nodeReported(1, 1, NodeReport(starts: (1...8).map { AttemptID($0).start(on: 1) })))
    story.at(3, .masterOrdered(1, .hold(1, of: 0, gather: true)))
    #expect(story.orders[1]?.kills == nil)
    // Not enough: nobody is ended for nothing.
    story.at(4, .masterOrdered(1, .hold(1, of: 0, gather: true, takes: [.init(role: 1, most: .cores(3))])))
    #expect(story.orders[1]?.kills == nil)
    story.at(5, .masterOrdered(1, .hold(1, of: 0, gather: true, takes: [.init(role: 1, most: .cores(4))])))
    #expect(
      story.orders[1]?.kills
        == [2, 3, 4, 5].map { KillOrder(attempt: AttemptID($0), reason: .preempted) }.reversed()
    )
    // A level, not a step.
    story.at(6, .masterOrdered(1, .hold(1, of: 0, gather: true, takes: [.init(role: 1, most: .cores(4))])))
    #expect(story.orders[1]?.kills == nil)
    story.at(7, .nodeReported(1, 1, NodeReport(ends: (2...5).map { AttemptID($0).end(on: 1, .preempted) })))
    #expect(story.report.held == [HeldRoom(id: 1, node: 1)])
  }

  @Test mutating func `of attempts that a node has stated the master says whose they are`() {
    let held = AttemptID(7).held(on: 1, .cores(8))
    story = RackStory(RackCore(.prompt))
    story.at(
      0,
      .masterConnected(1, .rack(1, nodes: [1])),
      .nodeConnected(1, .node(1, .cores(8), running: [held]))
    )
    story.at(1, .masterOrdered(1, .ask([.cores(8)])))
    var orders = RackOrders.hold(1, of: 0, gather: true, takes: [.init(role: 3, most: .cores(8))])
    story.at(2, .masterOrdered(1, orders))
    #expect(story.orders[1]?.kills == nil)
    orders.roles = [AttemptRole(attempt: 7, role: 3)]
    story.at(3, .masterOrdered(1, orders))
    #expect(story.orders[1]?.kills == [KillOrder(attempt: 7, reason: .preempted)])
  }
}

extension RackStory {
  /// A node's session has its number.
  fileprivate mutating func report(_ report: NodeReport, from node: NodeNumber, at ms: Int64) {
    at(ms, .nodeReported(SessionNumber(UInt64(node.rawValue)), node, report))
  }
}

extension RackOrders {
  /// Of ids from `id` on.
  fileprivate static func hold(
    _ id: UInt64,
    of shape: ShapeNumber,
    gather: Bool,
    count: UInt64 = 1,
    takes: [HoldOrder.Take] = []
  ) -> RackOrders {
    var orders = RackOrders()
    orders.holds = (id..<id + count).map {
      HoldOrder(id: HoldID($0), shape: shape, mayGather: gather, takes: takes)
    }
    return orders
  }

  fileprivate static func release(_ ids: [UInt64]) -> RackOrders {
    var orders = RackOrders()
    orders.releases = ids.map { HoldID($0) }
    return orders
  }
}
