/// Which world to run, and how closely to look at it.
package struct SimulationOptions: Sendable {
  package var seed: UInt64
  /// `nil` is left to the seed.
  package var nodes: Int?
  package var racks: Int?
  package var jobs: Int?
  /// Keeps a line an event.
  package var trace: Bool
  /// The books of every core, and replay, are checked after each turn and not now and then: for small worlds.
  package var checksEachStep: Bool
  package var faults: Bool
  package var bug: PlantedBug?

  package init(
    seed: UInt64,
    nodes: Int? = nil,
    racks: Int? = nil,
    jobs: Int? = nil,
    trace: Bool = false,
    checksEachStep: Bool = false,
    faults: Bool = true,
    bug: PlantedBug? = nil
  ) {
    self.seed = seed
    self.nodes = nodes
    self.racks = racks
    self.jobs = jobs
    self.trace = trace
    self.checksEachStep = checksEachStep
    self.faults = faults
    self.bug = bug
  }

  /// The command that runs this very world again.
  package var command: String {
    var words = "reeve simulate --seed \(seed)"
    if let nodes { words += " --nodes \(nodes)" }
    if let racks { words += " --racks \(racks)" }
    if let jobs { words += " --jobs \(jobs)" }
    return words + " --trace"
  }
}

/// What came of a world.
package struct SimulationResult: Sendable {
  package var seed: UInt64
  /// What was found against each promise, in sentences; empty where all of them were kept.
  package var findings: [String]
  package var tally: Tally
  /// Virtual time that passed, in seconds.
  package var seconds: Double
  package var steps: Int
  /// Two runs of a seed agree in this, or something in the world hangs on more than its seed.
  package var traceHash: UInt64
  /// Empty unless asked for.
  package var trace: [String]
  package var command: String
}

/// Runs one world to its end.
package func simulate(_ options: SimulationOptions) -> SimulationResult {
  var world = World(options)
  world.run()
  return SimulationResult(
    seed: options.seed,
    findings: world.promises.findings.map(\.description),
    tally: world.promises.tally,
    seconds: world.now.seconds,
    steps: world.steps,
    traceHash: world.trace.hash,
    trace: world.trace.lines,
    command: options.command
  )
}

/// What came of many worlds.
package struct SimulationSummary: Sendable {
  /// Those in which something was found, by seed.
  package var failures: [SimulationResult] = []
  package var tally = Tally()
  package var worlds = 0
  /// Virtual time that passed in them, in seconds.
  package var seconds = 0.0
  package var steps = 0

  package init() {}

  package mutating func add(_ result: SimulationResult) {
    if !result.findings.isEmpty { failures.append(result) }
    tally += result.tally
    worlds += 1
    seconds += result.seconds
    steps += result.steps
  }
}

/// Runs many worlds, as many at a time as the machine has processors for: each is a value of its own, in one thread.
/// What comes of them does not depend on their order.
package func simulate(_ worlds: [SimulationOptions]) async -> SimulationSummary {
  await withTaskGroup(of: SimulationResult.self) { group in
    var summary = SimulationSummary()
    // Those at work at a time are bounded, so that no world's trace waits in memory for long.
    let atOnce = 8
    for (i, options) in worlds.enumerated() {
      if i >= atOnce, let result = await group.next() { summary.add(result) }
      group.addTask { simulate(options) }
    }
    for await result in group { summary.add(result) }
    summary.failures.sort { $0.seed < $1.seed }
    return summary
  }
}

/// How many seeds show a planted bug first: the checkers' own measure. `nil` where none of so many does.
package func seedsUntilFound(_ bug: PlantedBug, from first: UInt64, atMost: Int) -> Int? {
  (0..<atMost).first { k in
    !simulate(SimulationOptions(seed: first + UInt64(k), bug: bug)).findings.isEmpty
  }.map { $0 + 1 }
}
