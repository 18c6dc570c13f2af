extension Quantity {
  /// A size that `bytes` reads back as it was: in the largest unit that shows it exactly with two decimals.
  package static func text(bytes: Int64) -> String {
    for (unit, shift) in [("EiB", 60), ("PiB", 50), ("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)] {
      let scale = Int64(1) << Int64(shift)
      guard bytes.magnitude >= UInt64(scale) else { continue }
      // A quarter is the finest part of a power of two that two decimals show.
      if bytes % (scale / 4) == 0 {
        return hundredths(whole: bytes / scale, (bytes % scale) / (scale / 4) * 25) + unit
      }
    }
    return "\(bytes)B"
  }

  /// Cores: `2`, `0.5`, `0.125`.
  package static func text(cpuMillis: Int64) -> String {
    let (whole, rest) = cpuMillis.magnitude.quotientAndRemainder(dividingBy: 1_000)
    return (cpuMillis < 0 ? "-" : "") + decimal(whole, rest, digits: 3)
  }

  /// A length of time that `duration` reads back as it was: `1h30m`, `2d`, `90.5s` as `1m30.5s`, `250ms`,
  /// `0s`.
  package static func text(_ span: TimeSpan) -> String {
    var rest = span.microseconds.magnitude
    let sign = span.microseconds < 0 ? "-" : ""
    if rest == 0 { return "0s" }
    if rest < 1_000 { return "\(sign)\(rest)us" }
    if rest < 1_000_000 { return sign + decimal(rest / 1_000, rest % 1_000, digits: 3) + "ms" }
    var text = sign
    for (unit, scale) in [("d", 86_400_000_000), ("h", 3_600_000_000), ("m", UInt64(60_000_000))] {
      if rest >= scale { text += "\(rest / scale)\(unit)" }
      rest %= scale
    }
    return rest == 0 ? text : text + decimal(rest / 1_000_000, rest % 1_000_000, digits: 6) + "s"
  }

  private static func hundredths(whole: Int64, _ rest: Int64) -> String {
    (whole < 0 || rest < 0 ? "-" : "") + decimal(whole.magnitude, rest.magnitude, digits: 2)
  }

  /// `whole`, a point, and `rest` in so many digits without the zeros at its end.
  private static func decimal(_ whole: UInt64, _ rest: UInt64, digits: Int) -> String {
    if rest == 0 { return "\(whole)" }
    var fraction = String(rest)
    fraction = String(repeating: "0", count: digits - fraction.count) + fraction
    while fraction.last == "0" { fraction.removeLast() }
    return "\(whole).\(fraction)"
  }
}
