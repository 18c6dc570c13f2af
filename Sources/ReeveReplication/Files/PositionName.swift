/// Names of what begins or ends at a position of the journal: twenty digits, so that names sort as numbers do.
struct PositionName {
  /// A segment, by its first position.
  static let segment = PositionName(suffix: ".segment")
  /// A snapshot's directory, by the last position that is in it.
  static let snapshot = PositionName(suffix: "")

  let suffix: String

  func of(_ position: UInt64) -> String { position.padded(to: 20) + suffix }

  /// The position in `name`, or `nil` if it names something else.
  func position(in name: String) -> UInt64? {
    guard let position = UInt64(name.prefix(20)), of(position) == name else { return nil }
    return position
  }
}

extension FixedWidthInteger {
  /// The number with zeroes in front, of `width` digits at least.
  func padded(to width: Int, radix: Int = 10) -> String {
    let digits = String(self, radix: radix)
    return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
  }
}
