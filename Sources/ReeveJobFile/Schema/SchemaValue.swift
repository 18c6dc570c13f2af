import ReeveModel

/// A piece of a JSON Schema, written as the JSON that it becomes.
indirect enum SchemaValue: Sendable {
  case text(String)
  case number(Int)
  case flag(Bool)
  case list([SchemaValue])
  /// In the order of writing, which is the order of reading.
  case object([(String, SchemaValue)])
}

extension SchemaValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  init(stringLiteral value: String) { self = .text(value) }
  init(integerLiteral value: Int) { self = .number(value) }
  init(booleanLiteral value: Bool) { self = .flag(value) }
  init(arrayLiteral elements: SchemaValue...) { self = .list(elements) }
  init(dictionaryLiteral elements: (String, SchemaValue)...) { self = .object(elements) }

  /// An object with these members before its own.
  func led(by members: KeyValuePairs<String, SchemaValue>) -> SchemaValue {
    guard case .object(let own) = self else { return self }
    return .object(members.map { ($0.key, $0.value) } + own)
  }
}

extension SchemaValue {
  /// As JSON, one member a line.
  func written(indent: String = "") -> String {
    switch self {
    case .text(let text): return text.asJSON
    case .number(let number): return "\(number)"
    case .flag(let flag): return "\(flag)"
    case .list(let values):
      let isShort = values.allSatisfy(\.isScalar)
      if isShort { return "[" + values.map { $0.written() }.joined(separator: ", ") + "]" }
      return Self.block("[", values.map { $0.written(indent: indent + "  ") }, "]", indent)
    case .object(let members):
      if members.isEmpty { return "{}" }
      let lines = members.map { $0.0.asJSON + ": " + $0.1.written(indent: indent + "  ") }
      return Self.block("{", lines, "}", indent)
    }
  }

  private var isScalar: Bool {
    switch self {
    case .list, .object: false
    default: true
    }
  }

  private static func block(_ open: String, _ lines: [String], _ close: String, _ indent: String) -> String {
    open + "\n" + lines.map { indent + "  " + $0 }.joined(separator: ",\n") + "\n" + indent + close
  }
}
