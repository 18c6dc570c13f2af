/// Who shares the cluster: frameworks belong to a role each, and roles share it by their weights.
package struct Role: Hashable, Sendable {
  package var name: String
  /// Above zero. A role of weight 2 is due twice what one of weight 1 is.
  package var weight: Double
  /// What the role gets before others get more than that; `nil` is nothing. `Int64.max` of a resource stands for one that is
  /// not guaranteed apart: whatever goes with the others.
  package var guarantee: Resources?
  /// What it never gets more of; `Int64.max` of a resource is no limit.
  package var limit: Resources

  package init(
    name: String,
    weight: Double = 1,
    guarantee: Resources? = nil,
    limit: Resources = .unlimited
  ) {
    self.name = name
    self.weight = weight
    self.guarantee = guarantee
    self.limit = limit
  }

  /// Of frameworks that name none.
  package static let defaultName = "default"
  /// Of the built-in batch framework.
  package static let batchName = "batch"

  /// Whether it has less of all that it is guaranteed.
  package func isBelowGuarantee(_ use: Resources) -> Bool {
    guarantee.map { use.cpuMillis < $0.cpuMillis && use.memory < $0.memory && use.disk < $0.disk } ?? false
  }

  package func allows(_ use: Resources, and more: Resources) -> Bool { (use + more).fits(in: limit) }
}

extension Resources {
  /// More than anything.
  package static let unlimited = Resources(cpuMillis: .max, memory: .max, disk: .max)

  /// With nothing where more than anything is meant.
  package var finite: Resources {
    Resources(
      cpuMillis: cpuMillis == .max ? 0 : cpuMillis,
      memory: memory == .max ? 0 : memory,
      disk: disk == .max ? 0 : disk
    )
  }

  /// The largest share of a total that any of the amounts is: the dominant share (Ghodsi et al., "Dominant Resource Fairness",
  /// NSDI 2011). What there is none of counts as nothing.
  package func dominantShare(of total: Resources) -> Double {
    func share(_ amount: Int64, _ total: Int64) -> Double {
      total > 0 ? Double(amount) / Double(total) : 0
    }
    return max(
      share(cpuMillis, total.cpuMillis),
      share(memory, total.memory),
      share(disk, total.disk)
    )
  }
}
