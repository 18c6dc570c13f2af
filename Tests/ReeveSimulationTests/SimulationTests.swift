import ReeveSimulation
import Testing

@Suite("Simulator: all promises are kept") struct SimulationTests {
  /// Worlds of a size, and the seeds that they run under.
  struct Worlds: Sendable, CustomTestStringConvertible {
    var name: String
    var nodes: Int?
    var racks: Int?
    var jobs: Int?
    var checksEachStep = false
    var seeds: ClosedRange<UInt64>
    /// Too small or too few for every kind of thing to happen.
    var isNarrow = true
    var testDescription: String { name }

    func options(_ seed: UInt64) -> SimulationOptions {
      SimulationOptions(seed: seed, nodes: nodes, racks: racks, jobs: jobs, checksEachStep: checksEachStep)
    }
  }

  static let worlds = [
    Worlds(name: "tiny", nodes: 1, racks: 1, jobs: 4, checksEachStep: true, seeds: 1...150),
    Worlds(name: "two racks", nodes: 3, racks: 2, jobs: 10, checksEachStep: true, seeds: 1...150),
    Worlds(name: "any", seeds: 1...900, isNarrow: false),
    Worlds(name: "large", nodes: 24, racks: 4, jobs: 80, seeds: 1...20),
  ]

  @Test(arguments: worlds) func `in worlds of many sizes, and enough happens in them`(_ worlds: Worlds) async
  {
    let summary = await simulate(worlds.seeds.map(worlds.options))
    for result in summary.failures { Issue.record("\(result.command): \(result.findings)") }
    let tally = summary.tally
    let seeds = worlds.seeds.count
    #expect(tally.ended == tally[.submitted] + tally[.reopened])
    #expect(tally[.succeeded] > 5 * seeds && tally[.failed] > seeds && tally[.cancelled] > seeds)
    #expect(tally[.lost] > seeds / 8 && tally[.returned] > seeds / 20 && tally[.waited] > seeds)
    #expect(tally[.terms] > seeds + seeds / 4 && tally[.generations] > 2 * seeds)
    // What did not happen was not tested.
    guard !worlds.isNarrow else { return }
    for occurrence in Occurrence.allCases {
      #expect(tally[occurrence] > seeds / 200, "\(occurrence.name) in \(seeds) seeds")
    }
    for fault in Fault.allCases { #expect(tally[fault] > seeds / 10, "\(fault.name) in \(seeds) seeds") }
  }

  @Test(arguments: seedsThatFailed) func `under the seeds that failed`(_ seed: UInt64) {
    let result = simulate(SimulationOptions(seed: seed, checksEachStep: true))
    #expect(result.findings == [], "\(result.command)")
  }

  @Test func `without faults nothing is lost`() {
    for seed in 1...10 as ClosedRange<UInt64> {
      let result = simulate(SimulationOptions(seed: seed, faults: false))
      #expect(result.findings == [])
      #expect(result.tally[.lost] == 0)
      for fault in Fault.allCases { #expect(result.tally[fault] == 0) }
    }
  }

  @Test func `a seed gives the same world each time`() {
    for seed in 1...5 as ClosedRange<UInt64> {
      let first = simulate(SimulationOptions(seed: seed, trace: true))
      let second = simulate(SimulationOptions(seed: seed, trace: true))
      #expect(first.traceHash == second.traceHash)
      #expect(first.trace == second.trace)
      #expect(first.tally == second.tally)
    }
    let hashes = (1...20 as ClosedRange<UInt64>).map { simulate(SimulationOptions(seed: $0)).traceHash }
    #expect(Set(hashes).count == 20)
  }

  /// A checker that finds nothing might look at nothing.
  @Test(arguments: PlantedBug.allCases) func `a planted bug is found`(_ bug: PlantedBug) {
    #expect(seedsUntilFound(bug, from: 1, atMost: 300) != nil)
  }
}
