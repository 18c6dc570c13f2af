import ReeveJobFile
import ReeveModel
import Testing

@Suite("JSON: what is read") struct JSONParserTests {
  /// A document as text again, so that a test compares one line.
  private func shown(_ text: String) throws -> String {
    let document = try JSONParser.parse(Array(text.utf8))
    return show(0, document)
  }

  private func show(_ node: Int, _ document: Document) -> String {
    switch document.kind(node) {
    case .null, .bool, .number: document.string(node)
    case .string: "'\(document.string(node))'"
    case .array:
      "[" + document.children(of: node).map { show($0.value, document) }.joined(separator: " ") + "]"
    case .object:
      "{"
        + document.children(of: node).map { "\(document.string($0.key)):\(show($0.value, document))" }
        .joined(separator: " ") + "}"
    }
  }

  @Test(
    arguments: [
      ("null", "null"), (" true ", "true"), ("\t\r\n false", "false"), ("[]", "[]"), ("{}", "{}"),
      ("[ ]", "[]"),
      ("{ }", "{}"), (#""""#, "''"), ("[1,[2,[]],{}]", "[1 [2 []] {}]"),
      (#"{"a":1,"b":{"c":[2]},"":3}"#, "{a:1 b:{c:[2]} :3}"),
      ("-0", "-0"), ("0.10", "0.10"), ("1E+2", "1E+2"), ("1e-2", "1e-2"), ("\u{feff}[1]", "[1]"),
      ("[12345678901234567890123456789.5e-99999]", "[12345678901234567890123456789.5e-99999]"),
    ] as [(String, String)]
  )
  func `values are read, numbers as they are written`(text: String, value: String) throws {
    #expect(try shown(text) == value)
  }

  @Test(
    arguments: [
      (#""\"\\\/\b\f\n\r\t""#, "'\"\\/\u{8}\u{c}\n\r\t'"), (#""\u0041\u00e9\u20AC""#, "'Aé€'"),
      (#""\ud83d\ude00 \uD834\uDD1E""#, "'😀 𝄞'"), (#""\u0000""#, "'\0'"), (#""a\u0062c""#, "'abc'"),
      ("\"é€😀\u{7f}\"", "'é€😀\u{7f}'"),
      (#"{"a\nb":"plain","c":"\\"}"#, "{a\nb:'plain' c:'\\'}"), (#""\uffff""#, "'\u{ffff}'"),
    ] as [(String, String)]
  )
  func `strings are read with their escapes`(text: String, value: String) throws {
    #expect(try shown(text) == value)
  }

  @Test(
    arguments: [
      ("", "line 1, column 1: expected a value, found the end of the file."),
      ("  \n ", "line 2, column 2: expected a value, found the end of the file."),
      ("[1,]", "line 1, column 3: a comma has nothing after it. Remove it."),
      (#"{"a":1,}"#, "line 1, column 7: a comma has nothing after it. Remove it."),
      ("[,1]", "line 1, column 2: expected a value, found ','."),
      ("[1 2]", "line 1, column 4: expected ',' or the ']' to what begins at line 1, column 1, found '2'."),
      ("{\n\"a\" 1}", "line 2, column 5: expected ':' after the key, found '1'."),
      ("{a:1}", "line 1, column 2: expected a key in double quotes, found 'a'."),
      ("{'a':1}", "line 1, column 2: expected a key in double quotes, found '''."),
      ("{1:1}", "line 1, column 2: expected a key in double quotes, found '1'."),
      (
        "{\"a\":1",
        "line 1, column 7: expected ',' or the '}' to what begins at line 1, column 1, found the end of the file."
      ),
      ("[1]x", "line 1, column 4: expected the end of the file, for the value has ended, found 'x'."),
      ("[1][2]", "line 1, column 4: expected the end of the file, for the value has ended, found '['."),
      ("nul", "line 1, column 4: expected null, found the end of the file."),
      ("True", "line 1, column 1: expected a value, found 'T'."),
      ("NaN", "line 1, column 1: expected a value, found 'N'."),
      ("Infinity", "line 1, column 1: expected a value, found 'I'."),
      ("-Infinity", "line 1, column 2: expected a digit, found 'I'."),
      ("+1", "line 1, column 1: expected a value, found '+'."),
      ("-", "line 1, column 2: expected a digit, found the end of the file."),
      ("01", "line 1, column 1: a number begins with 0. Remove it, or put the value in quotes."),
      ("-012", "line 1, column 1: a number begins with 0. Remove it, or put the value in quotes."),
      (".5", "line 1, column 1: expected a value, found '.'."),
      ("1.", "line 1, column 3: expected a digit after the point, found the end of the file."),
      ("1e", "line 1, column 3: expected a digit of the exponent, found the end of the file."),
      ("1e+]", "line 1, column 4: expected a digit of the exponent, found ']'."),
      ("0x1F", "line 1, column 2: expected the end of the file, for the value has ended, found 'x'."),
      ("[1] // no", "line 1, column 5: expected the end of the file, for the value has ended, found '/'."),
      ("\u{a0}1", "line 1, column 1: expected a value, found the byte 0xc2."),
      ("\0", "line 1, column 1: expected a value, found the byte 0x0."),
      ("[\u{feff}1]", "line 1, column 2: expected a value, found the byte 0xef."),
    ] as [(String, String)]
  )
  func `what is no JSON is refused with its place`(text: String, message: String) {
    #expect(throws: Refusal(.syntax, message)) { try JSONParser.parse(Array(text.utf8)) }
  }

  @Test(
    arguments: [
      ("\"abc", "line 1, column 1: this string does not end: its closing '\"' is missing."),
      (
        "[\"a\n\"]",
        "line 1, column 4: a string has the control character 0xa in it. Write \\n, \\t or \\u00xx."
      ),
      (
        "\"\t\"", "line 1, column 2: a string has the control character 0x9 in it. Write \\n, \\t or \\u00xx."
      ),
      (
        "\"\0\"", "line 1, column 2: a string has the control character 0x0 in it. Write \\n, \\t or \\u00xx."
      ),
      (#""\x""#, "line 1, column 3: expected one of \" \\ / b f n r t u after a backslash, found 'x'."),
      (
        #""\"#,
        "line 1, column 3: expected one of \" \\ / b f n r t u after a backslash, found the end of the file."
      ),
      (#""\u12g4""#, "line 1, column 6: expected four hexadecimal digits after \\u, found 'g'."),
      (#""\u+123""#, "line 1, column 4: expected four hexadecimal digits after \\u, found '+'."),
      (
        #""é\ud800""#,
        "line 1, column 3: half of a surrogate pair stands alone. Write both halves, or the character itself."
      ),
      (
        #""\udc00""#,
        "line 1, column 2: half of a surrogate pair stands alone. Write both halves, or the character itself."
      ),
      (
        #""\ud800\u0041""#,
        "line 1, column 2: half of a surrogate pair stands alone. Write both halves, or the character itself."
      ),
      (
        #""\ud800\ud800""#,
        "line 1, column 2: half of a surrogate pair stands alone. Write both halves, or the character itself."
      ),
      (
        #""\ud800x""#,
        "line 1, column 2: half of a surrogate pair stands alone. Write both halves, or the character itself."
      ),
    ] as [(String, String)]
  )
  func `what is no string is refused with its place`(text: String, message: String) {
    #expect(throws: Refusal(.syntax, message)) { try JSONParser.parse(Array(text.utf8)) }
  }

  @Test(
    arguments: [
      [0x80], [0xff], [0xc0, 0x80], [0xc1, 0xbf], [0xc2], [0xe0, 0x80, 0x80], [0xe0, 0x9f, 0xbf],
      [0xed, 0xa0, 0x80],
      [0xed, 0xbf, 0xbf], [0xe2, 0x82], [0xf0, 0x80, 0x80, 0x80], [0xf4, 0x90, 0x80, 0x80],
      [0xf5, 0x80, 0x80, 0x80],
      [0xf0, 0x9f, 0x98], [0xc2, 0x41], [0xe2, 0x82, 0x41], [0xfe], [0xf8, 0x88, 0x80, 0x80, 0x80],
    ] as [[UInt8]]
  )
  func `bytes that are no UTF-8 are refused`(bytes: [UInt8]) throws {
    for quoted in [[0x22] + bytes + [0x22], [0x22] + bytes] {
      let refusal = try #require(throws: Refusal.self) { try JSONParser.parse(quoted) }
      #expect(refusal.code == .syntax && refusal.message.contains("is no UTF-8"), "\(refusal)")
    }
  }

  @Test func `a key that comes twice is refused, however it is written and however many there are`() throws {
    #expect(throws: Refusal(.duplicate, "line 2, column 1: the key \"ab\" comes twice. Keep one.")) {
      try JSONParser.parse(Array("{\"ab\":1,\n\"\\u0061b\":2}".utf8))
    }
    let many = (0..<50_000).map { "\"k\($0)\":0" }.joined(separator: ",")
    #expect(try JSONParser.parse(Array("{\(many)}".utf8)).count(0) == 50_000)
    let refusal = try #require(throws: Refusal.self) {
      try JSONParser.parse(Array("{\(many),\"x\":{\"k7\":1},\"k7\":1}".utf8))
    }
    #expect(refusal.code == .duplicate && refusal.message.contains("\"k7\""))
    #expect(try shown(#"{"a":{"b":1},"b":{"b":2}}"#) == "{a:{b:1} b:{b:2}}")
  }

  @Test func `nesting ends at a hundred levels, and a hundred thousand do not exhaust the stack`() throws {
    let hundred = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
    #expect(try JSONParser.parse(Array(hundred.utf8)).nodes.count == 100)
    for opening in ["[", "{\"a\":"] {
      let deep = String(repeating: opening, count: 100_000)
      let refusal = try #require(throws: Refusal.self) { try JSONParser.parse(Array(deep.utf8)) }
      #expect(refusal.message.hasSuffix("values are nested more than 100 deep."))
    }
  }

  @Test func `columns count characters, not bytes`() throws {
    #expect(throws: Refusal(.syntax, "line 2, column 8: expected a value, found '!'.")) {
      try JSONParser.parse(Array("[\"é\",\n\"é😀é\", !]".utf8))
    }
  }

  @Test func `a document cut off anywhere is refused and never crashes`() throws {
    let text = Array(#" {"a\u00e9\ud83d\ude00é":[1.5e+3,-0,true,false,null,"x",{}],"b":{"c":"\n"}}"#.utf8)
    _ = try JSONParser.parse(text)
    for end in 0..<text.count {
      #expect(throws: Refusal.self) { try JSONParser.parse(Array(text[..<end])) }
    }
  }
}
