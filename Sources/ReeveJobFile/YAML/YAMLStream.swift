import CYaml

/// The events of libyaml, which comes with Yams, one by one.
///
/// Not the nodes of Yams: those put in what an alias stands for before anybody can object, and a few lines of aliases
/// stand for more than any machine holds. Here an alias is an event like another; and a file of 100,000 tasks takes a
/// tenth of the time.
struct YAMLStream: ~Copyable {
  // By address: libyaml keeps a pointer from the parser to itself.
  private let parser: UnsafeMutablePointer<yaml_parser_t>

  /// `bytes` are read until the stream is gone.
  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    parser = .allocate(capacity: 1)
    let isReady = yaml_parser_initialize(parser) == 1
    precondition(isReady, "there is no memory left to read a file with")
    // Said, not guessed: what begins like UTF-16 is no UTF-8.
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  /// Hands the next event to `body`, which must not keep it.
  /// - Returns: `nil` where there is a mistake instead, of which `mistake` tells.
  func next<Result, E: Error>(_ body: (borrowing yaml_event_t) throws(E) -> Result) throws(E) -> Result? {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { return nil }
    defer { yaml_event_delete(&event) }
    return try body(event)
  }

  /// What libyaml has to say of a mistake.
  var mistake: Mistake {
    let told = parser.pointee
    return Mistake(
      problem: told.problem.map { String(cString: $0) } ?? "there is no memory left to read the file with",
      context: told.context.map { String(cString: $0) } ?? "",
      index: told.problem_mark.index,
      contextIndex: told.context_mark.index,
      byte: told.error == YAML_READER_ERROR ? told.problem_offset : nil,
      value: told.problem_value
    )
  }

  struct Mistake {
    var problem: String
    /// What was being read, such as "while parsing a block mapping", or nothing.
    var context: String
    /// Where, in characters.
    var index: Int
    /// Where what was being read begins, in characters.
    var contextIndex: Int
    /// Where, in bytes, if it is about a byte or a character.
    var byte: Int?
    /// That byte or character.
    var value: Int32
  }
}
