/// What is set of a role; the rest stays as it is.
package struct RoleChange: Hashable, Sendable {
  package var name: String
  package var weight: Double?
  package var guarantee: Quota?
  package var limit: Quota?

  package enum Quota: Hashable, Sendable {
    case none
    /// `Int64.max` of a resource that is not named.
    case amounts(Resources)
  }

  package init(name: String, weight: Double? = nil, guarantee: Quota? = nil, limit: Quota? = nil) {
    self.name = name
    self.weight = weight
    self.guarantee = guarantee
    self.limit = limit
  }

  package func applied(to role: Role) -> Role {
    var role = role
    if let weight { role.weight = weight }
    switch guarantee {
    case .amounts(let amounts)?: role.guarantee = amounts
    case Quota.none?: role.guarantee = nil
    case nil: break
    }
    switch limit {
    case .amounts(let amounts)?: role.limit = amounts
    case Quota.none?: role.limit = .unlimited
    case nil: break
    }
    return role
  }

  /// Refuses what no role can have, whatever the cluster.
  package func validate() throws(Refusal) {
    try TaskName.validate(name, of: "role", field: "role")
    if let weight, !(weight > 0 && weight <= Self.weightMax) {
      throw Refusal(
        .invalid,
        field: "weight",
        "weight \(weight) is not above 0 and at most \(Int(Self.weightMax)). A role of weight 2 is due twice what one of weight "
          + "1 is."
      )
    }
    for (field, quota) in [("guarantee", guarantee), ("limit", limit)] {
      if case .amounts(let amounts)? = quota, !amounts.isNonNegative {
        throw Refusal(.invalid, field: field, "\(field): an amount is below 0. Name amounts, or `none`.")
      }
    }
    if weight == nil, guarantee == nil, limit == nil {
      throw Refusal(
        .invalid,
        field: "role",
        "nothing is set of role \(name.quoted). Set its weight, guarantee or limit."
      )
    }
  }

  private static let weightMax = 1_000_000.0
}

extension RoleChange.Quota {
  /// `none`, or amounts such as `cpus=64,memory=256GiB`.
  package init(parsing text: String, field: String) throws(Refusal) {
    if text == "none" {
      self = .none
      return
    }
    var amounts = Resources.unlimited
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard pair.count == 2 else { throw Self.notAmounts(text, field) }
      switch pair[0] {
      case "cpus": amounts.cpuMillis = try Quantity.cpuMillis(pair[1], field: "\(field).cpus")
      case "memory": amounts.memory = try Quantity.bytes(pair[1], field: "\(field).memory")
      case "disk": amounts.disk = try Quantity.bytes(pair[1], field: "\(field).disk")
      default: throw Self.notAmounts(text, field)
      }
    }
    self = .amounts(amounts)
  }

  private static func notAmounts(_ text: String, _ field: String) -> Refusal {
    Refusal(
      .invalid,
      field: field,
      "\(text.quoted) is no list of amounts. Write cpus, memory and disk as in \"cpus=64,memory=256GiB\", or \"none\"."
    )
  }
}
