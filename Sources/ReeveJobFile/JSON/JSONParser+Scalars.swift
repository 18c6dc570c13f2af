import ReeveModel

/// Strings and numbers: the scalars with a grammar of their own.
extension JSONParser {
  /// `at` is the opening quote. Text without escapes is left where it is.
  mutating func string() throws(Refusal) -> Document.Node {
    let open = at
    at += 1
    try plainText(of: open)
    var node = Document.Node(kind: .string, offset: UInt32(open))
    if byte == UInt8(ascii: "\"") {
      node.start = UInt32(open + 1)
      node.length = UInt32(at - open - 1)
      at += 1
      return node
    }
    node.isDecoded = true
    node.start = UInt32(decoded.count)
    decoded.append(contentsOf: source[open + 1..<at])
    while byte != UInt8(ascii: "\"") {
      try escape()
      let plain = at
      try plainText(of: open)
      decoded.append(contentsOf: source[plain..<at])
    }
    at += 1
    node.length = UInt32(decoded.count) - node.start
    return node
  }

  /// Goes on to the next quote or backslash.
  private mutating func plainText(of open: Int) throws(Refusal) {
    while at < source.count {
      let byte = source[at]
      if byte >= 0x80 {
        try character()
      } else if byte < 0x20 {
        throw failure(
          at: at,
          "a string has the control character 0x\(String(byte, radix: 16)) in it. Write \\n, \\t or \\u00xx."
        )
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        return
      } else {
        at += 1
      }
    }
    throw failure(at: open, "this string does not end: its closing '\"' is missing.")
  }

  /// One character of more than one byte, by the table of well-formed sequences in the Unicode standard
  /// (3-7).
  private mutating func character() throws(Refusal) {
    let lead = byte
    let (count, second): (Int, ClosedRange<UInt8>) =
      switch lead {
      case 0xc2...0xdf: (2, 0x80...0xbf)
      case 0xe0: (3, 0xa0...0xbf)
      case 0xed: (3, 0x80...0x9f)
      case 0xe1...0xef: (3, 0x80...0xbf)
      case 0xf0: (4, 0x90...0xbf)
      case 0xf1...0xf3: (4, 0x80...0xbf)
      case 0xf4: (4, 0x80...0x8f)
      default: (0, 0...0)
      }
    guard count > 0, at + count <= source.count, second.contains(source[at + 1]),
      source[at + 2..<max(at + 2, at + count)].allSatisfy({ $0 & 0xc0 == 0x80 })
    else {
      throw failure(at: at, "the byte 0x\(String(lead, radix: 16)) here is no UTF-8. Save the file as UTF-8.")
    }
    at += count
  }

  /// `at` is the backslash.
  private mutating func escape() throws(Refusal) {
    let start = at
    at += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(byte)
    case UInt8(ascii: "b"): decoded.append(0x08)
    case UInt8(ascii: "f"): decoded.append(0x0c)
    case UInt8(ascii: "n"): decoded.append(0x0a)
    case UInt8(ascii: "r"): decoded.append(0x0d)
    case UInt8(ascii: "t"): decoded.append(0x09)
    case UInt8(ascii: "u"): return try unicodeEscape(from: start)
    default: throw unexpected("one of \" \\ / b f n r t u after a backslash")
    }
    at += 1
  }

  /// `\u0041`, or a surrogate pair for a character beyond 0xffff. A surrogate alone is no character.
  private mutating func unicodeEscape(from start: Int) throws(Refusal) {
    var code = try hexadecimals()
    if code & 0xfc00 == 0xd800, byte == UInt8(ascii: "\\"), at + 1 < source.count,
      source[at + 1] == UInt8(ascii: "u")
    {
      at += 1
      let low = try hexadecimals()
      code = low & 0xfc00 == 0xdc00 ? 0x10000 + (code & 0x3ff) << 10 + low & 0x3ff : 0xd800
    }
    guard let scalar = Unicode.Scalar(code) else {
      throw failure(
        at: start,
        "half of a surrogate pair stands alone. Write both halves, or the character itself."
      )
    }
    decoded.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }

  /// `at` is the `u`; four digits follow.
  private mutating func hexadecimals() throws(Refusal) -> UInt32 {
    at += 1
    var code: UInt32 = 0
    for _ in 0..<4 {
      switch byte {
      case 0x30...0x39: code = code << 4 | UInt32(byte - 0x30)
      case 0x41...0x46: code = code << 4 | UInt32(byte - 0x37)
      case 0x61...0x66: code = code << 4 | UInt32(byte - 0x57)
      default: throw unexpected("four hexadecimal digits after \\u")
      }
      at += 1
    }
    return code
  }

  /// Kept as written: what it counts decides how it is read, and no digit is lost to a `Double` on the way.
  mutating func number() throws(Refusal) -> Document.Node {
    let start = at
    if byte == UInt8(ascii: "-") { at += 1 }
    if byte == 0x30 {
      at += 1
      if isDigit {
        throw failure(at: start, "a number begins with 0. Remove it, or put the value in quotes.")
      }
    } else {
      try digits("a digit")
    }
    if byte == UInt8(ascii: ".") {
      at += 1
      try digits("a digit after the point")
    }
    if byte | 0x20 == UInt8(ascii: "e") {
      at += 1
      if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { at += 1 }
      try digits("a digit of the exponent")
    }
    return .init(kind: .number, offset: UInt32(start), start: UInt32(start), length: UInt32(at - start))
  }

  private var isDigit: Bool { byte >= 0x30 && byte <= 0x39 }

  private mutating func digits(_ wanted: String) throws(Refusal) {
    guard isDigit else { throw unexpected(wanted) }
    while isDigit { at += 1 }
  }
}
