import ReeveModel

/// What roles have above their share, and where.
struct Surplus: Sendable {
  /// What each may still be asked for, of all racks together.
  private var left: [String: Resources] = [:]
  private var used: [RackNumber: [String: Resources]] = [:]
  private var granted: [RackNumber: [HoldOrder.Take]] = [:]

  /// Of all roles but those that it is for.
  init(in core: MasterCore, besides roles: Set<String>) {
    let (durable, total) = (core.durable, core.clusterTotal)
    var uses: [String: Resources] = [:]
    for number in durable.frameworks.live {
      let row = durable.frameworks[number]
      if !roles.contains(row.info.role) { uses[row.info.role, default: .zero] += row.used }
    }
    let names = uses.keys.sorted()
    let guaranteed = roles.reduce(Resources.zero) {
      $0 + (durable.frameworks.role(named: $1).guarantee ?? .zero).finite
    }
    let claims = names.map {
      FairDivision.Claim(weight: durable.frameworks.role(named: $0).weight, wanted: uses[$0] ?? .zero)
    }
    let shares = FairDivision.shares(of: total, available: (total - guaranteed).orZero, among: claims)
    for ((name, claim), share) in zip(zip(names, claims), shares) {
      let has = claim.wanted.dominantShare(of: total)
      var kept = claim.wanted.scaled(by: has > 0 ? share / has : 0)
      if let guarantee = durable.frameworks.role(named: name).guarantee?.finite {
        kept = kept.maximum(guarantee).minimum(claim.wanted)
      }
      left[name] = claim.wanted - kept
    }
    guard left.values.contains(where: { $0 != .zero }) else { return }
    for attempt in durable.active.values {
      let role = durable.frameworks[durable.jobs[attempt.job].framework].info.role
      guard left[role] ?? .zero != .zero else { continue }
      used[attempt.rack, default: [:]][role, default: .zero] +=
        durable.templates[attempt.template.index].resources
    }
  }

  /// Those where something may be taken, the one with most first.
  var racks: [RackNumber] {
    func most(_ rack: RackNumber) -> Int64 {
      (used[rack] ?? [:]).reduce(0) { $0 + $1.value.minimum(left[$1.key] ?? .zero).cpuMillis }
    }
    return used.keys.filter { most($0) > 0 }.sorted { (most($1), $0) < (most($0), $1) }
  }

  /// What may be taken from each role on a rack: the same for all that is gathered there, and not asked for elsewhere.
  mutating func takes(from rack: RackNumber, _ roles: inout RoleNumbers) -> [HoldOrder.Take] {
    if let granted = granted[rack] { return granted }
    var takes: [HoldOrder.Take] = []
    for (role, amount) in (used[rack] ?? [:]).sorted(by: { $0.key < $1.key }) {
      let most = amount.minimum(left[role] ?? .zero)
      guard most.cpuMillis > 0 || most.memory > 0 else { continue }
      takes.append(HoldOrder.Take(role: roles.number(of: role), most: most))
      left[role, default: .zero] -= most
    }
    if !takes.isEmpty { granted[rack] = takes }
    return takes
  }
}
