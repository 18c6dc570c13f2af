import Glibc
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
  /// As many as a framework may want at one time, but for a few.
  private static let keys: UInt32 = 250
  /// What was answered together is wanted again together.
  private static let lane = 100
  private static let answers = 20_000

  @concurrent func run(_ setting: BenchSetting, report: @Sendable (Figure) -> Void) async throws {
    var one = setting
    (one.nodes, one.racks, one.isVirtual, one.cpus, one.memory) = (1, 1, true, "1", "1GiB")
    one.runTime = "20ms"
    try await BenchCluster.with(one) { cluster in
      Self.tell("freed", try await Self.letGo(on: cluster), report)
      Self.tell("ended", try await Self.ended(on: cluster), report)
    }
    var many = setting
    (many.nodes, many.isVirtual, many.cpus, many.memory) = (50, true, "64", "64GiB")
    try await BenchCluster.with(many) { cluster in
      try await Self.with(["busy"], on: cluster) { frameworks in
        // The first of each is for warmth.
        _ = try await Self.rate(of: frameworks[0], Self.accept)
        let accounts = Accounts(cluster)
        var rates: [Double] = []
        for _ in 0..<setting.repeats {
          rates.append(try await accounts.during { try await Self.rate(of: frameworks[0], Self.accept) })
        }
        report(Figure("offers.answered_per_second", Samples(rates).median, "1/s"))
        report(Figure("offers.answered_per_second_max", Samples(rates).most, "1/s"))
        accounts.tell("offers", tasks: setting.repeats * Self.answers, report)
        rates = []
        for _ in 0..<setting.repeats {
          rates.append(try await Self.rate(of: frameworks[0], isDeclined: true, Self.decline))
        }
        report(Figure("offers.declined_per_second", Samples(rates).median, "1/s"))
      }
    }
  }

  private static func tell(_ how: String, _ samples: Samples, _ report: @Sendable (Figure) -> Void) {
    report(Figure("offers.\(how)_to_offer_p50", samples.median * 1e3, "ms"))
    report(Figure("offers.\(how)_to_offer_p99", samples.percentile(99) * 1e3, "ms"))
  }

  /// Runs `body` with frameworks of these ids.
  private static func with<R: Sendable>(
    _ ids: [String],
    on cluster: BenchCluster,
    _ begun: [Framework] = [],
    _ body: @Sendable ([Framework]) async throws -> R
  ) async throws -> R {
    guard begun.count < ids.count else { return try await body(begun) }
    var options = FrameworkOptions(id: ids[begun.count])
    options.environment = cluster.variables
    return try await Framework.with(options) { try await with(ids, on: cluster, begun + [$0], body) }
  }

  private static let slot = ReeveFramework.Resources(cpus: 1, memory: 1 << 20)

  /// Two frameworks pass the only slot to each other: one wants it no more.
  private static func letGo(on cluster: BenchCluster) async throws -> Samples {
    try await with(["one", "two"], on: cluster) { both in
      var offers = both.map { $0.offers.makeAsyncIterator() }
      try await both[0].demand([Demand(shape: slot, count: 1)])
      guard await offers[0].next() != nil else { throw noOffer }
      var waits: [Double] = []
      for turn in 0..<turns {
        let (from, to) = (turn % 2, (turn + 1) % 2)
        // One that wants the slot, and waits for it.
        try await both[to].demand([Demand(key: UInt32(turn), shape: slot, count: 1)])
        let letGo = ContinuousClock.now
        async let rest: Void = both[from].demand([])
        guard await offers[to].next() != nil else { throw noOffer }
        waits.append((ContinuousClock.now - letGo).seconds)
        try await rest
      }
      return Samples(waits)
    }
  }

  /// Two frameworks pass the only slot to each other: what one runs there ends.
  private static func ended(on cluster: BenchCluster) async throws -> Samples {
    try await with(["three", "four"], on: cluster) { both in
      let drains = both.map { framework in Task { for await _ in framework.updates {} } }
      defer { for drain in drains { drain.cancel() } }
      var offers = both.map { $0.offers.makeAsyncIterator() }
      try await both[0].demand([Demand(shape: slot, count: 1)])
      guard var held = await offers[0].next() else { throw noOffer }
      var waits: [Double] = []
      for turn in 0..<turns {
        let (from, to) = (turn % 2, (turn + 1) % 2)
        let task = FrameworkTask(id: "turn-\(turn)", command: ["true"], resources: slot)
        try await both[from].accept(held, [task])
        try await both[to].demand([Demand(key: UInt32(turn), shape: slot, count: 1)])
        guard let next = await offers[to].next() else { throw noOffer }
        let inHands = WallTime.now
        held = next
        let what = TaskSelector(job: from == 0 ? "three" : "four", task: task.id)
        let end = try await cluster.client.task(what, details: false).ended
        waits.append(Double(inHands.microseconds - end.microseconds) / 1e6)
      }
      return Samples(waits)
    }
  }

  private static let noOffer = Refusal(.unavailable, "The framework has ended, and there was no offer.")

  /// Has one framework answer so many offers, each by itself, and want as much again as soon as some are answered.
  /// What is declined rests: then the next offer is of another key.
  private static func rate(
    of framework: Framework,
    isDeclined: Bool = false,
    _ answer: @escaping Answer
  ) async throws -> Double {
    let drain = Task { for await _ in framework.updates {} }
    defer { drain.cancel() }
    let start = ContinuousClock.now
    let (answered, told) = AsyncStream.makeStream(of: ArraySlice<Offer>.self)
    told.yield([])
    var offers = framework.offers.makeAsyncIterator()
    var count = 0
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await want(of: framework, renewing: isDeclined, answered) }
      while count < answers, let batch = await offers.next() {
        count += batch.count
        for first in stride(from: 0, to: batch.count, by: lane) {
          let part = batch[first..<min(first + lane, batch.count)]
          group.addTask {
            try await withThrowingTaskGroup(of: Void.self) { group in
              for offer in part { group.addTask { try await answer(framework, offer) } }
              try await group.waitForAll()
            }
            told.yield(part)
          }
        }
      }
      told.finish()
      try await group.waitForAll()
    }
    let rate = Double(count) / (ContinuousClock.now - start).seconds
    try await framework.demand([])
    return rate
  }

  /// One slice of each key, over and over.
  private static func want(
    of framework: Framework,
    renewing: Bool,
    _ answered: AsyncStream<ArraySlice<Offer>>
  ) async throws {
    var wanted = (0..<keys).map { key in
      Demand(key: key, shape: .init(cpus: 0.01, memory: Int64(key % 16 + 1) << 20), count: 1)
    }
    for await offers in answered {
      for offer in offers where renewing { wanted[Int(offer.key % keys)].key = offer.key &+ keys }
      try await framework.demand(wanted)
    }
  }

  private typealias Answer = @Sendable (Framework, Offer) async throws -> Void

  private static let accept: Answer = { framework, offer in
    let task = FrameworkTask(id: "t\(offer.id)", command: ["true"], resources: offer.shape)
    try await framework.accept([offer], [task], as: "a\(offer.id)")
  }

  private static let decline: Answer = { framework, offer in try await framework.decline([offer]) }
}

extension WallTime {
  /// As nodes of this machine read it.
  fileprivate static var now: WallTime {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return WallTime(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
  }
}
