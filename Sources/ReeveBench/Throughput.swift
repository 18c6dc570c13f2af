import ReeveModel

/// Many tasks that do nothing, through a whole cluster, against what starting so many processes costs without one.
struct ThroughputScenario: Scenario {
  let name = "throughput"
  let summary =
    "20,000 x /bin/true in one submission: tasks/s, against bare process starts, and who pays what"
  private static let tasks = 20_000

  @concurrent func run(_ setting: BenchSetting, report: @Sendable (Figure) -> Void) async throws {
    try await BenchCluster.with(setting) { cluster in
      _ = try await cluster.run(.trues(500))
      let floors = Floors()
      let accounts = Accounts(cluster)
      var rates: [Double] = []
      try floors.measure()
      for _ in 0..<setting.repeats {
        let time = try await accounts.during { try await cluster.run(.trues(Self.tasks)) }
        try floors.measure()
        rates.append(Double(Self.tasks) / time.seconds)
      }
      tell(Samples(rates), floors, report)
      accounts.tell("throughput", tasks: Self.tasks * setting.repeats, report)
    }
  }

  private func tell(_ rates: Samples, _ floors: Floors, _ report: @Sendable (Figure) -> Void) {
    let (session, directory) = (floors.best(.session), floors.best(.directory))
    report(Figure("throughput.tasks_per_second", rates.median, "tasks/s"))
    report(Figure("throughput.tasks_per_second_max", rates.most, "tasks/s"))
    report(Figure("throughput.floor", session, "tasks/s"))
    report(Figure("throughput.directory_floor", directory, "tasks/s"))
    report(Figure("throughput.of_floor", rates.median / session, "ratio"))
    report(Figure("throughput.of_floor_min", rates.least / session, "ratio"))
    report(Figure("throughput.of_directory_floor", rates.median / directory, "ratio"))
    report(Figure("throughput.of_directory_floor_min", rates.least / directory, "ratio"))
  }
}
