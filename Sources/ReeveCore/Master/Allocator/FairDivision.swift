package import ReeveModel

/// What each is due of a divisible cluster by weighted Dominant Resource Fairness: all shares grow together, each by its
/// weight, until its demand is met or a resource that it needs is used up (progressive filling; Ghodsi et al., NSDI 2011,
/// §4.1).
///
/// It knows neither nodes nor whole tasks, so that it says what is fair, and not what fits.
package struct FairDivision: Sendable {
  package struct Claim: Sendable {
    package var weight: Double
    /// What it would have if it got all that it wants.
    package var wanted: Resources
    /// Its share is never above this one.
    package var shareMax: Double

    package init(weight: Double, wanted: Resources, shareMax: Double = .infinity) {
      self.weight = weight
      self.wanted = wanted
      self.shareMax = shareMax
    }
  }

  /// Divides it.
  /// - Parameters:
  ///   - total: what shares are of.
  ///   - available: the part of it that is divided; `nil` is all.
  ///   - claims: who divides it.
  /// - Returns: the dominant share that each claim is due.
  /// - Complexity: O(claims²): each step ends the growth of one at least.
  package static func shares(
    of total: Resources,
    available: Resources? = nil,
    among claims: [Claim]
  ) -> [Double] {
    let totals = amounts(total)
    // Of each claim, what a dominant share of 1 takes of each resource, as a part of all there is of it.
    let rates = claims.map { claim in
      let parts = zip(amounts(claim.wanted), totals).map { $1 > 0 ? $0 / $1 : 0 }
      let dominant = parts.max() ?? 0
      return dominant > 0 ? parts.map { $0 / dominant } : parts
    }
    let limits = claims.map { min($0.wanted.dominantShare(of: total), $0.shareMax) }
    var shares = claims.map { _ in 0.0 }
    var left = zip(amounts(available ?? total), totals).map { $1 > 0 ? $0 / $1 : 0 }
    var growing = claims.indices.filter { limits[$0] > 0 }
    while !growing.isEmpty {
      var step = growing.map { (limits[$0] - shares[$0]) / claims[$0].weight }.min() ?? 0
      let growth = left.indices.map { r in growing.reduce(0) { $0 + claims[$1].weight * rates[$1][r] } }
      for r in left.indices where growth[r] > 0 { step = min(step, left[r] / growth[r]) }
      for i in growing { shares[i] += step * claims[i].weight }
      for r in left.indices { left[r] -= step * growth[r] }
      growing.removeAll { i in
        limits[i] - shares[i] < precision
          || left.indices.contains { rates[i][$0] > 0 && left[$0] < precision }
      }
    }
    return shares
  }

  private static let precision = 1e-9

  private static func amounts(_ resources: Resources) -> [Double] {
    [Double(resources.cpuMillis), Double(resources.memory), Double(resources.disk)]
  }
}
