import ReeveModel

// Who has had what, against what was due.
extension MasterCore {
  mutating func noteShares(at now: Instant) {
    guard roleShares.isDue(at: now) else { return }
    let due = fairDivision().roles
    let total = clusterTotal
    var roles: [String: SharePair] = [:]
    for name in durable.frameworks.roleNames {
      roles[name] = SharePair(share: use(ofRole: name).dominantShare(of: total), fairShare: due[name] ?? 0)
    }
    roleShares.note(roles, at: now)
    userShares.note(userShares(of: total), at: now)
  }

  /// Of users who have something: what they have together is divided by what each is due beside the others.
  private func userShares(of total: Resources) -> [String: SharePair] {
    let users = durable.jobs.users.active
    let all = users.reduce(Resources.zero) { $0 + $1.used }.dominantShare(of: total)
    let dues = users.map { durable.policy.criteria.due(of: $0.name) }
    let sum = dues.reduce(0, +)
    return Dictionary(
      zip(users, dues).map { user, due in
        (
          user.name,
          SharePair(share: user.used.dominantShare(of: total), fairShare: sum > 0 ? all * due / sum : 0)
        )
      }
    ) { first, _ in first }
  }

  func userViews(at now: Instant) -> [UserView] {
    let shares = userShares(of: clusterTotal)
    return durable.jobs.users.active.sorted { $0.name < $1.name }.map { user in
      UserView(
        name: user.name,
        used: user.used,
        now: shares[user.name] ?? SharePair(),
        history: userShares.history(of: user.name, at: now)
      )
    }
  }

  /// The smallest shape that a role waits for, where it has less than it is due.
  func smallestBlocked(of members: [FrameworkNumber], at now: Instant) -> BlockedShape? {
    let total = clusterTotal
    var smallest: (share: Double, shape: BlockedShape)?
    for number in members where contenders.contains(number) {
      let shapes =
        number == .batch
        ? batch.readyShapes
        : accounts[number].returned.shapes + accounts[number].demands.filter { $0.isOn(at: now) }.map(\.shape)
      for shape in shapes {
        let resources = batch.resources[shape.index]
        let share = resources.dominantShare(of: total)
        guard smallest.map({ share < $0.share }) ?? true else { continue }
        smallest = (share, BlockedShape(framework: durable.frameworks[number].info.id, resources: resources))
      }
    }
    return smallest?.shape
  }

  /// Attempts that had to make room: what they have done was for nothing.
  mutating func noteWasted(_ ends: [TaskEnd]) {
    for end in ends where end.reason == .preempted {
      guard let known = durable.active[end.task] else { continue }
      let role = durable.frameworks[durable.jobs[known.job].framework].info.role
      let cores = durable.templates[known.template.index].resources.cpuMillis
      let span = end.started == .none ? 0 : max(0, end.runTime.microseconds)
      let before = wasted[role] ?? WastedWork()
      wasted[role] = WastedWork(
        preempted: before.preempted + 1,
        coreTime: TimeSpan(microseconds: before.coreTime.microseconds + cores * span / 1_000)
      )
    }
  }
}
