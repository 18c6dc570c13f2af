import ReeveClient
import ReeveModel

/// One task on a cluster that has nothing else to do.
struct LatencyScenario: Scenario {
  let name = "latency"
  let summary = "one task on an idle cluster, by the API and by `reeve run`: milliseconds"
  private static let tries = 200
  private static let commands = 50

  @concurrent func run(_ setting: BenchSetting, report: @Sendable (Figure) -> Void) async throws {
    try await BenchCluster.with(setting) { cluster in
      for _ in 0..<10 { _ = try await cluster.run(.trues(1)) }
      try tellFloors(report)
      var times: [Double] = []
      for _ in 0..<Self.tries { times.append(try await cluster.run(.trues(1)).milliseconds) }
      tell(times, "latency.api", report)
      times = []
      for _ in 0..<Self.commands {
        times.append(try cluster.command(["run", "--", "true"]).milliseconds)
      }
      tell(times, "latency.run", report)
    }
  }

  private func tell(_ times: [Double], _ name: String, _ report: @Sendable (Figure) -> Void) {
    let samples = Samples(times)
    for percent in [50, 90, 99] { report(Figure("\(name)_p\(percent)", samples.percentile(percent), "ms")) }
  }

  /// What one process, and one small durable write, cost without a cluster.
  private func tellFloors(_ report: @Sendable (Figure) -> Void) throws {
    let spawns = try SpawnFloor.session.latencies(Self.tries)
    report(Figure("latency.floor_spawn_p50", spawns.percentile(50), "ms"))
    let syncs = try SyncFloor.latencies(Self.tries)
    report(Figure("latency.floor_sync_p50", syncs.percentile(50), "ms"))
  }
}
