import ReeveModel

/// Tasks that run nothing, on nodes that are played: what all of Reeve costs but the processes that it starts.
struct VirtualScenario: Scenario {
  let name = "virtual"
  let summary = "300,000 tasks that run nothing, on 200 virtual nodes of 64 cores: tasks/s, and who pays what"
  private static let tasks = 300_000
  private static let nodes = 200

  @concurrent func run(_ setting: BenchSetting, report: @Sendable (Figure) -> Void) async throws {
    var nodes = setting
    (nodes.nodes, nodes.isVirtual) = (Self.nodes, true)
    (nodes.cpus, nodes.memory) = ("64", "64GiB")
    try await BenchCluster.with(nodes) { cluster in
      _ = try await cluster.run(.trues(20_000))
      let accounts = Accounts(cluster)
      var rates: [Double] = []
      for _ in 0..<setting.repeats {
        let job = JobSpec.trues(Self.tasks)
        let time = try await accounts.during { try await cluster.run(job) }
        rates.append(Double(Self.tasks) / time.seconds)
      }
      let samples = Samples(rates)
      report(Figure("virtual.tasks_per_second", samples.median, "tasks/s"))
      report(Figure("virtual.tasks_per_second_min", samples.least, "tasks/s"))
      report(Figure("virtual.tasks_per_second_max", samples.most, "tasks/s"))
      accounts.tell("virtual", tasks: Self.tasks * setting.repeats, report)
    }
  }
}
