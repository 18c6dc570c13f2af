import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Rack core: launches ahead of what is free") struct RackAheadTests {
  /// One node of two cores.
  var story = RackStory.rack([1], .cores(2))
  /// What has been sent to the node and not ended.
  private var there = 0

  private mutating func launch(_ attempts: ClosedRange<Int>, at ms: Int64) {
    story.at(
      ms,
      .masterOrdered(1, .launch(1, .of(attempts.map { AttemptID(UInt64($0)) }, as: 1, carrying: [oneCore])))
    )
    there += story.launched[1]?.count ?? 0
  }

  private mutating func end(_ attempt: Int, at ms: Int64) {
    story.at(ms, .nodeReported(1, 1, NodeReport(ends: [AttemptID(UInt64(attempt)).end(on: 1)])))
    there += (story.launched[1]?.count ?? 0) - 1
  }

  /// 16 short tasks of `count` have ended at 116, well within one window of the node's pace.
  private mutating func runShort(of count: Int) {
    launch(1...count, at: 100)
    for i in 1...16 { end(i, at: 100 + Int64(i)) }
  }

  @Test
  mutating func `a node is sent what ends there in a twentieth of a second, when half of it has started`() {
    runShort(of: 100)
    #expect(there == 2 + 6)
    end(17, at: 117)
    #expect(story.launched == [:])
    end(18, at: 118)
    #expect(story.launched == [1: [25, 26, 27, 28, 29]])
  }

  @Test mutating func `a node that runs many longer tasks is sent a quarter of what it runs`() {
    story = .rack([1], .cores(64))
    launch(1...200, at: 100)
    #expect(there == 64)
    for i in 1...11 { end(i, at: 1_000 + Int64(10 * i)) }
    #expect(there == 64 + 9)
    end(12, at: 1_120)
    #expect(there == 64 + 16)
  }

  @Test mutating func `a node whose tasks are long is sent none`() {
    launch(1...10, at: 100)
    for i in 1...6 { end(i, at: 100 + Int64(i) * 200) }
    #expect(there == 2)
  }

  @Test
  mutating func `what a node gives back is first in line again, and none wait there until it is fast again`()
  {
    runShort(of: 100)
    story.at(117, .nodeReported(1, 1, NodeReport(refused: [AttemptID(19).named])))
    #expect(story.launched == [:])
    there -= 1
    for (k, i) in [17, 18, 20, 21, 22].enumerated() { end(i, at: 118 + 200 * Int64(k)) }
    #expect(there == 2, "the node is not stopped, but nothing waits there")
    end(23, at: 919)
    #expect(story.launched == [1: [19, 25]])
  }

  @Test mutating func `what waits on a node is neither free nor said to run`() {
    runShort(of: 100)
    var status: NodeStatus?
    for ms in 117...350 {
      story.at(Int64(ms))
      status = story.report.nodes.first ?? status
    }
    #expect(status?.running == 2)
    #expect(status?.free == .zero)
  }

  @Test
  mutating func `another shape does not wait where ends leave no room for it, and is not passed for that`() {
    runShort(of: 30)
    #expect(there == 2 + 6)
    let large = TaskTemplate.needing(.cores(2)).numbered(2)
    story.at(117, .masterOrdered(1, .launch(2, .of([200], as: 2, carrying: [large]))))
    var launched: [AttemptID] = []
    for i in 17...30 {
      end(i, at: 100 + Int64(i))
      launched += story.launched[1] ?? []
    }
    #expect(launched == [25, 26, 27, 28, 29, 30, 200])
  }

  @Test mutating func `a shape that finds no room is not starved by another that flows`() {
    story = .rack([1], Resources(cpuMillis: 2_000, memory: 2 << 20))
    runShort(of: 22)
    let other = TaskTemplate.needing(Resources(cpuMillis: 1_000, memory: 1 << 20)).numbered(2)
    story.at(117, .masterOrdered(1, .launch(2, .of([200], as: 2, carrying: [other]))))
    story.at(118, .masterOrdered(1, .launch(3, .of((201...260).map { AttemptID($0) }, as: 1))))
    var launched: [AttemptID] = []
    for i in 17...22 {
      end(i, at: 102 + Int64(i))
      launched += story.launched[1] ?? []
    }
    #expect(launched.first == 200)
  }

  @Test mutating func `a node with less than it runs is said to run what it does`() {
    let held = (1...4).map {
      NodeStatement.HeldAttempt(start: AttemptID($0).start(on: 2), resources: .cores(1))
    }
    var statement = NodeStatement.node(2, .cores(2))
    statement.running = held
    story.at(100, .nodeConnected(2, statement))
    #expect(story.report.nodes.first { $0.number == 2 }?.running == 4)
  }

  @Test mutating func `a node that is free comes before one that others wait for`() {
    runShort(of: 100)
    story.at(117, .nodeConnected(2, .node(2, .cores(1))))
    #expect(story.launched == [2: [25]])
  }

  @Test mutating func `one that was to be killed and comes back does not stop the node`() {
    runShort(of: 100)
    story.at(117, .masterOrdered(1, .kill(22)))
    story.at(118, .nodeReported(1, 1, NodeReport(refused: [AttemptID(22).named])))
    #expect(story.report.returned == [AttemptID(22).named])
    end(17, at: 119)
    #expect(story.launched == [1: [25, 26, 27, 28]])
  }
}
