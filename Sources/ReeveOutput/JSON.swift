import ReeveModel

/// Writes values as JSON, on one line or indented by two blanks.
///
/// Bytes, not a `String`: a list of a hundred thousand tasks is 50 MB of it.
package enum JSON {
  package static func line(_ value: Value) -> String {
    var bytes: [UInt8] = []
    write(value, into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  package static func pretty(_ value: Value) -> String {
    var bytes: [UInt8] = []
    writePretty(value, indent: 0, into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  package static func write(_ value: Value, into bytes: inout [UInt8]) {
    switch value {
    case .null: bytes.append("null")
    case .flag(let flag): bytes.append(flag ? "true" : "false")
    case .integer(let n): bytes.append(String(n))
    case .thousandths(let n): bytes.append(decimal(thousandths: n))
    case .millionths(let n): bytes.append(decimal(n, places: 6))
    case .text(let text): bytes.appendJSON(text)
    case .list(let values):
      bytes.append(UInt8(ascii: "["))
      for i in values.indices {
        if i > 0 { bytes.append(UInt8(ascii: ",")) }
        write(values[i], into: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let fields):
      bytes.append(UInt8(ascii: "{"))
      for i in fields.indices {
        if i > 0 { bytes.append(UInt8(ascii: ",")) }
        bytes.appendJSON(fields[i].name)
        bytes.append(UInt8(ascii: ":"))
        write(fields[i].value, into: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  static func writePretty(_ value: Value, indent: Int, into bytes: inout [UInt8]) {
    switch value {
    case .object(let fields) where !fields.isEmpty:
      bytes.append(UInt8(ascii: "{"))
      for i in fields.indices {
        if i > 0 { bytes.append(UInt8(ascii: ",")) }
        beginLine(indent: indent + 2, into: &bytes)
        bytes.appendJSON(fields[i].name)
        bytes.append(": ")
        writePretty(fields[i].value, indent: indent + 2, into: &bytes)
      }
      beginLine(indent: indent, into: &bytes)
      bytes.append(UInt8(ascii: "}"))
    case .list(let values) where values.contains(where: \.isObject):
      bytes.append(UInt8(ascii: "["))
      for i in values.indices {
        if i > 0 { bytes.append(UInt8(ascii: ",")) }
        beginLine(indent: indent + 2, into: &bytes)
        writePretty(values[i], indent: indent + 2, into: &bytes)
      }
      beginLine(indent: indent, into: &bytes)
      bytes.append(UInt8(ascii: "]"))
    default: write(value, into: &bytes)
    }
  }

  private static func beginLine(indent: Int, into bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\n"))
    for _ in 0..<indent { bytes.append(UInt8(ascii: " ")) }
  }

  /// `1500` is `1.5`.
  package static func decimal(thousandths n: Int64) -> String { decimal(n, places: 3) }

  /// `1500` with three places is `1.5`.
  package static func decimal(_ n: Int64, places: Int) -> String {
    let unit = (0..<places).reduce(1 as UInt64) { unit, _ in unit * 10 }
    let (whole, rest) = n.magnitude.quotientAndRemainder(dividingBy: unit)
    let sign = n < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    var digits = String(rest)
    digits = String(repeating: "0", count: places - digits.count) + digits
    while digits.last == "0" { digits.removeLast() }
    return "\(sign)\(whole).\(digits)"
  }
}

extension Value {
  fileprivate var isObject: Bool { if case .object = self { true } else { false } }
}

extension [UInt8] {
  /// Appends a text as it is. Several times as fast as its `utf8` view is appended.
  mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { append(contentsOf: $0) }
  }
}
