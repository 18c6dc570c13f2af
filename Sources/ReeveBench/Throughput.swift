import ReeveModel

/// Many tasks that do nothing, through a whole cluster, against what starting so many processes costs without one.
struct ThroughputScenario: Scenario {
  let name = "throughput"
  let summary =
    "20,000 x /bin/true in one submission: tasks/s, against bare process starts, and who pays what"
  private static let tasks = 20_000

  /// One run and the mean of the floors right before and after it.
  private struct Run {
    var rate: Double
    var floors: [SpawnFloor: Double]
    func ratio(to floor: SpawnFloor) -> Double { rate / (floors[floor] ?? .infinity) }
  }

  @concurrent func run(_ setting: BenchSetting, report: @Sendable (Figure) -> Void) async throws {
    try await BenchCluster.with(setting) { cluster in
      _ = try await cluster.run(.trues(500))
      let floors = Floors()
      let accounts = Accounts(cluster)
      var runs: [Run] = []
      var before = try floors.measure()
      for _ in 0..<setting.repeats {
        let time = try await accounts.during { try await cluster.run(.trues(Self.tasks)) }
        let after = try floors.measure()
        let mean = before.merging(after) { ($0 + $1) / 2 }
        runs.append(Run(rate: Double(Self.tasks) / time.seconds, floors: mean))
        before = after
      }
      tell(runs, floors, report)
      accounts.tell("throughput", tasks: Self.tasks * setting.repeats, report)
    }
  }

  private func tell(_ runs: [Run], _ floors: Floors, _ report: @Sendable (Figure) -> Void) {
    let rates = Samples(runs.map(\.rate))
    report(Figure("throughput.tasks_per_second", rates.median, "tasks/s"))
    report(Figure("throughput.tasks_per_second_max", rates.most, "tasks/s"))
    report(Figure("throughput.floor", floors.rate(.session), "tasks/s"))
    report(Figure("throughput.directory_floor", floors.rate(.directory), "tasks/s"))
    let toSession = Samples(runs.map { $0.ratio(to: .session) })
    let toDirectory = Samples(runs.map { $0.ratio(to: .directory) })
    report(Figure("throughput.of_floor", toSession.median, "ratio"))
    report(Figure("throughput.of_floor_min", toSession.least, "ratio"))
    report(Figure("throughput.of_directory_floor", toDirectory.median, "ratio"))
    report(Figure("throughput.of_directory_floor_min", toDirectory.least, "ratio"))
  }
}
