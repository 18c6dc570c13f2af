import ArgumentParser
import ReeveSimulation

/// `reeve simulate`: whole clusters in virtual time, and what is promised of them.
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run whole clusters in virtual time, with faults, and check what is promised.",
    discussion: """
      Each seed makes one world: machines, racks, users, and what goes wrong. The cores that decide in it are those that
      run in production. The same seed gives the same world; a finding names the command that runs it again.
      """
  )

  @Option(help: "The first seed.") var seed: UInt64 = 1
  @Option(help: "How many seeds to run, one after the other.") var seeds: UInt64 = 1
  @Option(help: "Nodes in each world; left to the seed if not given.") var nodes: Int?
  @Option(help: "Racks in each world; left to the seed if not given.") var racks: Int?
  @Option(help: "Jobs in each world; left to the seed if not given.") var jobs: Int?
  @Flag(help: "Print one line an event: virtual time, who, what.") var trace = false

  func validate() throws {
    for (name, value) in [("nodes", nodes), ("racks", racks), ("jobs", jobs)] {
      guard let value, value < 1 else { continue }
      throw ValidationError("--\(name) \(value) is too few: at least 1.")
    }
    guard seeds >= 1, seed.addingReportingOverflow(seeds - 1).overflow == false else {
      throw ValidationError("--seeds \(seeds) is not a number of seeds from \(seed) on.")
    }
  }

  func run() throws {
    let clock = ContinuousClock()
    let begin = clock.now
    var tally = Tally()
    var virtual = 0.0
    var failed = 0
    for seed in seed...(seed + (seeds - 1)) {
      let result = simulate(
        SimulationOptions(seed: seed, nodes: nodes, racks: racks, jobs: jobs, trace: trace)
      )
      tally += result.tally
      virtual += result.seconds
      for line in result.trace { print(line) }
      guard !result.findings.isEmpty else { continue }
      failed += 1
      print("seed \(seed):")
      for finding in result.findings.prefix(10) { print("  \(finding)") }
      print("  \(result.command)")
    }
    report(tally, virtual: virtual, failed: failed, took: (clock.now - begin) / .seconds(1))
    if failed > 0 { throw ExitCode(1) }
  }

  private func report(_ tally: Tally, virtual: Double, failed: Int, took: Double) {
    func places(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
    print(
      "\(seeds) seeds in \(places(took)) s (\(places(Double(seeds) / max(took, 0.001)))/s), "
        + "\(places(virtual / 3_600)) hours simulated: \(failed) with findings"
    )
    print(
      "tasks: \(tally.submitted) submitted, \(tally.succeeded) succeeded, \(tally.failed) failed, "
        + "\(tally.cancelled) cancelled; attempts: \(tally.lost) lost, \(tally.returned) returned"
    )
    print(
      "faults: \(tally.masterDeaths) masters, \(tally.rackDeaths) racks, \(tally.agentDeaths) agents, "
        + "\(tally.nodeDeaths) nodes died; \(tally.stops) processes stopped, \(tally.cuts) links cut"
    )
  }
}
