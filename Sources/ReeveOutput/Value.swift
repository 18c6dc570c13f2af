package import ReeveModel

/// One value as scripts read it: the JSON that it is.
package enum Value: Hashable, Sendable {
  case null
  case flag(Bool)
  case integer(Int64)
  /// Thousandths: cores and seconds, which are shown without a tail of binary noise.
  case thousandths(Int64)
  /// Millionths: ratios.
  case millionths(Int64)
  case text(String)
  case list([Value])
  case object([Field])

  /// Any number, as near as it can be shown.
  package static func millionths(rounding amount: Double) -> Value {
    .millionths(Int64((max(-1e12, min(1e12, amount)) * 1e6).rounded()))
  }
  package static func integer(_ n: Int) -> Value { .integer(Int64(n)) }
  /// `null` where there is nothing to say.
  package static func word(_ text: String) -> Value { text.isEmpty ? .null : .text(text) }
  /// RFC 3339 in UTC with milliseconds; `null` for what has not happened.
  package static func time(_ time: WallTime) -> Value {
    time == .none ? .null : .text(Timestamp.text(time))
  }
  package static func strings(_ strings: [String]) -> Value { .list(strings.map { .text($0) }) }
  package static func variables(_ variables: [TaskTemplate.Variable]) -> Value {
    .object(variables.map { Field($0.name, .text($0.value)) })
  }
}

/// A name and its value. Objects keep the order in which their fields were written down.
package struct Field: Hashable, Sendable {
  package var name: String
  package var value: Value

  package init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }
}
