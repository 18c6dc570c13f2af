package import ReeveModel

/// Amounts for people: three digits or so, never exact. What scripts read is exact, see `Value`.
package enum Amounts {
  /// `0`, `512B`, `64MiB`, `1.5GiB`.
  package static func size(_ bytes: Int64) -> String {
    if bytes == 0 { return "0" }
    let sign = bytes < 0 ? "-" : ""
    var amount = Double(bytes.magnitude)
    var unit = "B"
    for next in ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] where amount >= 1_023.95 {
      amount /= 1_024
      unit = next
    }
    return sign + decimal(amount, whole: unit == "B" || amount >= 99.95) + unit
  }

  /// Cores: `2`, `0.5`.
  package static func cpus(_ millis: Int64) -> String { JSON.decimal(thousandths: millis) }

  /// Points of priority: `12.346`.
  package static func points(_ amount: Double) -> String {
    JSON.decimal(thousandths: Int64((max(-1e15, min(1e15, amount)) * 1_000).rounded()))
  }

  /// `350ms`, `4.2s`, `12m05s`, `3h10m`, `2d04h`.
  package static func span(_ span: TimeSpan) -> String {
    let millis = max(0, span.milliseconds)
    if millis < 1_000 { return "\(millis)ms" }
    if millis < 59_950 { return decimal(Double(millis) / 1_000, whole: false) + "s" }
    let seconds = (millis + 500) / 1_000
    if seconds < 3_600 { return "\(seconds / 60)m\(two(seconds % 60))s" }
    if seconds < 86_400 { return "\(seconds / 3_600)h\(two(seconds / 60 % 60))m" }
    return "\(seconds / 86_400)d\(two(seconds / 3_600 % 24))h"
  }

  /// `1,234,567`.
  package static func count(_ n: Int) -> String {
    let digits = Array(String(n.magnitude))
    var text = n < 0 ? "-" : ""
    for (i, digit) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  package static func count(_ n: Int, _ noun: String) -> String { "\(count(n)) \(noun)\(n == 1 ? "" : "s")" }

  private static func two(_ n: Int64) -> String { n < 10 ? "0\(n)" : "\(n)" }

  /// With one decimal where it is not zero; for amounts from zero up. Rounded by hand: the C library is not linked here.
  static func decimal(_ amount: Double, whole: Bool) -> String {
    if whole { return String(Int64(amount + 0.5)) }
    let tenths = Int64(amount * 10 + 0.5)
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}
