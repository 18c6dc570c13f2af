package import ReeveModel

/// Points in time as RFC 3339 in UTC. By hand, for a formatter of Foundation's costs ten times as much at start-up alone.
package enum Timestamp {
  /// `2026-03-01T09:30:00.250Z`, cut to the millisecond.
  package static func text(_ time: WallTime) -> String {
    let (second, micros) = floorDivide(time.microseconds, 1_000_000)
    let (day, rest) = floorDivide(second, 86_400)
    let (year, month, dayOfMonth) = date(daysSince1970: day)
    var text: [UInt8] = []
    text.reserveCapacity(24)
    append(year, digits: 4, "-", to: &text)
    append(month, digits: 2, "-", to: &text)
    append(dayOfMonth, digits: 2, "T", to: &text)
    append(rest / 3_600, digits: 2, ":", to: &text)
    append(rest / 60 % 60, digits: 2, ":", to: &text)
    append(rest % 60, digits: 2, ".", to: &text)
    append(micros / 1_000, digits: 3, "Z", to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// The calendar's date, by Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms" (`civil_from_days`): years
  /// begin in March, so that the leap day is their last.
  private static func date(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  private static func floorDivide(_ n: Int64, _ by: Int64) -> (Int64, Int64) {
    let (quotient, rest) = n.quotientAndRemainder(dividingBy: by)
    return rest < 0 ? (quotient - 1, rest + by) : (quotient, rest)
  }

  /// So many digits at least, and a mark behind them.
  private static func append(_ n: Int64, digits: Int, _ mark: Unicode.Scalar, to text: inout [UInt8]) {
    append(n.magnitude, digits: digits, to: &text)
    text.append(UInt8(ascii: mark))
  }

  private static func append(_ n: UInt64, digits: Int, to text: inout [UInt8]) {
    if digits > 1 || n > 9 { append(n / 10, digits: digits - 1, to: &text) }
    text.append(UInt8(ascii: "0") + UInt8(n % 10))
  }
}
