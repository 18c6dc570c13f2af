package import ReeveModel

/// What each user has of the cluster, by what the user is due.
struct FairShares: Sendable {
  private var accounts: [UserNumber: UserAccount] = [:]
  var total = Resources.zero

  init() {}

  mutating func set(_ account: UserAccount, of user: UserNumber) { accounts[user] = account }
  mutating func add(_ resources: Resources, to user: UserNumber) {
    accounts[user, default: UserAccount()].used += resources
  }

  subscript(user: UserNumber) -> Double { (accounts[user] ?? UserAccount()).share(of: total) }

  /// By how much a user's share grows with so much more.
  func growth(_ resources: Resources, of user: UserNumber) -> Double {
    var account = accounts[user] ?? UserAccount()
    let share = account.share(of: total)
    account.used += resources
    return account.share(of: total) - share
  }
}

/// What a user has of the cluster, and what the user is due beside others.
package struct UserAccount: Sendable {
  package var used: Resources
  package var due: Double

  package init(used: Resources = .zero, due: Double = 1) { (self.used, self.due) = (used, due) }

  /// The dominant share: of the resource of which the user has most, by what the user is due.
  func share(of total: Resources) -> Double { used.dominantShare(of: total) / due }
}
