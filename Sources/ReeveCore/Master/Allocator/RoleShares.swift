package import ReeveModel

/// Whose turn it is: weighted Dominant Resource Fairness by progressive filling (Ghodsi et al., "Dominant Resource Fairness:
/// Fair Allocation of Multiple Resource Types", NSDI 2011, §4), over roles by their weights and over the frameworks of a role
/// alike.
///
/// A role that is below its guarantee goes before those that are not; none gets beyond its limit.
package struct RoleShares: Sendable {
  private var total: Resources
  private var roles: [RoleAccount] = []
  private var accounts: [Account] = []

  private struct RoleAccount: Sendable {
    let role: Role
    var use = Resources.zero
    /// Dominant, by weight.
    var share = 0.0
    var isBelowGuarantee = false
    /// Accounts that may still get something.
    var openCount = 0
  }

  private struct Account: Sendable {
    let framework: FrameworkNumber
    let role: Int
    var use: Resources
    var share: Double
    var isOpen: Bool
  }

  /// - Parameter total: what all nodes have together.
  package init(of total: Resources) { self.total = total }

  /// One more, with nothing yet and without a wish for more; each once, in the order of their numbers.
  package mutating func add(_ framework: FrameworkNumber, of role: Role) {
    let place = roles.firstIndex { $0.role.name == role.name } ?? roles.count
    if place == roles.count { roles.append(RoleAccount(role: role)) }
    accounts.append(Account(framework: framework, role: place, use: .zero, share: 0, isOpen: false))
  }

  /// Begins a round, with nobody asking for more yet.
  package mutating func begin(of total: Resources) {
    self.total = total
    for i in roles.indices { (roles[i].use, roles[i].openCount) = (.zero, 0) }
  }

  /// Says of one what it has by now. After all are told, `open` says who goes first.
  package mutating func tell(_ place: Int, use: Resources, wants: Bool) {
    accounts[place].use = use
    accounts[place].share = use.dominantShare(of: total)
    accounts[place].isOpen = wants
    roles[accounts[place].role].use += use
    roles[accounts[place].role].openCount += wants ? 1 : 0
  }

  package mutating func open() { for i in roles.indices { reckon(i) } }

  private mutating func reckon(_ place: Int) {
    let (role, use) = (roles[place].role, roles[place].use)
    roles[place].share = use.dominantShare(of: total) / role.weight
    roles[place].isBelowGuarantee = role.isBelowGuarantee(use)
  }

  private func place(of framework: FrameworkNumber) -> Int? {
    let place = accounts.partitioningIndex { $0.framework >= framework }
    return place < accounts.count && accounts[place].framework == framework ? place : nil
  }

  /// Of those that want more, the one that has least of what it is due.
  package var next: FrameworkNumber? {
    guard let role = firstRole(besides: nil), let account = firstAccount(of: role, besides: nil) else {
      return nil
    }
    return accounts[account].framework
  }

  /// Those that want more, the one that has least first.
  package var inOrder: [FrameworkNumber] {
    accounts.indices.filter { accounts[$0].isOpen }
      .sorted { a, b in
        let (first, second) = (accounts[a].role, accounts[b].role)
        return first == second ? goesBefore(account: a, b) : goesBefore(role: first, second)
      }.map { accounts[$0].framework }
  }

  private func goesBefore(role a: Int, _ b: Int) -> Bool {
    if roles[a].isBelowGuarantee != roles[b].isBelowGuarantee { return roles[a].isBelowGuarantee }
    return (roles[a].share, a) < (roles[b].share, b)
  }

  private func goesBefore(account a: Int, _ b: Int) -> Bool {
    (accounts[a].share, accounts[a].framework) < (accounts[b].share, accounts[b].framework)
  }

  private func firstRole(besides other: Int?) -> Int? {
    var first: Int?
    for i in roles.indices where roles[i].openCount > 0 && i != other {
      if first.map({ goesBefore(role: i, $0) }) ?? true { first = i }
    }
    return first
  }

  private func firstAccount(of role: Int, besides other: Int?) -> Int? {
    var first: Int?
    for i in accounts.indices where accounts[i].isOpen && accounts[i].role == role && i != other {
      if first.map({ goesBefore(account: i, $0) }) ?? true { first = i }
    }
    return first
  }

  /// How many of a shape a framework may get before it is another's turn: until it has more than the next, and within its
  /// role's limit. None where that is reached.
  package func allowance(of framework: FrameworkNumber, for shape: Resources) -> Int {
    guard let account = place(of: framework) else { return 0 }
    let place = accounts[account].role
    let role = roles[place].role
    let most = shape.count(in: role.limit - roles[place].use)
    guard most > 0 else { return 0 }
    var turn = Int.max
    if let next = firstAccount(of: place, besides: account) {
      turn = Self.count(
        from: accounts[account].share,
        past: accounts[next].share,
        shape.dominantShare(of: total)
      )
    }
    if let next = firstRole(besides: place) {
      if roles[place].isBelowGuarantee, let guarantee = role.guarantee {
        turn = min(turn, max(1, shape.count(in: guarantee - roles[place].use)))
      } else {
        let step = shape.dominantShare(of: total) / role.weight
        turn = min(turn, Self.count(from: roles[place].share, past: roles[next].share, step))
      }
    }
    return min(most, turn)
  }

  /// How many steps it takes to get past a share.
  private static func count(from share: Double, past next: Double, _ step: Double) -> Int {
    guard step > 0 else { return 1 }
    let steps = (next - share) / step
    return steps < 1e9 ? max(0, Int(steps)) + 1 : Int.max
  }

  /// A framework has got so much more.
  package mutating func take(_ resources: Resources, _ framework: FrameworkNumber) {
    guard let i = place(of: framework) else { return }
    accounts[i].use += resources
    accounts[i].share = accounts[i].use.dominantShare(of: total)
    roles[accounts[i].role].use += resources
    reckon(accounts[i].role)
  }

  /// A framework can get nothing more for now.
  package mutating func close(_ framework: FrameworkNumber) {
    guard let i = place(of: framework), accounts[i].isOpen else { return }
    accounts[i].isOpen = false
    roles[accounts[i].role].openCount -= 1
  }
}
