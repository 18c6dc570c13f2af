import ReeveModel

extension JobFileReader {
  /// `3`, or `{limit: 3, delay: 10s, exitCodes: [75], reasons: [out-of-memory]}`.
  func retryRule(of value: Int, _ field: Field) throws(Refusal) -> RetryRule {
    switch document.kind(value) {
    case .number: return RetryRule(limit: try whole(value, field.path, Limits.retries))
    case .object: break
    default: throw wrong(value, field, "a number, such as 3, or {\"limit\": 3, \"delay\": \"10s\"}")
    }
    var rule = RetryRule(limit: 0)
    var hasLimit = false
    for (keyNode, value) in document.children(of: value) {
      let word = document.string(keyNode)
      guard let key = RetryKey(rawValue: word) else {
        throw document.refusal(
          .unknownKey,
          at: keyNode,
          field: "\(field.path).\(word)",
          "\(word.quoted) is no key of retries.\(suggestion(for: word, among: RetryKey.allCases.map(\.rawValue)))"
        )
      }
      let path = "\(field.path).\(word)"
      switch key {
      case .limit:
        rule.limit = try whole(value, path, Limits.retries)
        hasLimit = true
      case .delay: rule.delay = try duration(of: value, field)
      case .exitCodes:
        rule.exitCodes = try list(value, path) { node throws(Refusal) in try whole(node, path, UInt8.max) }
      case .reasons:
        rule.reasons = try list(value, path) { node throws(Refusal) in try reason(of: node, path) }
      }
    }
    guard hasLimit else { throw wrong(value, field, "{\"limit\": 3}: how many times?") }
    return rule
  }

  private func list<Element>(
    _ value: Int,
    _ path: String,
    _ read: (Int) throws(Refusal) -> Element
  ) throws(Refusal) -> [Element] {
    guard document.kind(value) == .array else { throw wrong(value, path, "a list") }
    var elements: [Element] = []
    for (_, entry) in document.children(of: value) { elements.append(try read(entry)) }
    return elements
  }

  /// A whole number from 0 on.
  func whole<Number: FixedWidthInteger & UnsignedInteger>(
    _ value: Int,
    _ path: String,
    _ most: Number
  ) throws(Refusal) -> Number {
    guard document.kind(value) == .number, let whole = ExactDecimal(document.string(value))?.integer,
      let number = Number(exactly: whole), number <= most
    else { throw wrong(value, path, "a whole number from 0 to \(most)") }
    return number
  }

  private func reason(of value: Int, _ path: String) throws(Refusal) -> FailureReason {
    guard document.kind(value) == .string, let reason = FailureReason(code: document.string(value)),
      reason.mayBeRetried
    else {
      let known = FailureReason.allCases.filter(\.mayBeRetried).map(\.code.quoted)
      throw wrong(value, path, "one of \(known.joined(separator: ", "))")
    }
    return reason
  }
}
