package import ReeveModel

/// Reads JSON (RFC 8259, strictly) into a `Document`.
///
/// By hand, because `JSONDecoder` neither sees unknown keys nor says where a mistake is, and takes over a
/// second for 100,000 tasks. Duplicate keys are mistakes here, for one of the two would be lost; a byte order
/// mark is skipped; nesting ends at 100 levels, so that no file can exhaust the stack.
package struct JSONParser {
  let source: [UInt8]
  var at = 0
  var decoded: [UInt8] = []
  private var nodes: [Document.Node] = []
  private var depth = 0

  /// - Throws: `.syntax` with line and column; `.duplicate` for a key that comes twice; `.tooLarge` from 1 GiB on.
  package static func parse(_ source: [UInt8]) throws(Refusal) -> Document {
    guard source.count < Document.largestFile else {
      throw Refusal(.tooLarge, "the file has \(source.count) bytes; the most is 1 GiB.")
    }
    var parser = JSONParser(source: source)
    return try parser.document()
  }

  private init(source: [UInt8]) {
    self.source = source
    // A value takes at least six bytes in most files; growing once is cheaper than zeroing too much.
    nodes.reserveCapacity(source.count / 8)
  }

  private mutating func document() throws(Refusal) -> Document {
    if source.starts(with: Document.byteOrderMark) { at = Document.byteOrderMark.count }
    skipBlanks()
    try value()
    skipBlanks()
    if at < source.count { throw unexpected("the end of the file, for the value has ended") }
    return Document(source: source, decoded: decoded, nodes: nodes)
  }

  /// The byte here, or 0 at the end: no byte of JSON is 0, so that the end needs no check of its own.
  var byte: UInt8 { at < source.count ? source[at] : 0 }

  private mutating func skipBlanks() {
    while at < source.count {
      let byte = source[at]
      guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return }
      at += 1
    }
  }

  private mutating func value() throws(Refusal) {
    switch byte {
    case UInt8(ascii: "{"): try object()
    case UInt8(ascii: "["): try array()
    case UInt8(ascii: "\""): nodes.append(try string())
    case UInt8(ascii: "-"), 0x30...0x39: nodes.append(try number())
    case UInt8(ascii: "t"): try word("true", .bool)
    case UInt8(ascii: "f"): try word("false", .bool)
    case UInt8(ascii: "n"): try word("null", .null)
    default: throw unexpected("a value")
    }
  }

  private mutating func word(_ word: StaticString, _ kind: Document.Kind) throws(Refusal) {
    let start = at
    for i in 0..<word.utf8CodeUnitCount {
      guard byte == word.utf8Start[i] else { throw unexpected("\(word)") }
      at += 1
    }
    nodes.append(.init(kind: kind, offset: UInt32(start), start: UInt32(start), length: UInt32(at - start)))
  }

  private mutating func array() throws(Refusal) {
    let array = try open(.array)
    if byte == UInt8(ascii: "]") { return close(array, count: 0) }
    var count: UInt32 = 0
    while true {
      try value()
      count += 1
      skipBlanks()
      if byte == UInt8(ascii: "]") { return close(array, count: count) }
      try comma(of: array, closedBy: "]")
    }
  }

  private mutating func object() throws(Refusal) {
    let object = try open(.object)
    if byte == UInt8(ascii: "}") { return close(object, count: 0) }
    var count: UInt32 = 0
    while true {
      guard byte == UInt8(ascii: "\"") else { throw unexpected("a key in double quotes") }
      nodes.append(try string())
      skipBlanks()
      guard byte == UInt8(ascii: ":") else { throw unexpected("':' after the key") }
      at += 1
      skipBlanks()
      try value()
      count += 1
      skipBlanks()
      if byte == UInt8(ascii: "}") {
        close(object, count: count)
        let twice = Document.secondOfEqualKeys(in: object, nodes, source: source, decoded: decoded)
        if let twice { throw Document.duplicate(twice, nodes, source: source, decoded: decoded) }
        return
      }
      try comma(of: object, closedBy: "}")
    }
  }

  /// - Returns: the node of the container, whose count and end are not known yet.
  private mutating func open(_ kind: Document.Kind) throws(Refusal) -> Int {
    guard depth < Document.deepest else {
      throw failure(at: at, "values are nested more than \(Document.deepest) deep.")
    }
    depth += 1
    nodes.append(.init(kind: kind, offset: UInt32(at)))
    at += 1
    skipBlanks()
    return nodes.count - 1
  }

  private mutating func close(_ container: Int, count: UInt32) {
    depth -= 1
    at += 1
    nodes[container].start = count
    nodes[container].length = UInt32(nodes.count)
  }

  private mutating func comma(of container: Int, closedBy bracket: Character) throws(Refusal) {
    guard byte == UInt8(ascii: ",") else {
      let begin = Place(of: Int(nodes[container].offset), in: source)
      throw unexpected("',' or the '\(bracket)' to what begins at \(begin)")
    }
    let comma = at
    at += 1
    skipBlanks()
    if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") {
      throw failure(at: comma, "a comma has nothing after it. Remove it.")
    }
  }
}

extension JSONParser {
  func failure(at offset: Int, _ message: String) -> Refusal {
    Refusal(.syntax, "\(Place(of: offset, in: source)): \(message)")
  }

  /// `expected …, found …`, about the byte here.
  func unexpected(_ wanted: String) -> Refusal {
    let found =
      if at >= source.count {
        "the end of the file"
      } else if byte > 0x20 && byte < 0x7f {
        "'\(Character(Unicode.Scalar(byte)))'"
      } else {
        "the byte 0x\(String(byte, radix: 16))"
      }
    return failure(at: at, "expected \(wanted), found \(found).")
  }
}
