import ReeveModel

/// Tasks that each wait for the one before: how long the way from an end to the next start is.
struct ChainScenario: Scenario {
  let name = "chain"
  let summary = "500 tasks, each after the one before: milliseconds a hop"
  private static let hops = 500

  @concurrent func run(_ setting: BenchSetting, report: @Sendable (Figure) -> Void) async throws {
    try await BenchCluster.with(setting) { cluster in
      _ = try await cluster.run(.trues(8))
      let accounts = Accounts(cluster)
      var times: [Double] = []
      for _ in 0..<setting.repeats {
        times.append(try await accounts.during { try await cluster.run(Self.job) }.milliseconds)
      }
      let hops = Samples(times.map { $0 / Double(Self.hops) })
      report(Figure("chain.hop", hops.median, "ms"))
      report(Figure("chain.hop_min", hops.least, "ms"))
      accounts.tell("chain", tasks: Self.hops * setting.repeats, report)
    }
  }

  private static var job: JobSpec {
    var job = JobSpec.bench(["/bin/true"])
    for i in 0..<hops {
      job.append(name: "t-\(i)", template: 0, arguments: [], after: i == 0 ? [] : [UInt32(i - 1)])
    }
    return job
  }
}
