import ReeveJobFile
import ReeveModel
import Testing

@Suite("YAML: what is read") struct YAMLParserTests {
  /// As text that shows each value's kind: strings in quotes, the rest bare.
  private func shown(_ text: String) throws -> String {
    let document = try YAMLParser.parse(Array(text.utf8))
    return shown(0, of: document)
  }

  private func shown(_ node: Int, of document: Document) -> String {
    switch document.kind(node) {
    case .null, .bool, .number: document.string(node)
    case .string: document.string(node).quoted
    case .array:
      "[" + document.children(of: node).map { shown($0.value, of: document) }.joined(separator: ", ") + "]"
    case .object:
      "{"
        + document.children(of: node).map { "\(document.string($0.key)): \(shown($0.value, of: document))" }
        .joined(separator: ", ") + "}"
    }
  }

  @Test(
    arguments: [
      ("a: 1\nb: [x, 2]\nc: {d: e}\n", #"{a: 1, b: ["x", 2], c: {d: "e"}}"#),
      ("- a\n- - b\n  - c\n- d: e\n", #"["a", ["b", "c"], {d: "e"}]"#),
      ("a:\n- 1\n- 2\nb: x\n", #"{a: [1, 2], b: "x"}"#),
      ("---\na: b\n...\n", #"{a: "b"}"#),
      ("%YAML 1.2\n---\na: b\n", #"{a: "b"}"#),
      ("# first\na: b # second\n", #"{a: "b"}"#),
      ("a: b c, d\n", #"{a: "b c, d"}"#),
      ("a: b#c\nd: 'it''s'\n", #"{a: "b#c", d: "it's"}"#),
      (#"{"a": "\u0041\n\"", 'b': "é"}"#, #"{a: "A\n"", b: "é"}"#),
      ("5: x\ntrue: y\n? z\n: w\n", #"{5: "x", true: "y", z: "w"}"#),
      ("\u{feff}a: b\n", #"{a: "b"}"#),
      ("a: b\r\nc:\r\n  - d\r\n", #"{a: "b", c: ["d"]}"#),
      ("{}", "{}"), ("[]", "[]"), ("x", #""x""#), ("a: &anchor b\n", #"{a: "b"}"#),
    ] as [(String, String)]
  )
  func `blocks and flows become the same tree`(text: String, tree: String) throws {
    #expect(try shown(text) == tree)
  }

  @Test(
    arguments: [
      ("a: |\n  one\n    two\n\n  three\n", "one\n  two\n\nthree\n"),
      ("a: |-\n  one\n  two\n", "one\ntwo"),
      ("a: >\n  one\n  two\n\n  three\n", "one two\nthree\n"),
      ("a: \"one\n  two\"\n", "one two"),
      ("a: one\n  two\n", "one two"),
      ("a: |\n  echo $HOME: \"x\" # kept\n", "echo $HOME: \"x\" # kept\n"),
    ] as [(String, String)]
  )
  func `text of several lines is joined as its style says`(text: String, value: String) throws {
    let document = try YAMLParser.parse(Array(text.utf8))
    #expect(document.string(2) == value && document.kind(2) == .string)
  }

  @Test(
    arguments: [
      "yes", "no", "on", "off", "Yes", "NO", "y", "n", "010", "-010", "00", "0x1f", "0o17", "0b11", "1_000",
      "1:30", "1:00:00", ".nan", ".inf", "-.inf", "2026-11-26", "1e", "1e+", ".", "-", "+", "1.2.3", "--1",
      "- -",
      "truE", "NuLL", "tru", "1 2", "~x", "=",
    ]
  )
  func `what only older YAML takes for more is text`(word: String) throws {
    #expect(
      try shown("a: \(word == "- -" ? "\"- -\"" : word == "-" ? "\"-\"" : word)") == "{a: \(word.quoted)}"
    )
  }

  @Test(
    arguments: [
      "0", "-0", "7", "+7", "1.50", ".5", "5.", "-.5e3", "1e9", "1E-2", "0.1",
      "123456789012345678901234567890", "0.1000000000000000055511151231257827",
    ]
  )
  func `a number stays as it is written`(word: String) throws {
    let document = try YAMLParser.parse(Array("a: \(word)".utf8))
    #expect(document.kind(2) == .number && document.string(2) == word)
  }

  @Test(arguments: ["true", "True", "FALSE", "false"])
  func `only the two words are booleans`(word: String) throws {
    let document = try YAMLParser.parse(Array("a: \(word)".utf8))
    #expect(document.kind(2) == .bool && document.string(2) == word)
  }

  @Test(arguments: ["", "~", "null", "Null", "NULL", "!!null ''"])
  func `nothing is null, and so it is called`(word: String) throws {
    let document = try YAMLParser.parse(Array("a: \(word)\n".utf8))
    #expect(document.kind(2) == .null && document.string(2) == "null")
  }

  @Test(
    arguments: [
      ("!!str 5", Document.Kind.string), ("'5'", .string), ("\"true\"", .string), ("!!int '5'", .number),
      ("!!float 5", .number), ("!!bool \"true\"", .bool), ("!!str", .string), ("! '5'", .string),
    ] as [(String, Document.Kind)]
  )
  func `quotes make text, and a core tag says what a value is`(text: String, kind: Document.Kind) throws {
    #expect(try YAMLParser.parse(Array("a: \(text)\n".utf8)).kind(2) == kind)
  }

  @Test func `each value has its place in bytes`() throws {
    let text = "größe: 1\nb: [é, {c: d}]\n"
    let document = try YAMLParser.parse(Array(text.utf8))
    let places = document.nodes.map { "\(Place(of: Int($0.offset), in: document.source))" }
    #expect(
      places == [
        "line 1, column 1", "line 1, column 1", "line 1, column 8", "line 2, column 1", "line 2, column 4",
        "line 2, column 5", "line 2, column 8", "line 2, column 9", "line 2, column 12",
      ]
    )
  }

  @Test func `a file is JSON where it begins with a brace, and YAML else`() throws {
    #expect(try Document.read(Array(" \n\u{feff}".utf8 + Array("x: 1".utf8))).kind(0) == .object)
    #expect(try Document.read(Array("\u{feff}\n {\"a\": 1}".utf8)).nodes[1].isDecoded == false)
    #expect(try Document.read(Array("# {\na: 1".utf8)).kind(0) == .object)
    #expect(throws: Refusal.self) { try Document.read(Array("{a: 1}".utf8)) }
  }
}
