import ReeveClient
import ReeveFramework
import ReeveModel

/// Offers on a cluster of processes: how soon a slot that became free is in a framework's hands, and how many one framework
/// can answer.
struct OffersScenario: Scenario {
  let name = "offers"
  let summary =
    "how soon a free slot is in the next framework's hands, and offers that one framework answers with tasks: per second"

  private static let turns = 200
  private static let keys: UInt32 = 100

  @concurrent func run(_ setting: BenchSetting, report: @Sendable (Figure) -> Void) async throws {
    var one = setting
    (one.nodes, one.racks, one.isVirtual, one.cpus, one.memory) = (1, 1, true, "1", "1GiB")
    let samples = try await BenchCluster.with(one) { try await Self.waits(on: $0) }
    report(Figure("offers.freed_to_offer_p50", samples.median * 1e3, "ms"))
    report(Figure("offers.freed_to_offer_p99", samples.percentile(99) * 1e3, "ms"))
    var many = setting
    (many.nodes, many.isVirtual, many.cpus, many.memory) = (50, true, "64", "64GiB")
    let rate = try await BenchCluster.with(many) { try await Self.answered(on: $0, repeats: setting.repeats) }
    report(Figure("offers.answered_per_second", rate, "1/s"))
  }

  private static func options(_ id: String, _ cluster: BenchCluster) -> FrameworkOptions {
    var options = FrameworkOptions(id: id)
    options.environment = cluster.variables
    return options
  }

  /// Two frameworks pass the only slot to each other: one wants it no more.
  private static func waits(on cluster: BenchCluster) async throws -> Samples {
    try await Framework.with(options("one", cluster)) { one in
      try await Framework.with(options("two", cluster)) { two in
        let slot = ReeveFramework.Resources(cpus: 1, memory: 1 << 20)
        let both = [one, two]
        var offers = both.map { $0.offers.makeAsyncIterator() }
        try await one.demand([Demand(shape: slot, count: 1)])
        guard await offers[0].next() != nil else { throw noOffer }
        var waits: [Double] = []
        for turn in 0..<turns {
          let (from, to) = (turn % 2, (turn + 1) % 2)
          // One that wants the slot, and waits for it.
          try await both[to].demand([Demand(key: UInt32(turn), shape: slot, count: 1)])
          let start = ContinuousClock.now
          try await both[from].demand([])
          guard await offers[to].next() != nil else { throw noOffer }
          waits.append((ContinuousClock.now - start).seconds)
        }
        return Samples(waits)
      }
    }
  }

  private static let noOffer = Refusal(.unavailable, "The framework has ended, and there was no offer.")

  /// One framework that wants one slice of each of many keys, takes what it is offered, and wants as much again.
  private static func answered(on cluster: BenchCluster, repeats: Int) async throws -> Double {
    try await Framework.with(options("busy", cluster)) { framework in
      let drain = Task { for await _ in framework.updates {} }
      defer { drain.cancel() }
      var offers = framework.offers.makeAsyncIterator()
      var rates: [Double] = []
      for round in 0..<repeats + 1 {
        let start = ContinuousClock.now
        var answered = 0
        while answered < 10_000 {
          try await framework.demand(
            (0..<keys).map {
              Demand(
                key: $0,
                shape: ReeveFramework.Resources(cpus: 0.01, memory: Int64($0 % 16 + 1) << 20),
                count: 1
              )
            }
          )
          var open = Int(keys)
          while open > 0, let batch = await offers.next() {
            open -= batch.count
            try await withThrowingTaskGroup(of: Void.self) { group in
              for offer in batch {
                let task = FrameworkTask(id: "t\(offer.id)", command: ["true"], resources: offer.shape)
                group.addTask { try await framework.accept([offer], [task], as: "a\(offer.id)") }
              }
              try await group.waitForAll()
            }
            answered += batch.count
          }
        }
        // The first round is for warmth.
        if round > 0 { rates.append(Double(answered) / (ContinuousClock.now - start).seconds) }
      }
      return Samples(rates).median
    }
  }
}
