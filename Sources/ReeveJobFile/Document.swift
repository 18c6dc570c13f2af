package import ReeveModel

/// What a file says, whatever its syntax: a tree of values that know where they stand.
///
/// One flat array in the order of the file, no object a value: a file of 100,000 tasks has two million of
/// them. Node 0 is the whole. An object's children are a key, its value, the next key, and so on; keys are
/// strings.
package struct Document: Sendable {
  package enum Kind: UInt8, Sendable { case null, bool, number, string, array, object }

  package struct Node: Sendable {
    package var kind: Kind
    /// Of a string: whether its text is in `decoded`, for it was written with escapes.
    package var isDecoded = false
    /// Where it begins in the source.
    package var offset: UInt32
    /// Of a scalar, where its text begins. Of an array or object, how many elements or members it has.
    package var start: UInt32 = 0
    /// Of a scalar, the bytes of its text. Of an array or object, the node behind its last descendant.
    package var length: UInt32 = 0
  }

  package let source: [UInt8]
  /// Text of the strings that are not in the source as they are meant.
  package let decoded: [UInt8]
  package let nodes: [Node]

  /// The largest file that offsets reach, with room to spare.
  package static let largestFile = 1 << 30
  /// Levels of nesting, so that no file can exhaust a stack.
  package static let deepest = 100
  static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

  /// Reads a file in whichever syntax it is: JSON where the first byte that is not blank is `{`, else YAML.
  ///
  /// Told by the bytes, for standard input has no name. What begins with `{` could be YAML as well, but then it is meant
  /// as JSON nine times of ten, and its mistakes are told in the words of one syntax.
  package static func read(_ source: [UInt8]) throws(Refusal) -> Document {
    let start = source.starts(with: byteOrderMark) ? byteOrderMark.count : 0
    let first = source[start...].first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0a && $0 != 0x0d }
    return try first == UInt8(ascii: "{") ? JSONParser.parse(source) : YAMLParser.parse(source)
  }

  package func kind(_ node: Int) -> Kind { nodes[node].kind }
  package func count(_ container: Int) -> Int { Int(nodes[container].start) }

  /// The bytes that hold a scalar's text, and where in them: of a string what it means, of others as written.
  package func text(_ node: Int) -> (bytes: [UInt8], range: Range<Int>) {
    let scalar = nodes[node]
    let start = Int(scalar.start)
    return (scalar.isDecoded ? decoded : source, start..<start + Int(scalar.length))
  }

  package func string(_ node: Int) -> String {
    let (bytes, range) = text(node)
    return String(decoding: bytes[range], as: UTF8.self)
  }

  /// A value as JSON: strings as they are meant, anything else without blanks that say nothing.
  package func written(_ node: Int) -> String { kind(node) == .string ? string(node) : json(node) }

  private func json(_ node: Int) -> String {
    switch kind(node) {
    case .null, .bool, .number: string(node)
    case .string: string(node).asJSON
    case .array: "[" + children(of: node).map { json($0.value) }.joined(separator: ",") + "]"
    case .object:
      "{" + children(of: node).map { "\(string($0.key).asJSON):\(json($0.value))" }.joined(separator: ",")
        + "}"
    }
  }

  /// The members of an object, or the elements of an array, in the order of the file.
  package func children(of container: Int) -> Children { Children(document: self, container: container) }

  /// The value of a member of an object; `nil` where `object` is none or has no such member.
  package func member(_ name: String, of object: Int) -> Int? {
    guard kind(object) == .object else { return nil }
    return children(of: object).first { string($0.key) == name }?.value
  }

  fileprivate func next(after node: Int) -> Int {
    switch nodes[node].kind {
    case .array, .object: Int(nodes[node].length)
    default: node + 1
    }
  }

  package struct Children: Sequence, IteratorProtocol {
    private let document: Document
    private let isObject: Bool
    private var at: Int
    private let end: Int

    fileprivate init(document: Document, container: Int) {
      self.document = document
      isObject = document.kind(container) == .object
      at = container + 1
      end = document.next(after: container)
    }

    /// `key` is the value itself where the container is an array.
    package mutating func next() -> (key: Int, value: Int)? {
      guard at < end else { return nil }
      let key = at
      let value = isObject ? at + 1 : at
      at = document.next(after: value)
      return (key, value)
    }
  }
}

extension Document {
  /// A refusal about a node, its place at the head of the message.
  package func refusal(_ code: Refusal.Code, at node: Int, field: String = "", _ message: String) -> Refusal {
    let place = Place(of: Int(nodes[node].offset), in: source)
    return Refusal(code, field: field, "\(place): \(message)")
  }
}

/// A place in a text as editors count: both from 1, columns in characters of Unicode, not bytes.
package struct Place: Hashable, Sendable, CustomStringConvertible {
  package var line: Int
  package var column: Int

  /// Counted only when something is refused: no reader keeps count of lines as it goes.
  package init(of offset: Int, in source: [UInt8]) {
    line = 1
    column = 1
    for byte in source.prefix(offset) {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xc0 != 0x80 {
        column += 1
      }
    }
  }

  package var description: String { "line \(line), column \(column)" }
}
