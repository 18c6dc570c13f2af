package import ReeveModel

/// A job that must have ended, and how: `afterok:ID`.
package struct SlurmDependency: Hashable, Sendable {
  package var kind: DependencyKind
  package var job: JobID
}

extension SlurmGiven {
  /// Minutes, `MM:SS`, `HH:MM:SS`, `D-HH`, `D-HH:MM` or `D-HH:MM:SS`; `nil` for no limit.
  func time() throws(Refusal) -> TimeSpan? {
    if ["0", "infinite", "unlimited"].contains(value.lowercased()) { return nil }
    let days = value.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let clock = (days.last ?? "").split(separator: ":", omittingEmptySubsequences: false)
    let scales: [Int64]? =
      switch (days.count, clock.count) {
      case (1, 1): [60]
      case (1, 2): [60, 1]
      case (_, 1): [3_600]
      case (2, 2): [3_600, 60]
      case (_, 3): [3_600, 60, 1]
      default: nil
      }
    guard let scales else { throw noTime() }
    var seconds: Int64 = 0
    let parts = days.dropLast().map { ($0, Int64(86_400)) } + zip(clock, scales)
    for (part, scale) in parts {
      guard !part.isEmpty, let amount = Self.whole(part) else { throw noTime() }
      let (product, overflow) = amount.multipliedReportingOverflow(by: scale)
      guard !overflow, product <= Limits.timeLimit.microseconds / 1_000_000 else {
        throw refusal("\(value.quoted) is more than ten years. Leave it out for no limit.")
      }
      seconds += product
    }
    guard seconds > 0 else { throw noTime() }
    return .seconds(seconds)
  }

  private func noTime() -> Refusal {
    refusal(
      "\(value.quoted) is no time. Write it as Slurm does: minutes, such as 90, or 1:30:00, or 2-12:00:00."
    )
  }

  /// The indices of an array, which are written here as there.
  func array() throws(Refusal) -> String {
    do throws(Refusal) { _ = try TaskArray.parse(value, field: "") } catch { throw refusal(error.message) }
    return value
  }

  private static let kinds: [String: DependencyKind] = [
    "afterany": DependencyKind(.ended), "afterok": DependencyKind(.succeeded),
    "afternotok": DependencyKind(.failed), "aftercorr": DependencyKind(.succeeded, isEach: true),
  ]

  /// `afterok:ID[:ID…][,afterany:ID…]`.
  func dependencies() throws(Refusal) -> [SlurmDependency] {
    var found: [SlurmDependency] = []
    for part in value.split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(separator: ":", omittingEmptySubsequences: false)
      guard let first = words.first, words.count > 1,
        let kind = Self.kinds[String(first)]
      else {
        throw refusal(
          """
          \(String(part).quoted) is no dependency that Reeve knows. Write afterok:JOB, afternotok:JOB, afterany:JOB or \
          aftercorr:JOB, with commas between several.
          """
        )
      }
      for word in words.dropFirst() {
        let job = JobID(String(word))
        do throws(Refusal) { try job.validate() } catch { throw refusal(error.message) }
        found.append(SlurmDependency(kind: kind, job: job))
      }
    }
    return found
  }
}
