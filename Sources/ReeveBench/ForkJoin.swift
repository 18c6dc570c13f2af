import ReeveModel

/// One task, then many at once, then one that waits for them all.
struct ForkJoinScenario: Scenario {
  let name = "forkjoin"
  let summary = "one task, then 2,000, then one: seconds"
  private static let width = 2_000

  @concurrent func run(_ setting: BenchSetting, report: @Sendable (Figure) -> Void) async throws {
    let floors = Floors()
    let times = try await BenchCluster.with(setting) { cluster in
      _ = try await cluster.run(.trues(8))
      var times: [Double] = []
      for _ in 0..<setting.repeats {
        try floors.measure([.session])
        times.append(try await cluster.run(Self.job).seconds)
      }
      return Samples(times)
    }
    report(Figure("forkjoin.seconds", times.median, "s"))
    report(Figure("forkjoin.seconds_min", times.least, "s"))
    report(Figure("forkjoin.floor_seconds", Double(Self.width + 2) / floors.best(.session), "s"))
  }

  private static var job: JobSpec {
    var job = JobSpec.bench(["/bin/true"])
    job.append(name: "source", template: 0, arguments: [], after: [])
    for i in 0..<width { job.append(name: "t-\(i)", template: 0, arguments: [], after: [0]) }
    job.append(name: "sink", template: 0, arguments: [], after: (1...width).map { UInt32($0) })
    return job
  }
}
