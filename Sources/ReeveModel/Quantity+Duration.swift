extension Quantity {
  /// A length of time: `90s`, `10m`, `1h30m`, `1.5h`, `250ms`, `2d`, or by the clock `1:00:00` and
  /// `2-12:00:00`.
  package static func duration(_ text: String, field: String) throws(Refusal) -> TimeSpan {
    if text.utf8.contains(UInt8(ascii: ":")) { return try clockDuration(text, field) }
    var rest = Substring(text).utf8
    var total: Int64 = 0
    var smallest = Int64.max
    repeat {
      guard let amount = ExactDecimal(takenFrom: &rest) else { throw notADuration(text, field) }
      try refuseNegative(amount, text.quoted, field, timeExamples)
      let unit = takeUnit(from: &rest)
      if unit.isEmpty && rest.isEmpty && smallest == .max { throw withoutUnit(text, field) }
      // From large to small, each once: in `1m1h` and `1m1m` something was mistyped.
      guard let scale = scale(ofTimeUnit: unit), scale < smallest else { throw notADuration(text, field) }
      smallest = scale
      total = try sum(total, amount.scaled(by: scale), shown: text.quoted, field)
    } while !rest.isEmpty
    return TimeSpan(microseconds: total)
  }

  /// A number of seconds as it stands in a file, without quotes: `90`, `0.25`.
  package static func duration(number text: String, field: String) throws(Refusal) -> TimeSpan {
    guard let amount = ExactDecimal(text) else { throw notADuration(text, field) }
    try refuseNegative(amount, text, field, timeExamples)
    return TimeSpan(microseconds: try sum(0, amount.scaled(by: 1_000_000), shown: text, field))
  }

  private static let timeExamples = #"Write a time such as "90s", "10m", "1h30m" or "1:00:00"."#

  private static func notADuration(_ text: String, _ field: String) -> Refusal {
    Refusal(.invalid, field: field, "\(text.quoted) is no length of time. \(timeExamples)")
  }

  private static func withoutUnit(_ text: String, _ field: String) -> Refusal {
    Refusal(
      .invalid,
      field: field,
      """
      \(text.quoted) has no unit. Write \((text + "s").quoted) or \((text + "m").quoted); \
      only a number without quotes in a file counts seconds.
      """
    )
  }

  private static func sum(
    _ total: Int64,
    _ more: Int64?,
    shown: @autoclosure () -> String,
    _ field: String
  ) throws(Refusal) -> Int64 {
    if let more {
      let (sum, overflow) = total.addingReportingOverflow(more)
      if !overflow && sum <= Limits.timeLimit.microseconds { return sum }
    }
    throw Refusal(.invalid, field: field, "\(shown()) is more than ten years. \(timeExamples)")
  }

  private static func takeUnit(from text: inout Substring.UTF8View) -> String {
    let unit = text.prefix { $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z") }
    text.removeFirst(unit.count)
    while text.first == UInt8(ascii: " ") { text.removeFirst() }
    return String(Substring(unit))
  }

  /// Microseconds.
  private static func scale(ofTimeUnit unit: String) -> Int64? {
    switch unit.lowercased() {
    case "us": 1
    case "ms": 1_000
    case "s", "sec": 1_000_000
    case "m", "min": 60_000_000
    case "h": 3_600_000_000
    case "d": 86_400_000_000
    default: nil
    }
  }

  /// `[DAYS-]HOURS:MINUTES:SECONDS`. Two parts could be hours or minutes, and are refused.
  private static func clockDuration(_ text: String, _ field: String) throws(Refusal) -> TimeSpan {
    var clock = text.split(separator: ":", omittingEmptySubsequences: false)
    if clock.count == 2 {
      throw Refusal(
        .invalid,
        field: field,
        "\(text.quoted) could mean hours or minutes. Write \((text + ":00").quoted) or \(("0:" + text).quoted)."
      )
    }
    var scales: [Int64] = [3_600_000_000, 60_000_000, 1_000_000]
    let dayParts = clock[0].split(separator: "-", omittingEmptySubsequences: false)
    if dayParts.count == 2 {
      clock.replaceSubrange(0..<1, with: dayParts)
      scales.insert(86_400_000_000, at: 0)
    }
    guard clock.count == scales.count else { throw notADuration(text, field) }
    var total: Int64 = 0
    for (i, (part, scale)) in zip(clock, scales).enumerated() {
      guard let amount = clockPart(part, isLast: i == scales.count - 1),
        i == 0 || (amount.scaled(by: 1_000_000) ?? .max) < (scale == 3_600_000_000 ? 24 : 60) * 1_000_000
      else { throw notADuration(text, field) }
      total = try sum(total, amount.scaled(by: scale), shown: text.quoted, field)
    }
    return TimeSpan(microseconds: total)
  }

  /// Digits alone; only seconds have a fraction.
  private static func clockPart(_ text: Substring, isLast: Bool) -> ExactDecimal? {
    let isPlain = text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 || isLast && $0 == UInt8(ascii: ".") }
    return isPlain ? ExactDecimal(String(text)) : nil
  }
}
