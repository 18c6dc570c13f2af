import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Rack core: placing") struct RackPlacingTests {
  var story = RackStory.rack([1, 2])

  @Test mutating func `a launch goes out whole, with its template the first time only`() {
    story.at(1, .masterOrdered(1, .launch(1, .of([1, 2], as: 1, carrying: [oneCore]))))
    let own = oneCore.template.numbered(0)
    #expect(story.orders == [1: .launch(.of([1, 2], as: 0, carrying: [own]))])
    story.at(2, .masterOrdered(1, .launch(2, .of([3], as: 1))))
    #expect(story.orders == [1: .launch(.of([3], as: 0))])
    story.at(3, .nodeConnected(3, .node(1, .cores(8))))
    #expect(story.orders == [1: .launch(.of([1, 2, 3], as: 0, carrying: [own]))])
  }

  @Test mutating func `the offer says up to which batch it counts`() {
    story.at(1, .masterOrdered(1, .launch(1, .of([1], as: 1, carrying: [oneCore]))))
    story.at(20)
    #expect(story.report.countedIn == 1)
    #expect(story.report.offer?.free == .cores(15))
  }

  @Test mutating func `the fullest node that still has room comes first, the lower number among equals`() {
    story.at(1, .masterOrdered(1, .launch(1, .of([1], as: 4, carrying: [fourCores, oneCore]))))
    #expect(story.launched == [1: [1]])
    story.at(2, .masterOrdered(1, .launch(2, .of([2, 3, 4, 5, 6], as: 1))))
    #expect(story.launched == [1: [2, 3, 4, 5], 2: [6]])
  }

  @Test mutating func `a launch too large for now hides none behind it, and has its turn when there is room`()
  {
    story.at(1, .masterOrdered(1, .launch(1, .of([1, 2, 3], as: 4, carrying: [fourCores, oneCore]))))
    var mixed = LaunchBatch()
    mixed.add(4, as: 4)
    mixed.add(5, as: 4)
    mixed.add(6, as: 1)
    story.at(2, .masterOrdered(1, .launch(2, mixed)))
    #expect(story.launched == [2: [4]])
    story.at(3, .nodeReported(2, 2, NodeReport(ends: [AttemptID(3).end(on: 2)])))
    #expect(story.launched == [2: [5]])
    story.at(4, .nodeReported(2, 2, NodeReport(ends: [AttemptID(4).end(on: 2)])))
    #expect(story.launched == [2: [6]])
  }

  @Test mutating func `shapes take turns in the order in which their launches arrived`() {
    var mixed = LaunchBatch.of([], as: 1, carrying: [oneCore, fourCores])
    for attempt in 1...4 { mixed.add(AttemptID(UInt64(attempt)), as: attempt % 2 == 0 ? 4 : 1) }
    story = .rack([1], .cores(6))
    story.at(1, .masterOrdered(1, .launch(1, mixed)))
    #expect(story.launched == [1: [1, 2, 3]])
  }

  @Test mutating func `an attempt that is known is not placed twice`() {
    story.at(1, .masterOrdered(1, .launch(1, .of([1], as: 1, carrying: [oneCore]))))
    story.at(2, .masterOrdered(1, .launch(2, .of([1], as: 1))))
    #expect(story.launched == [:])
    story.at(3, .nodeReported(1, 1, NodeReport(ends: [AttemptID(1).end(on: 1)])))
    story.at(4, .masterOrdered(1, .launch(3, .of([1], as: 1))))
    #expect(story.launched == [:])
  }

  @Test mutating func `a launch whose template never came goes back`() {
    story.at(1, .masterOrdered(1, .launch(1, .of([1], as: 9))))
    #expect(story.report.returned == [AttemptID(1).named])
  }

  @Test mutating func `a new master session has carried no template, and may number them anew`() {
    story.at(1, .masterOrdered(1, .launch(1, .of([1], as: 1, carrying: [oneCore]))))
    let second = TaskTemplate.needing(.cores(2))
    story.at(2, .masterConnected(2, .rack(1, nodes: [1, 2])))
    story.at(3, .masterOrdered(2, .launch(1, .of([2], as: 1, carrying: [second.numbered(1)]))))
    #expect(story.orders == [1: .launch(.of([2], as: 1, carrying: [second.numbered(1)]))])
  }

  @Test mutating func `what no node can ever take is handed back once the rack is complete`() {
    story.at(
      1,
      .masterOrdered(
        1,
        .launch(1, .of([1], as: 9, carrying: [TaskTemplate.needing(.cores(9)).numbered(9)]))
      )
    )
    #expect(story.report.returned == [AttemptID(1).named])
    #expect(story.launched == [:])
  }

  @Test mutating func `what waits for the only node large enough is handed back when that is lost`() {
    story = .rack([1])
    story.at(1, .nodeConnected(2, .node(2, .cores(2))))
    story.at(2, .masterOrdered(1, .launch(1, .of([1, 2, 3], as: 4, carrying: [fourCores]))))
    #expect(story.launched == [1: [1, 2]])
    story.wait(until: 9_000)
    story.at(9_000, .nodeBeat(2, 2))
    #expect(story.report.returned == [])
    story.wait(until: 10_001)
    #expect(story.report.returned == [AttemptID(3).named])
    #expect(story.report.lost.map(\.name) == [AttemptID(1).named, AttemptID(2).named])
  }

  @Test mutating func `long command lines go to a node in several messages`() {
    story = .rack([1], .cores(64))
    var batch = LaunchBatch()
    batch.carry(oneCore)
    var arguments = PackedLists()
    arguments.append([String(repeating: "x", count: 100_000)])
    for n in 1...64 as ClosedRange<UInt64> {
      let launch = LaunchBatch.Launch(attempt: AttemptID(n), task: TaskNumber(n), template: 1)
      batch.append(launch, name: "t\(n)", 0, of: arguments, value: nil)
    }
    story.at(1, .masterOrdered(1, .launch(1, batch)))
    let sent = story.effects.compactMap {
      if case .order(_, _, let orders) = $0 { orders.launches } else { nil }
    }
    #expect(sent.map(\.count) == [42, 22])
    #expect(sent.map(\.newTemplates.count) == [1, 0])
    #expect(sent.flatMap(\.launches).map(\.attempt) == batch.launches.map(\.attempt))
  }

  @Test mutating func `without a master it goes on with its backlog`() {
    story = .rack([1], .cores(1))
    story.at(1, .masterOrdered(1, .launch(1, .of([1, 2], as: 1, carrying: [oneCore]))))
    story.at(2, .masterDisconnected(1), .nodeReported(1, 1, NodeReport(ends: [AttemptID(1).end(on: 1)])))
    #expect(story.launched == [1: [2]])
  }

  @Test mutating func `a refused launch is first in line again, and not on the same node at once`() {
    story = .rack([1], .cores(2))
    story.at(1, .masterOrdered(1, .launch(1, .of([1, 2, 3], as: 1, carrying: [oneCore]))))
    story.at(2, .nodeReported(1, 1, NodeReport(refused: [AttemptID(1).named])))
    #expect(story.launched == [:])
    story.at(3, .nodeReported(1, 1, NodeReport(ends: [AttemptID(2).end(on: 1)])))
    #expect(story.launched == [:])
    #expect(story.core.nextDeadline.map { $0 <= Now.ms(102).boot } == true)
    story.at(102)
    #expect(story.launched == [1: [1, 3]])
  }

  @Test mutating func `a refused launch goes to another node in the same turn`() {
    story.at(1, .masterOrdered(1, .launch(1, .of([1], as: 1, carrying: [oneCore]))))
    story.at(2, .nodeReported(1, 1, NodeReport(refused: [AttemptID(1).named])))
    #expect(story.launched == [2: [1]])
  }
}
