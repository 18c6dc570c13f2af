import CYaml
import ReeveModel

/// What a scalar is, and what is not read.
extension YAMLParser {
  private static let coreTag = "tag:yaml.org,2002:"

  /// By its tag, else by its quotes, else by the core schema.
  func kind(
    of text: UnsafeBufferPointer<UInt8>,
    _ tag: UnsafePointer<UInt8>?,
    isPlain: Bool,
    at offset: Int
  ) throws(Refusal) -> Document.Kind {
    guard let tag = Self.name(of: tag) else { return isPlain ? Self.plainKind(of: text) : .string }
    let wanted: Document.Kind
    switch tag {
    case Self.coreTag + "str", "!": return .string
    case Self.coreTag + "int", Self.coreTag + "float": wanted = .number
    case Self.coreTag + "bool": wanted = .bool
    case Self.coreTag + "null": wanted = .null
    default: throw unreadTag(tag, at: offset)
    }
    guard Self.plainKind(of: text) == wanted else {
      let text = String(decoding: text, as: UTF8.self)
      throw failure(at: offset, "\(text.quoted) is not what its tag \(tag.quoted) says. Remove the tag.")
    }
    return wanted
  }

  /// Refuses any tag but the one that goes without saying.
  func checkTag(_ tag: UnsafePointer<UInt8>?, is own: String, at offset: Int) throws(Refusal) {
    guard let tag = Self.name(of: tag), tag != Self.coreTag + own, tag != "!" else { return }
    throw unreadTag(tag, at: offset)
  }

  private static func name(of tag: UnsafePointer<UInt8>?) -> String? {
    tag.map { String(decodingCString: $0, as: UTF8.self) }
  }

  private func unreadTag(_ tag: String, at offset: Int) -> Refusal {
    failure(at: offset, "the tag \(tag.quoted) is not read. Remove it.")
  }

  /// The core schema of YAML 1.2, but numbers in decimal only and without zeros before them: in `010` one reads ten and
  /// another eight.
  static func plainKind(of text: UnsafeBufferPointer<UInt8>) -> Document.Kind {
    guard let first = text.first else { return .null }
    if (0x30...0x39).contains(first) || "+-.".utf8.contains(first) {
      return isNumber(text) ? .number : .string
    }
    guard text.count <= 5 else { return .string }
    return switch String(decoding: text, as: UTF8.self) {
    case "null", "Null", "NULL", "~": .null
    case "true", "True", "TRUE", "false", "False", "FALSE": .bool
    default: .string
    }
  }

  /// `12`, `-1.5`, `+.5`, `3e6`.
  private static func isNumber(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var rest = text[...]
    if let sign = rest.first, "+-".utf8.contains(sign) { rest.removeFirst() }
    let hasLeadingZero = rest.first == 0x30
    let whole = takeDigits(&rest)
    if hasLeadingZero && whole > 1 { return false }
    var fraction = 0
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      fraction = takeDigits(&rest)
    }
    guard whole + fraction > 0 else { return false }
    if let e = rest.first, e | 0x20 == UInt8(ascii: "e") {
      rest.removeFirst()
      if let sign = rest.first, "+-".utf8.contains(sign) { rest.removeFirst() }
      if takeDigits(&rest) == 0 { return false }
    }
    return rest.isEmpty
  }

  private static func takeDigits(_ text: inout Slice<UnsafeBufferPointer<UInt8>>) -> Int {
    let digits = text.prefix { (0x30...0x39).contains($0) }.count
    text.removeFirst(digits)
    return digits
  }

  func alias(_ event: borrowing yaml_event_t, at offset: Int) -> Refusal {
    let name = Self.name(of: event.data.alias.anchor) ?? ""
    return failure(
      at: offset,
      """
      the alias \("*\(name)".quoted) is not read: a few lines of aliases can stand for gigabytes. Write out what it \
      stands for, or put what tasks share under "defaults"; if it is text, put it in quotes.
      """
    )
  }

  func mergeKey(at offset: Int) -> Refusal {
    failure(at: offset, "merge keys (\"<<\") are not read. Put what tasks share under \"defaults\".")
  }
}
