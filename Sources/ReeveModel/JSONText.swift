// How JSON quotes a string: the one place for all that writes it.

extension [UInt8] {
  /// Appends a string as JSON, in quotes. Escaped are quotes, backslashes and controls, and nothing else.
  package mutating func appendJSON(_ text: String) {
    var text = text
    append(UInt8(ascii: "\""))
    text.withUTF8 { utf8 in
      if utf8.allSatisfy(\.isPlainInJSON) {
        append(contentsOf: utf8)
      } else {
        // All that is escaped is ASCII: what is beyond goes byte by byte.
        for byte in utf8 { appendInJSON(byte) }
      }
    }
    append(UInt8(ascii: "\""))
  }

  private mutating func appendInJSON(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): self += [UInt8(ascii: "\\"), byte]
    case UInt8(ascii: "\n"): self += "\\n".utf8
    case UInt8(ascii: "\r"): self += "\\r".utf8
    case UInt8(ascii: "\t"): self += "\\t".utf8
    case _ where !byte.isPlainInJSON:
      let digits = String(byte, radix: 16)
      self += (digits.utf8.count == 1 ? "\\u000\(digits)" : "\\u00\(digits)").utf8
    default: append(byte)
    }
  }
}

extension String {
  /// As JSON, in quotes.
  package var asJSON: String {
    var bytes: [UInt8] = []
    bytes.appendJSON(self)
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension UInt8 {
  fileprivate var isPlainInJSON: Bool {
    self >= 0x20 && self != UInt8(ascii: "\"") && self != UInt8(ascii: "\\") && self != 0x7f
  }
}
