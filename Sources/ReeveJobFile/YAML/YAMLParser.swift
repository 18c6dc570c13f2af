import CYaml
package import ReeveModel

/// Reads YAML 1.2 (its core schema) into a `Document`, as strictly as JSON is read.
///
/// Refused are duplicate keys, a second document, aliases and merge keys, tags of one's own, and nesting beyond a
/// hundred levels. Only `true` and `false` are booleans and only decimal numbers are numbers, which stay as they are
/// written: `yes`, `010`, `0x1f` and `1:30` are text.
package struct YAMLParser {
  /// YAML takes ten times as long as JSON, and who has this much writes it by a program.
  package static let largestFile = 32 << 20

  let source: [UInt8]
  var decoded: [UInt8] = []
  var nodes: [Document.Node] = []
  var offsets: OffsetCursor
  /// The containers that have begun and not ended.
  private var open: [Container] = []

  private struct Container {
    var node: Int
    var count: UInt32 = 0
    /// Whether a key comes next; in an array never.
    var wantsKey: Bool
  }

  /// - Throws: `.syntax` with line and column; `.duplicate` for a key that comes twice; `.tooLarge` beyond 32 MiB.
  package static func parse(_ source: [UInt8]) throws(Refusal) -> Document {
    guard source.count <= largestFile else {
      throw Refusal(
        .tooLarge,
        "the file has \(source.count) bytes; the most for YAML is 32 MiB. Write it as JSON, which may have 1 GiB."
      )
    }
    let start = source.starts(with: Document.byteOrderMark) ? Document.byteOrderMark.count : 0
    return try source.withUnsafeBufferPointer { bytes throws(Refusal) in
      var parser = YAMLParser(source: source, offsets: OffsetCursor(source, from: start))
      try parser.refuseTagDirectives(bytes)
      let stream = YAMLStream(UnsafeBufferPointer(rebasing: bytes[start...]))
      return try parser.document(stream, from: start)
    }
  }

  private init(source: [UInt8], offsets: OffsetCursor) {
    self.source = source
    self.offsets = offsets
    decoded.reserveCapacity(source.count)
    nodes.reserveCapacity(source.count / 8)
  }

  private mutating func document(_ stream: borrowing YAMLStream, from start: Int) throws(Refusal) -> Document
  {
    while true {
      let goesOn = try stream.next { event throws(Refusal) in try take(event) }
      guard let goesOn else { throw failure(stream.mistake, from: start) }
      if goesOn { continue }
      guard !nodes.isEmpty else {
        throw failure(at: 0, "the file is empty. Write a job such as {tasks: [{command: [echo, hello]}]}.")
      }
      return Document(source: source, decoded: decoded, nodes: nodes)
    }
  }

  /// - Returns: `false` for the last event.
  private mutating func take(_ event: borrowing yaml_event_t) throws(Refusal) -> Bool {
    let offset = offsets.offset(of: event.start_mark.index)
    switch event.type {
    case YAML_STREAM_END_EVENT: return false
    case YAML_DOCUMENT_START_EVENT: try begin(event, at: offset)
    case YAML_SCALAR_EVENT: try scalar(event, at: offset)
    case YAML_SEQUENCE_START_EVENT:
      try checkTag(event.data.sequence_start.tag, is: "seq", at: offset)
      try open(.array, at: offset)
    case YAML_MAPPING_START_EVENT:
      try checkTag(event.data.mapping_start.tag, is: "map", at: offset)
      try open(.object, at: offset)
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: try close()
    case YAML_ALIAS_EVENT: throw alias(event, at: offset)
    default: break
    }
    return true
  }

  /// No job file needs one, and libyaml compares each with all before it: a megabyte of them would take a minute.
  private func refuseTagDirectives(_ bytes: UnsafeBufferPointer<UInt8>) throws(Refusal) {
    var rest = bytes[...]
    while let sign = rest.firstIndex(of: UInt8(ascii: "%")) {
      rest = bytes[(sign + 1)...]
      guard rest.starts(with: "TAG ".utf8) || rest.starts(with: "TAG\t".utf8) else { continue }
      // The last bytes of all that libyaml takes for the end of a line.
      if sign == 0 || [0x0a, 0x0d, 0x85, 0xa8, 0xa9].contains(bytes[sign - 1]) {
        throw failure(at: sign, "the directive %TAG is not read. Remove it.")
      }
    }
  }

  private func begin(_ document: borrowing yaml_event_t, at offset: Int) throws(Refusal) {
    if nodes.isEmpty { return }
    throw failure(
      at: offset,
      "a second document begins. Put all tasks into one, or submit each document from a file of its own."
    )
  }

  private mutating func scalar(_ event: borrowing yaml_event_t, at offset: Int) throws(Refusal) {
    let isKey = open.last?.wantsKey ?? false
    var node = Document.Node(kind: .string, isDecoded: true, offset: UInt32(offset))
    let text = UnsafeBufferPointer(start: event.data.scalar.value, count: event.data.scalar.length)
    let isPlain = event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE
    if isKey {
      try checkTag(event.data.scalar.tag, is: "str", at: offset)
      if isPlain && text.elementsEqual("<<".utf8) { throw mergeKey(at: offset) }
    } else {
      node.kind = try kind(of: text, event.data.scalar.tag, isPlain: isPlain, at: offset)
    }
    node.start = UInt32(decoded.count)
    // Of a value that is nothing at all the key is the place to look at, and in a message it wants a name.
    if node.kind == .null && text.isEmpty, let around = open.last, nodes[around.node].kind == .object,
      let key = nodes.last
    {
      node.offset = key.offset
    }
    if node.kind == .null {
      decoded.append(contentsOf: "null".utf8)
    } else {
      decoded.append(contentsOf: text)
    }
    node.length = UInt32(decoded.count) - node.start
    nodes.append(node)
    endValue()
  }

  private mutating func open(_ kind: Document.Kind, at offset: Int) throws(Refusal) {
    if open.last?.wantsKey ?? false {
      throw failure(at: offset, "a key is a word or a text in quotes, neither a list nor an object.")
    }
    guard open.count < Document.deepest else {
      throw failure(at: offset, "values are nested more than \(Document.deepest) deep.")
    }
    open.append(Container(node: nodes.count, wantsKey: kind == .object))
    nodes.append(.init(kind: kind, offset: UInt32(offset)))
  }

  private mutating func close() throws(Refusal) {
    guard let container = open.popLast() else { preconditionFailure("libyaml closed what it had not opened") }
    nodes[container.node].start = container.count
    nodes[container.node].length = UInt32(nodes.count)
    if nodes[container.node].kind == .object {
      let twice = Document.secondOfEqualKeys(in: container.node, nodes, source: source, decoded: decoded)
      if let twice { throw Document.duplicate(twice, nodes, source: source, decoded: decoded) }
    }
    endValue()
  }

  /// A key, or a value, has ended.
  private mutating func endValue() {
    guard let last = open.indices.last else { return }
    guard nodes[open[last].node].kind == .object else {
      open[last].count += 1
      return
    }
    if !open[last].wantsKey { open[last].count += 1 }
    open[last].wantsKey.toggle()
  }
}

/// From places in characters, as libyaml counts, to places in bytes.
///
/// Events come nearly in the order of the file: each byte is passed once or twice.
struct OffsetCursor {
  private let source: [UInt8]
  private var index = 0
  private var offset: Int

  /// `start` is the byte at which libyaml begins to count.
  init(_ source: [UInt8], from start: Int) {
    self.source = source
    offset = start
  }

  mutating func offset(of wanted: Int) -> Int {
    while index < wanted, offset < source.count {
      offset += 1
      while offset < source.count, isContinuation(offset) { offset += 1 }
      index += 1
    }
    while index > wanted, offset > 0 {
      offset -= 1
      while offset > 0, isContinuation(offset) { offset -= 1 }
      index -= 1
    }
    return offset
  }

  private func isContinuation(_ place: Int) -> Bool { source[place] & 0xc0 == 0x80 }
}
