/// All fields of one thing for people: a line each, without those that say nothing.
package enum Sheet {
  package static func text(_ fields: [Field]) -> String {
    let told = fields.compactMap { field in cell(field).map { (field.name, $0) } }
    let width = told.map(\.0.count).max() ?? 0
    return told.reduce(into: "") { text, line in
      let fill = String(repeating: " ", count: width - line.0.count)
      // What has several lines goes on under its first.
      let margin = "\n" + String(repeating: " ", count: width + 2)
      let shown = line.1.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: margin)
      text += "\(line.0)\(fill)  \(shown)\n"
    }
  }

  private static func cell(_ field: Field) -> String? {
    switch field.value {
    case .null: return nil
    case .text(let text):
      let trimmed = text.last == "\n" ? String(text.dropLast()) : text
      return trimmed.isEmpty ? nil : trimmed
    case .integer(let n) where sizes.contains(field.name): return Amounts.size(n)
    case .list(let values):
      return values.isEmpty ? nil : values.map(word).joined(separator: field.name == "command" ? " " : ", ")
    case .object(let fields):
      return fields.isEmpty ? nil : fields.map { "\($0.name)=\(word($0.value))" }.joined(separator: "\n")
    case .flag, .integer, .thousandths, .millionths: return JSON.line(field.value)
    }
  }

  private static func word(_ value: Value) -> String {
    guard case .text(let text) = value else { return JSON.line(value) }
    return text.contains { $0 == " " || $0 == "\n" || $0 == "\"" } || text.isEmpty ? JSON.line(value) : text
  }

  /// Fields that count bytes.
  private static let sizes: Set<String> = [
    "memory", "disk", "memoryPeak", "readBytes", "writeBytes", "memoryFree", "diskFree",
  ]
}
