extension JobID {
  /// Refuses what is no name of a job: see `JobID`. `.` and `..` are none either, for a job's files lie under
  /// its name.
  package func validate(field: String = "id") throws(Refusal) {
    let isAllowed = text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
        true
      default: false
      }
    }
    // On the command line it is the caller's newest job, so that no other could be named.
    guard text != "last" else {
      throw Refusal(
        .invalid,
        field: field,
        "\"last\" is no job id: it stands for your newest job. Choose another."
      )
    }
    if isAllowed, (1...Limits.jobIDBytes).contains(text.utf8.count), text != ".", text != ".." { return }
    throw Refusal(
      .invalid,
      field: field,
      """
      \(text.quoted) is no job id. Use 1 to \(Limits.jobIDBytes) letters (a–z), digits, '-', '_' or '.', \
      such as "nightly-2".
      """
    )
  }
}

/// What a task may be called: 1 to 256 bytes of printable characters of any script, except `/`.
///
/// The slash parts a job from its task (`nightly/join`); names are also parts of paths and of lines on a
/// terminal, hence no blanks, no controls, no invisible signs, and neither `.` nor `..`. Ids of WfCommons and
/// of Nextflow pass as they are, or percent-encoded.
package enum TaskName {
  /// Whether `bytes[range]` is a name. ASCII is decided byte by byte; only other scripts cost a `String`.
  package static func isValid(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    guard (1...Limits.nameBytes).contains(range.count) else { return false }
    var dots = 0
    for i in range {
      let byte = bytes[i]
      guard byte > 0x20 && byte < 0x7f && byte != UInt8(ascii: "/") else {
        return byte >= 0x80 && isPrintable(bytes, range)
      }
      if byte == UInt8(ascii: ".") { dots += 1 }
    }
    return dots != range.count || dots > 2
  }

  package static func isValid(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { isValid($0, bytes.indices) }
  }

  /// Slow and thorough, for names that are not all ASCII.
  private static func isPrintable(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    guard let text = String(validating: bytes[range], as: UTF8.self) else { return false }
    return text.unicodeScalars.allSatisfy { $0.isPrintable && $0 != "/" }
  }

  /// Racks and nodes are named by the same rule.
  /// - Throws: a refusal of what is no name of a `what`, such as "rack".
  package static func validate(_ text: String, of what: String, field: String) throws(Refusal) {
    if !isValid(text) { throw refusal(text, of: what, field: field) }
  }

  static func refusal(_ text: String, of what: String = "task", field: String) -> Refusal {
    let right =
      "Use 1 to \(Limits.nameBytes) bytes of printable characters without blanks and '/', such as \"tile-3\"."
    if text.utf8.count > Limits.nameBytes {
      return Refusal(.invalid, field: field, "\(text.quoted) has \(text.utf8.count) bytes. \(right)")
    }
    return Refusal(.invalid, field: field, "\(text.quoted) is no \(what) name. \(right)")
  }
}
