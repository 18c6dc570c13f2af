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

/// How much happened in a world: one in which too little did proves nothing.
package struct Tally: Sendable, Equatable {
  package var submitted = 0
  package var succeeded = 0
  package var failed = 0
  package var cancelled = 0
  /// Attempts that were lost with their nodes.
  package var lost = 0
  /// Attempts that came back unstarted.
  package var returned = 0
  /// Turns of agents in which launches waited for room.
  package var waits = 0
  /// Terms that began.
  package var terms = 0
  package var masterDeaths = 0
  package var rackDeaths = 0
  package var agentDeaths = 0
  package var nodeDeaths = 0
  package var stops = 0
  package var cuts = 0

  package var ended: Int { succeeded + failed + cancelled }

  package init() {}

  package static func += (a: inout Tally, b: Tally) {
    a.submitted += b.submitted
    a.succeeded += b.succeeded
    a.failed += b.failed
    a.cancelled += b.cancelled
    a.lost += b.lost
    a.returned += b.returned
    a.waits += b.waits
    a.terms += b.terms
    a.masterDeaths += b.masterDeaths
    a.rackDeaths += b.rackDeaths
    a.agentDeaths += b.agentDeaths
    a.nodeDeaths += b.nodeDeaths
    a.stops += b.stops
    a.cuts += b.cuts
  }
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
