import ReeveModel

/// Mistakes in the syntax, in words that help.
extension YAMLParser {
  func failure(at offset: Int, _ message: String) -> Refusal {
    Refusal(.syntax, "\(Place(of: offset, in: source)): \(message)")
  }

  /// `start` is the byte at which libyaml began to count.
  mutating func failure(_ mistake: YAMLStream.Mistake, from start: Int) -> Refusal {
    if let byte = mistake.byte { return unreadable(at: start + byte, mistake) }
    let offset = offsets.offset(of: mistake.index)
    if let told = Self.known(mistake, byte: offset < source.count ? source[offset] : 0) {
      return failure(at: offset, told)
    }
    let began = Place(of: offsets.offset(of: mistake.contextIndex), in: source)
    let context = mistake.context.isEmpty ? "" : " (\(mistake.context) that begins at \(began))"
    return failure(at: offset, "\(mistake.problem)\(context).")
  }

  private func unreadable(at offset: Int, _ mistake: YAMLStream.Mistake) -> Refusal {
    guard mistake.problem == "control characters are not allowed" else {
      let byte = offset < source.count ? String(source[offset], radix: 16) : "00"
      return failure(at: offset, "the byte 0x\(byte) here is no UTF-8. Save the file as UTF-8.")
    }
    return failure(
      at: offset,
      """
      the control character 0x\(String(mistake.value, radix: 16)) cannot stand in YAML. Remove it, or write it as an \
      escape such as "\\u0007" in double quotes.
      """
    )
  }

  /// `byte` is the one where the mistake is.
  private static func known(_ mistake: YAMLStream.Mistake, byte: UInt8) -> String? {
    switch mistake.problem {
    case "found character that cannot start any token" where byte == UInt8(ascii: "\t"),
      "found a tab character that violates indentation",
      "found a tab character where an indentation space is expected":
      return "a tab cannot indent a line of YAML. Use blanks."
    case "found character that cannot start any token":
      return "'\(Character(Unicode.Scalar(byte)))' cannot begin a value. Put the value in quotes."
    case "did not find expected alphabetic or numeric character":
      let sign = mistake.context.hasSuffix("anchor") ? "&" : "*"
      return "'\(sign)' has a meaning of its own at the beginning of a value. Put the value in quotes."
    case "could not find expected ':'":
      return "before this a ':' after a key is missing, or the indentation is wrong, or a text wants quotes."
    case "mapping values are not allowed in this context":
      return
        "a ':' is not expected here. Put the value in quotes if the ':' is part of it; else look at the indentation."
    case "did not find expected key", "did not find expected '-' indicator",
      "did not find expected <document start>":
      return """
        this does not go on with what stands before it. Is the line indented as far, and is a text with quotes in it in \
        quotes as a whole?
        """
    case "did not find expected node content":
      return "a value is missing here, or what was opened before is not closed."
    case "found unexpected end of stream":
      return "the file ends within a text in quotes: its closing quote is missing."
    case let problem where problem.hasPrefix("Maximum nesting level"):
      return "values are nested more than \(Document.deepest) deep."
    default: return nil
    }
  }
}
