/// How long tasks take that only seem to run: a time, or a distribution of times.
package enum RunTimes: Hashable, Sendable {
  case always(TimeSpan)
  case uniform(ClosedRange<TimeSpan>)
  case exponential(mean: TimeSpan)

  /// `100ms`, `uniform:1s-5s` or `exponential:2s`.
  package init(parsing text: String, field: String) throws(Refusal) {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    switch (parts.first, parts.count) {
    case ("uniform", 2):
      let ends = parts[1].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
      guard ends.count == 2 else { throw Self.refusal(of: text, field) }
      let (least, most) = (
        try Quantity.duration(ends[0], field: field), try Quantity.duration(ends[1], field: field)
      )
      guard least <= most else {
        throw Refusal(
          .invalid,
          field: field,
          "\(text.quoted) has its longer time first. Write \"uniform:\(ends[1])-\(ends[0])\"."
        )
      }
      self = .uniform(least...most)
    case ("exponential", 2): self = .exponential(mean: try Quantity.duration(parts[1], field: field))
    case ("uniform", _), ("exponential", _): throw Self.refusal(of: text, field)
    default:
      guard let first = text.utf8.first, first < UInt8(ascii: "A") else {
        throw Self.refusal(of: text, field)
      }
      self = .always(try Quantity.duration(text, field: field))
    }
  }

  private static func refusal(of text: String, _ field: String) -> Refusal {
    Refusal(
      .invalid,
      field: field,
      "\(text.quoted) says no run time. Write a time such as \"100ms\", \"uniform:1s-5s\" or \"exponential:2s\"."
    )
  }

  package func draw(_ chance: inout SeededRandom) -> TimeSpan {
    switch self {
    case .always(let time): time
    case .uniform(let range):
      TimeSpan(
        microseconds: Int64.random(
          in: range.lowerBound.microseconds...range.upperBound.microseconds,
          using: &chance
        )
      )
    case .exponential(let mean):
      TimeSpan(microseconds: Int64(Double(mean.microseconds) * Self.exponential(&chance)))
    }
  }

  /// With mean 1, by comparisons alone: von Neumann, "Various Techniques Used in Connection With Random Digits" (1951). The
  /// model has no logarithm.
  ///
  /// That the first of a falling run of uniform numbers stays the largest for an even number of draws has, if it is x, the
  /// probability e^-x.
  private static func exponential(_ chance: inout SeededRandom) -> Double {
    var whole = 0.0
    while true {
      let first = chance.fraction()
      var last = first
      var draws = 1
      while true {
        let next = chance.fraction()
        draws += 1
        if next >= last { break }
        last = next
      }
      if draws.isMultiple(of: 2) { return whole + first }
      whole += 1
    }
  }
}
