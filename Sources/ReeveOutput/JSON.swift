/// Writes values as JSON, on one line or indented by two blanks.
package enum JSON {
  package static func line(_ value: Value) -> String {
    var text = ""
    write(value, into: &text)
    return text
  }

  package static func pretty(_ value: Value, indent: Int = 0) -> String {
    var text = ""
    writePretty(value, indent: indent, into: &text)
    return text
  }

  package static func write(_ value: Value, into text: inout String) {
    switch value {
    case .null, .flag, .integer, .thousandths, .text: writeScalar(value, into: &text)
    case .list(let values):
      text += "["
      for (i, value) in values.enumerated() {
        if i > 0 { text += "," }
        write(value, into: &text)
      }
      text += "]"
    case .object(let fields):
      text += "{"
      for (i, field) in fields.enumerated() {
        if i > 0 { text += "," }
        quote(field.name, into: &text)
        text += ":"
        write(field.value, into: &text)
      }
      text += "}"
    }
  }

  private static func writePretty(_ value: Value, indent: Int, into text: inout String) {
    let margin = "\n" + String(repeating: " ", count: indent + 2)
    switch value {
    case .object(let fields) where !fields.isEmpty:
      text += "{"
      for (i, field) in fields.enumerated() {
        text += i > 0 ? "," + margin : margin
        quote(field.name, into: &text)
        text += ": "
        writePretty(field.value, indent: indent + 2, into: &text)
      }
      text += margin.dropLast(2) + "}"
    case .list(let values) where values.contains(where: \.isObject):
      text += "["
      for (i, value) in values.enumerated() {
        text += i > 0 ? "," + margin : margin
        writePretty(value, indent: indent + 2, into: &text)
      }
      text += margin.dropLast(2) + "]"
    default: write(value, into: &text)
    }
  }

  private static func writeScalar(_ value: Value, into text: inout String) {
    switch value {
    case .flag(let flag): text += flag ? "true" : "false"
    case .integer(let n): text += String(n)
    case .thousandths(let n): text += decimal(thousandths: n)
    case .text(let string): quote(string, into: &text)
    case .null, .list, .object: text += "null"
    }
  }

  /// `1500` is `1.5`.
  package static func decimal(thousandths n: Int64) -> String {
    let (whole, rest) = n.magnitude.quotientAndRemainder(dividingBy: 1_000)
    let sign = n < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    var digits = String(rest)
    digits = String(repeating: "0", count: 3 - digits.count) + digits
    while digits.last == "0" { digits.removeLast() }
    return "\(sign)\(whole).\(digits)"
  }

  private static func quote(_ string: String, into text: inout String) {
    text += "\""
    let isPlain = string.utf8.allSatisfy {
      $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") && $0 != 0x7f
    }
    if isPlain {
      text += string
    } else {
      for scalar in string.unicodeScalars { escape(scalar, into: &text) }
    }
    text += "\""
  }

  private static func escape(_ scalar: Unicode.Scalar, into text: inout String) {
    switch scalar {
    case "\"": text += "\\\""
    case "\\": text += "\\\\"
    case "\n": text += "\\n"
    case "\r": text += "\\r"
    case "\t": text += "\\t"
    case _ where scalar.value < 0x20 || scalar.value == 0x7f:
      let digits = String(scalar.value, radix: 16)
      text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: text.unicodeScalars.append(scalar)
    }
  }
}

extension Value {
  var isObject: Bool { if case .object = self { true } else { false } }
}
