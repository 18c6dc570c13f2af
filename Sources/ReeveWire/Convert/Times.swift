import ReeveModel

/// Times and spans travel as plain fields; neither is ever below zero.
extension WallTime {
  init(_ field: String, wire micros: Int64) throws(WireError) {
    self.init(microseconds: try check(field, micros, in: WireLimits.amounts))
  }
}

extension TimeSpan {
  init(_ field: String, wire micros: Int64) throws(WireError) {
    self.init(microseconds: try check(field, micros, in: WireLimits.amounts))
  }

  /// `nil` travels as 0.
  static func limit(_ field: String, wire micros: Int64) throws(WireError) -> TimeSpan? {
    micros == 0 ? nil : try TimeSpan(field, wire: micros)
  }
}
