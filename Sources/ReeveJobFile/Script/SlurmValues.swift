package import ReeveModel

/// The indices of an array of tasks: `0-9`, `1,3,5`, `1-100:7`, and with `%4` at most so many at a time.
package struct SlurmArray: Hashable, Sendable {
  package struct Part: Hashable, Sendable {
    package var first: Int
    package var last: Int
    package var step: Int
  }

  package var parts: [Part]
  package var mostAtATime: Int?
}

/// A job that must have ended, and how: `afterok:ID`.
package struct SlurmDependency: Hashable, Sendable {
  package enum Condition: String, CaseIterable, Sendable {
    case succeeded = "afterok"
    case failed = "afternotok"
    case ended = "afterany"
    /// Task for task of two arrays: each waits for the one with its index.
    case sameIndexSucceeded = "aftercorr"
  }

  package var condition: Condition
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

  func array() throws(Refusal) -> SlurmArray {
    let halves = value.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
    var array = SlurmArray(parts: [], mostAtATime: nil)
    if halves.count == 2 {
      guard let most = index(halves[1]), most > 0 else { throw noArray() }
      array.mostAtATime = most
    }
    for part in (halves.first ?? "").split(separator: ",", omittingEmptySubsequences: false) {
      let stepped = part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let ends = (stepped.first ?? "").split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      guard let first = ends.first.flatMap(index), let last = ends.last.flatMap(index), first <= last,
        let step = stepped.count == 1 ? 1 : index(stepped[1]), step > 0, stepped.count == 1 || ends.count == 2
      else { throw noArray() }
      array.parts.append(.init(first: first, last: last, step: step))
    }
    return array
  }

  private func index(_ text: some StringProtocol) -> Int? {
    guard !text.isEmpty, let index = Self.whole(text), index < Limits.tasks else { return nil }
    return Int(index)
  }

  private func noArray() -> Refusal {
    refusal(
      "\(value.quoted) is no array. Write indices from 0 to \(Limits.tasks - 1), such as 0-9, 1,3,5 or 1-100:7%4."
    )
  }

  /// `afterok:ID[:ID…][,afterany:ID…]`.
  func dependencies() throws(Refusal) -> [SlurmDependency] {
    var found: [SlurmDependency] = []
    for part in value.split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(separator: ":", omittingEmptySubsequences: false)
      guard let first = words.first, words.count > 1,
        let condition = SlurmDependency.Condition(rawValue: String(first))
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
        found.append(SlurmDependency(condition: condition, job: job))
      }
    }
    return found
  }
}
