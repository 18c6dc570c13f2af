/// Comma-separated values by RFC 4180, with one line of names. Objects and lists stand in a cell as JSON.
package enum CSV {
  package static func names(_ fields: [Field]) -> String {
    fields.map { cell($0.name) }.joined(separator: ",") + "\r\n"
  }

  package static func line(_ fields: [Field]) -> String {
    fields.map { cell(text($0.value)) }.joined(separator: ",") + "\r\n"
  }

  private static func text(_ value: Value) -> String {
    switch value {
    case .null: ""
    case .text(let text): text
    case .object(let fields) where fields.isEmpty: ""
    default: JSON.line(value)
    }
  }

  private static func cell(_ text: String) -> String {
    let wantsQuotes = text.utf8.contains { [0x22, 0x2c, 0x0a, 0x0d].contains($0) }
    return wantsQuotes
      ? "\""
        + text.split(separator: "\"", omittingEmptySubsequences: false)
        .joined(separator: "\"\"") + "\"" : text
  }
}
