import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("A rack and its agents under faults") struct RackWorldTests {
  @Test(arguments: 1...30) func `each task ends once the faults are over, and no attempt is spawned twice`(
    seed: UInt64
  ) {
    var world = RackWorld(seed: seed, nodes: 4, tasks: 200)
    world.run(faultsFor: 400, atMost: 3_000)
    #expect(world.master.isDone, "after \(world.steps) steps \(world.master.ended.count) have ended")
    world.settle()
    let rest = world.master.lastStatement
    #expect(
      rest?.waiting == [] && rest?.started == [] && rest?.ends == [],
      "something is left: \(rest as Any)"
    )
  }

  @Test func `enough happens in these worlds`() {
    var (lost, returned) = (0, 0)
    for seed in 1...10 as ClosedRange<UInt64> {
      var world = RackWorld(seed: seed, nodes: 4, tasks: 200)
      world.run(faultsFor: 400, atMost: 3_000)
      lost += world.master.lost
      returned += world.master.returned
    }
    #expect(lost > 10)
    #expect(returned > 10)
  }

  @Test func `the same seed gives the same world, word for word`() {
    var worlds = (0..<2).map { _ in RackWorld(seed: 81_423, nodes: 5, tasks: 100) }
    for i in worlds.indices { worlds[i].run(faultsFor: 300, atMost: 3_000) }
    #expect(worlds[0].trace.finalize() == worlds[1].trace.finalize())
    #expect(worlds[0].steps == worlds[1].steps)
  }
}
