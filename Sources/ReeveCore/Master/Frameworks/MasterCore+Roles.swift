import ReeveModel

// What operators say of roles and frameworks.
extension MasterCore {
  mutating func set(_ change: RoleChange, into effects: inout [MasterEffect]) throws(Refusal) -> Int {
    let role = change.applied(to: durable.frameworks.role(named: change.name))
    try check(role)
    commit(.roleSet(role), into: &effects)
    return 0
  }

  /// Refuses guarantees that the cluster could not keep, and a limit below its guarantee.
  private func check(_ role: Role) throws(Refusal) {
    guard let guarantee = role.guarantee else { return }
    for (name, least, most) in Self.amounts(guarantee, role.limit) where least != .max && least > most {
      throw Refusal(
        .invalid,
        field: "guarantee",
        "role \(role.name.quoted) is guaranteed more \(name) than its limit allows. Raise the limit, or guarantee less."
      )
    }
    let total = clusterTotal
    guard total != .zero else { return }
    let others = durable.frameworks.roles.values.filter { $0.name != role.name }.compactMap(\.guarantee)
    let all = (others + [guarantee]).reduce(Resources.zero) { $0 + $1.finite }
    for (name, wanted, there) in Self.amounts(all, total) where wanted > there {
      throw Refusal(
        .invalid,
        field: "guarantee",
        "all guarantees together come to \(Self.text(all)), and the cluster has \(Self.text(total)): \(name) would be short. "
          + "Guarantee less."
      )
    }
  }

  private static func amounts(_ a: Resources, _ b: Resources) -> [(name: String, Int64, Int64)] {
    [("cpus", a.cpuMillis, b.cpuMillis), ("memory", a.memory, b.memory), ("disk", a.disk, b.disk)]
  }

  mutating func forgetRole(_ name: String, into effects: inout [MasterEffect]) throws(Refusal) -> Int {
    guard durable.frameworks.roles[name] != nil else {
      throw Refusal(
        .notFound,
        field: "role",
        "Nothing was set of role \(name.quoted). `reeve roles` lists what there is."
      )
    }
    commit(.roleForgotten(name), into: &effects)
    return 0
  }

  /// - Returns: how many of its tasks had not ended.
  mutating func removeFramework(
    _ id: JobID,
    at now: Now,
    into effects: inout [MasterEffect]
  ) throws(Refusal) -> Int {
    guard let number = durable.frameworks[id], !durable.frameworks[number].isRemoved else {
      throw Refusal(
        .notFound,
        field: "framework",
        "There is no framework \(id.text.quoted). `reeve frameworks` lists what there is."
      )
    }
    let session = accounts[number].session
    let count = durable.jobs.counts(of: durable.frameworks[number].job).unfinished
    remove(number, at: now, into: &effects)
    if let session {
      let refusal = Refusal(.conflict, field: "framework", "Framework \"\(id)\" was removed by an operator.")
      effects.append(.refuseFramework(session, refusal))
    }
    return count
  }
}
