/// Amounts as people write them: sizes, cores and lengths of time.
///
/// In quotes an amount carries its unit; a bare number in a file counts bytes, cores or seconds. All are read
/// exactly and rounded up to whole bytes, thousandths of a core and microseconds. Refusals name the field,
/// the value and what would be right. What a task may ask for is looked at by `JobSpec.validate`; here only
/// what no task can.
package enum Quantity {
  /// Bytes: `512MiB`, `1.5 GiB`, `2G`, `100MB`, `7B`.
  ///
  /// `K M G T P E` alone and with `i` or `iB` go in steps of 1024, with `B` alone in steps of 1000. Case is
  /// ignored.
  package static func bytes(_ text: String, field: String) throws(Refusal) -> Int64 {
    guard let (amount, unit) = split(text) else { throw notASize(text, field) }
    if unit.isEmpty {
      throw Refusal(
        .invalid,
        field: field,
        """
        \(text.quoted) has no unit. Write \((text + "MiB").quoted) or \((text + "B").quoted); \
        only a number without quotes in a file counts bytes.
        """
      )
    }
    guard let scale = scale(ofSizeUnit: unit) else { throw notASize(text, field) }
    return try bytes(amount, scale, shown: text.quoted, field)
  }

  /// A number of bytes as it stands in a file, without quotes: `1048576`, `1e9`.
  package static func bytes(number text: String, field: String) throws(Refusal) -> Int64 {
    guard let amount = ExactDecimal(text) else { throw notASize(text, field) }
    return try bytes(amount, 1, shown: text, field)
  }

  /// Thousandths of a core: `2`, `0.5`, `500m`; with or without quotes.
  package static func cpuMillis(_ text: String, field: String) throws(Refusal) -> Int64 {
    guard let (amount, unit) = split(text), unit.isEmpty || unit == "m" else {
      throw Refusal(.invalid, field: field, "\(text.quoted) is no number of cores. \(cpuExamples)")
    }
    try refuseNegative(amount, text.quoted, field, cpuExamples)
    guard let millis = amount.scaled(by: unit == "m" ? 1 : 1_000), millis <= Limits.cpuMillis else {
      throw Refusal(
        .invalid,
        field: field,
        "\(text.quoted) is more than a million cores. \(cpuExamples)"
      )
    }
    return millis
  }

  /// Refuses what is below zero; a zero is for the caller to judge.
  static func refuseNegative(
    _ amount: ExactDecimal,
    _ shown: @autoclosure () -> String,
    _ field: String,
    _ examples: String
  ) throws(Refusal) {
    guard amount.isNegative, !amount.isZero else { return }
    throw Refusal(.invalid, field: field, "\(shown()) is negative. \(examples)")
  }

  /// A number off the front, and what follows it without blanks between.
  static func split(_ text: String) -> (ExactDecimal, unit: String)? {
    var rest = Substring(text).utf8
    guard let amount = ExactDecimal(takenFrom: &rest) else { return nil }
    while rest.first == UInt8(ascii: " ") { rest.removeFirst() }
    return (amount, String(Substring(rest)))
  }

  private static let cpuExamples =
    #"Write a number of cores such as 2 or 0.5, or thousandths such as "500m"."#
  private static let sizeExamples = #"Write a size such as "512MiB", "1.5GiB" or "100MB"."#

  private static func notASize(_ text: String, _ field: String) -> Refusal {
    Refusal(.invalid, field: field, "\(text.quoted) is no size. \(sizeExamples)")
  }

  private static func bytes(
    _ amount: ExactDecimal,
    _ scale: Int64,
    shown: @autoclosure () -> String,
    _ field: String
  ) throws(Refusal) -> Int64 {
    try refuseNegative(amount, shown(), field, sizeExamples)
    guard let bytes = amount.scaled(by: scale), bytes <= Limits.bytes else {
      throw Refusal(.invalid, field: field, "\(shown()) is more than 1EiB. \(sizeExamples)")
    }
    return bytes
  }

  private static func scale(ofSizeUnit unit: String) -> Int64? {
    let unit = unit.lowercased()
    if unit == "b" { return 1 }
    guard let letter = unit.first, let power = "kmgtpe".firstIndex(of: letter) else { return nil }
    let step: Int64
    switch unit.dropFirst() {
    case "", "i", "ib": step = 1_024
    case "b": step = 1_000
    default: return nil
    }
    let count = "kmgtpe".distance(from: "kmgtpe".startIndex, to: power)
    return (0..<count).reduce(step) { scale, _ in scale * step }
  }
}
