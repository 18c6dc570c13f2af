import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Weighted Dominant Resource Fairness") struct RoleSharesTests {
  /// The example of the paper: 9 cpus and 18 GB; A asks for 1 cpu and 4 GB a task, B for 3 cpus and 1 GB.
  @Test func `the paper's example`() {
    var shares = RoleShares(of: Resources(cpuMillis: 9_000, memory: 18))
    let tasks = [Resources(cpuMillis: 1_000, memory: 4), Resources(cpuMillis: 3_000, memory: 1)]
    shares.add(FrameworkNumber(1), of: Role(name: "a"))
    shares.add(FrameworkNumber(2), of: Role(name: "b"))
    for place in 0..<2 { shares.tell(place, use: .zero, wants: true) }
    shares.open()
    var free = Resources(cpuMillis: 9_000, memory: 18)
    var counts = [0, 0]
    while let next = shares.next {
      let i = next.index - 1
      guard tasks[i].fits(in: free) else {
        shares.close(next)
        continue
      }
      free -= tasks[i]
      counts[i] += 1
      shares.take(tasks[i], next)
    }
    #expect(counts == [3, 2])
    let due = FairDivision.shares(
      of: Resources(cpuMillis: 9_000, memory: 18) * 1_000,
      among: tasks.map { FairDivision.Claim(weight: 1, wanted: $0 * 1_000_000) }
    )
    #expect(abs(due[0] - 2.0 / 3) < 1e-6)
    #expect(abs(due[1] - 2.0 / 3) < 1e-6)
  }

  /// What bisection over a common level finds: another way to the same division. A claim that runs into a used-up resource is
  /// fixed at its level, and the rest go on.
  private func bisected(_ claims: [FairDivision.Claim], of total: Resources) -> [Double] {
    func amounts(_ r: Resources) -> [Double] { [Double(r.cpuMillis), Double(r.memory), Double(r.disk)] }
    let rates = claims.map { claim in
      let dominant = claim.wanted.dominantShare(of: total)
      return zip(amounts(claim.wanted), amounts(total)).map {
        $1 > 0 && dominant > 0 ? $0 / $1 / dominant : 0
      }
    }
    let limits = claims.map { min($0.wanted.dominantShare(of: total), $0.shareMax) }
    var fixed = [Double?](repeating: nil, count: claims.count)
    func shares(at level: Double) -> [Double] {
      claims.indices.map { fixed[$0] ?? min(limits[$0], level * claims[$0].weight) }
    }
    func use(_ shares: [Double]) -> [Double] {
      (0..<3).map { r in claims.indices.reduce(0) { $0 + shares[$1] * rates[$1][r] } }
    }
    for _ in claims.indices {
      var (low, high) = (0.0, 1e3)
      for _ in 0..<200 {
        let middle = (low + high) / 2
        if use(shares(at: middle)).allSatisfy({ $0 <= 1 }) { low = middle } else { high = middle }
      }
      let reached = shares(at: low)
      let full = use(reached).map { $0 > 1 - 1e-7 }
      for i in claims.indices where fixed[i] == nil {
        let isStuck = (0..<3).contains { rates[i][$0] > 0 && full[$0] }
        if isStuck || reached[i] >= limits[i] - 1e-12 { fixed[i] = reached[i] }
      }
      if fixed.allSatisfy({ $0 != nil }) { break }
    }
    return fixed.map { $0 ?? 0 }
  }

  @Test(arguments: 0..<50) func `what is due is the same by filling and by bisection`(seed: UInt64) {
    var dice = SeededRandom(seed)
    let total = Resources(cpuMillis: 1_000_000, memory: 4_000 << 30, disk: seed % 3 == 0 ? 0 : 1 << 44)
    let claims = (0..<Int.random(in: 1...40, using: &dice)).map { _ in
      let shape = Resources(
        cpuMillis: Int64.random(in: 0...8_000, using: &dice),
        memory: Int64.random(in: 0...64, using: &dice) << 30,
        disk: Int64.random(in: 0...64, using: &dice) << 30
      )
      return FairDivision.Claim(
        weight: Double.random(in: 0.1...5, using: &dice),
        wanted: shape * Int.random(in: 0...300, using: &dice),
        shareMax: Bool.random(using: &dice) ? .infinity : Double.random(in: 0...0.5, using: &dice)
      )
    }
    let due = FairDivision.shares(of: total, among: claims)
    for (a, b) in zip(due, bisected(claims, of: total)) { #expect(abs(a - b) < 1e-5) }
  }

  /// Many frameworks of several roles over many racks, each answering every offer with tasks: in the end each has what it is
  /// due, and a decision takes microseconds.
  @Test(arguments: 0..<3) func `two hundred frameworks on forty racks come to what they are due`(seed: UInt64)
  {
    var dice = SeededRandom(seed)
    let world = SharedCluster(racks: 40, frameworks: 200, dice: &dice)
    let claims = world.claims
    let due = FairDivision.shares(of: world.total, among: claims)
    let got = world.run()
    for (a, b) in zip(got, due) { #expect(abs(a - b) <= 0.02, "\(a) where \(b) is due") }
  }
}
