import ArgumentParser
import ReeveOutput
import ReeveSimulation

/// `reeve simulate`: whole clusters in virtual time, and what is promised of them; or job logs, and what policies make of them.
struct Simulate: Verb {
  static let configuration = CommandConfiguration(
    abstract: "Runs whole clusters in virtual time, with faults, and checks what is promised; or job logs.",
    usage: """
      reeve simulate [--seed <seed>] [--seeds <seeds>] [--nodes <nodes>] [--racks <racks>] [--jobs <jobs>] [--trace]
      reeve simulate <log> ... [--cores <cores>] [--policy <policy>] [--backfill] [--max-jobs <max-jobs>] [--starts <file>]
      """,
    discussion: """
      Each seed makes one world: machines, racks, users, and what goes wrong. The cores that decide in it are those that \
      run in production. The same seed gives the same world; a finding names the command that runs it again.

      The jobs of a log run in one pool of cores, or in parts on nodes, by the queue and the decisions that run in production: nothing is killed, \
      and of what falls on one instant the ends come first, then what is submitted, and then it is decided once.
      """
  )

  @OptionGroup var trace: TraceOptions

  @Option(help: "The first seed; 1 if left out.") var seed: UInt64?
  @Option(help: "How many seeds to run; 1 if left out.") var seeds: UInt64?
  @Option(
    help: "Nodes in each world, left to the seed if not given; or those that a log's cores are spread over."
  ) var nodes: Int?
  @Option(help: "Racks in each world, or of a log's nodes.") var racks: Int?
  @Option(help: "Jobs in each world; left to the seed if not given.") var jobs: Int?
  @Flag(name: .customLong("trace"), help: "Prints one line an event: virtual time, who, what.")
  var isTraced = false
  /// For those who work on the checkers: how many seeds, from each of nine first ones, it takes to find a mistake made on
  /// purpose. `all` is each of them.
  @Option(name: .customLong("planted-bug"), help: .hidden) var plantedBug: String?

  func validate() throws {
    for (name, value) in [("nodes", nodes), ("racks", racks), ("jobs", jobs)] {
      guard let value, value < 1 else { continue }
      throw ValidationError("--\(name) \(value) is too few: at least 1.")
    }
    guard count >= 1, first.addingReportingOverflow(count - 1).overflow == false else {
      throw ValidationError("--seeds \(count) is not a number of seeds from \(first) on.")
    }
    let isOfWorlds = [seed, seeds].contains { $0 != nil } || jobs != nil || isTraced
    try trace.check(isOfWorlds: isOfWorlds, nodes: nodes, racks: racks)
  }

  private var first: UInt64 { seed ?? 1 }
  private var count: UInt64 { seeds ?? 1 }

  @concurrent func perform() async throws -> Int32 {
    if !trace.logs.isEmpty { return try trace.replay(nodes: nodes, racks: racks) }
    if let plantedBug {
      measure(PlantedBug(rawValue: plantedBug).map { [$0] } ?? PlantedBug.allCases)
      return ExitStatus.done
    }
    let clock = ContinuousClock()
    let begin = clock.now
    let summary = isTraced ? traced() : await simulate((first...(first + (count - 1))).map(options))
    for result in summary.failures {
      print("seed \(result.seed):")
      for finding in result.findings.prefix(10) { print("  \(finding)") }
      print("  \(result.command)")
    }
    report(summary, took: (clock.now - begin) / .seconds(1))
    return summary.failures.isEmpty ? ExitStatus.done : ExitStatus.someFailed
  }

  private func options(_ seed: UInt64) -> SimulationOptions {
    SimulationOptions(seed: seed, nodes: nodes, racks: racks, jobs: jobs, trace: isTraced)
  }

  /// One after the other, so that the lines of each world stand together.
  private func traced() -> SimulationSummary {
    var summary = SimulationSummary()
    for seed in first...(first + (count - 1)) {
      let result = simulate(options(seed))
      for line in result.trace { print(line) }
      summary.add(result)
    }
    return summary
  }

  private func places(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

  private func report(_ summary: SimulationSummary, took: Double) {
    let tally = summary.tally
    print(
      "\(count) seeds in \(places(took)) s (\(places(Double(count) / max(took, 0.001)))/s), "
        + "\(places(summary.seconds / 3_600)) hours simulated, \(Int(summary.seconds / max(took, 0.001)))x real "
        + "time: \(summary.failures.count) with findings"
    )
    print("what happened: " + Occurrence.allCases.map { "\($0.name) \(tally[$0])" }.joined(separator: ", "))
    print("faults: " + Fault.allCases.map { "\($0.name) \(tally[$0])" }.joined(separator: ", "))
  }

  private func measure(_ bugs: [PlantedBug]) {
    for bug in bugs {
      let atMost = 1_000
      let found = (0..<9 as Range<UInt64>).map {
        seedsUntilFound(bug, from: first + 10_000 * $0, atMost: atMost) ?? atMost + 1
      }
      let sorted = found.sorted()
      print("\(bug.rawValue): median \(sorted[4]) seeds until found, at most \(sorted[8])")
    }
  }
}
