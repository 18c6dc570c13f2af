/// What is measured, in one file each. A new one stands in `scenarios` too.
package protocol Scenario: Sendable {
  /// What users write, and how its figures begin.
  var name: String { get }
  /// A line of the help.
  var summary: String { get }
  /// Reports figures as soon as it has them.
  @concurrent func run(_ setting: BenchSetting, report: @Sendable (Figure) -> Void) async throws
}

/// In the order in which they run when all are wanted.
package let scenarios: [any Scenario] = [
  CoresScenario(), LatencyScenario(), ChainScenario(), ForkJoinScenario(), SubmitScenario(),
  QueueScenario(), ThroughputScenario(), VirtualScenario(), GraphScenario(), RestartScenario(),
  SharingScenario(), OffersScenario(),
]

/// The cluster that is measured, and how often.
package struct BenchSetting: Sendable {
  /// The path of `reeve`.
  package var executable: String
  package var nodes: Int
  /// Whether one process plays the nodes, and what they run seems to run only.
  package var isVirtual = false
  package var racks: Int
  /// Cores that each node offers, as for `reeve up`.
  package var cpus: String?
  /// Memory that each node offers, as for `reeve up`.
  package var memory: String?
  /// How long tasks seem to run on virtual nodes, as for `reeve up`.
  package var runTime: String?
  /// How often what takes seconds is measured.
  package var repeats: Int

  package init(executable: String, nodes: Int = 4, racks: Int = 2, cpus: String? = nil, repeats: Int = 3) {
    self.executable = executable
    self.nodes = nodes
    self.racks = racks
    self.cpus = cpus
    self.repeats = repeats
  }
}
