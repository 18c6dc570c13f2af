import ReeveJobFile
import ReeveModel
import Testing

@Suite("YAML: what is refused, and where") struct YAMLRefusalTests {
  private func refusal(_ bytes: [UInt8]) throws -> Refusal {
    try #require(throws: Refusal.self) { try YAMLParser.parse(bytes) }
  }

  @Test(
    arguments: [
      ("", "line 1, column 1: the file is empty. Write a job such as {tasks: [{command: [echo, hello]}]}."),
      (
        "# only this\n",
        "line 1, column 1: the file is empty. Write a job such as {tasks: [{command: [echo, hello]}]}."
      ),
      ("a: 1\n\tb: 2\n", "line 2, column 1: a tab cannot indent a line of YAML. Use blanks."),
      ("a: @b\n", "line 1, column 4: '@' cannot begin a value. Put the value in quotes."),
      ("a: `b`\n", "line 1, column 4: '`' cannot begin a value. Put the value in quotes."),
      (
        "a: *.png\n",
        "line 1, column 5: '*' has a meaning of its own at the beginning of a value. Put the value in quotes."
      ),
      (
        "a: &&\n",
        "line 1, column 5: '&' has a meaning of its own at the beginning of a value. Put the value in quotes."
      ),
      (
        "a: b: c\n",
        """
        line 1, column 5: a ':' is not expected here. Put the value in quotes if the ':' is part of it; else look at \
        the indentation.
        """
      ),
      (
        "a: 1\n  b: 2\n",
        """
        line 2, column 4: a ':' is not expected here. Put the value in quotes if the ':' is part of it; else look at \
        the indentation.
        """
      ),
      (
        "  a: 1\n b: 2\n",
        """
        line 2, column 2: this does not go on with what stands before it. Is the line indented as far, and is a text \
        with quotes in it in quotes as a whole?
        """
      ),
      ("%TAG ! tag:x:\n---\na: !b c\n", "line 1, column 1: the directive %TAG is not read. Remove it."),
      (
        "a: \"b\n",
        "line 2, column 1: the file ends within a text in quotes: its closing quote is missing."
      ),
      (
        "a: [b\nc: d",
        """
        line 2, column 2: did not find expected ',' or ']' (while parsing a flow sequence that begins at line 1, \
        column 4).
        """
      ),
      (
        "a: 1\n---\nb: 2\n",
        """
        line 2, column 1: a second document begins. Put all tasks into one, or submit each document from a file of its \
        own.
        """
      ),
      (
        "a: 1\n<<: {b: 2}\n",
        "line 2, column 1: merge keys (\"<<\") are not read. Put what tasks share under \"defaults\"."
      ),
      (
        "? [a]\n: b\n", "line 1, column 3: a key is a word or a text in quotes, neither a list nor an object."
      ),
      ("a: !mine b\n", "line 1, column 4: the tag \"!mine\" is not read. Remove it."),
      (
        "a: !!binary aGk=\n", "line 1, column 4: the tag \"tag:yaml.org,2002:binary\" is not read. Remove it."
      ),
      ("a: !!set {b}\n", "line 1, column 4: the tag \"tag:yaml.org,2002:set\" is not read. Remove it."),
      (
        "a: !!int x\n",
        "line 1, column 4: \"x\" is not what its tag \"tag:yaml.org,2002:int\" says. Remove the tag."
      ),
    ] as [(String, String)]
  )
  func `a mistake has its place and a way out`(text: String, message: String) throws {
    #expect(try refusal(Array(text.utf8)) == Refusal(.syntax, message))
  }

  @Test func `a key that comes twice is refused at the second`() throws {
    let twice = Refusal(.duplicate, "line 3, column 1: the key \"a\" comes twice. Keep one.")
    #expect(try refusal(Array("a: 1\nb: 2\n'a': 3\n".utf8)) == twice)
    let many = (0..<100_000).map { "key\($0): 1\n" }.joined() + "key7: 2\n"
    let late = Refusal(.duplicate, "line 100001, column 1: the key \"key7\" comes twice. Keep one.")
    #expect(try refusal(Array(many.utf8)) == late)
  }

  @Test func `what is no text in UTF-8 is refused at its byte`() throws {
    #expect(
      try refusal(Array("é: 1\nb: ".utf8) + [0xff])
        == Refusal(.syntax, "line 2, column 4: the byte 0xff here is no UTF-8. Save the file as UTF-8.")
    )
    #expect(
      try refusal([0xff, 0xfe, 0x61, 0]).message.hasPrefix(
        "line 1, column 1: the byte 0xff here is no UTF-8."
      )
    )
    #expect(try refusal([0x61, 0x3a, 0x20, 0xed, 0xa0, 0x80]).message.contains("UTF-8"))
    for control: UInt8 in [0, 7, 0x1b, 0x7f] {
      let message = try refusal(Array("a: b".utf8) + [control]).message
      #expect(
        message.hasPrefix("line 1, column 5: the control character 0x\(String(control, radix: 16)) cannot")
      )
    }
  }

  @Test(arguments: [
    "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: [*b, *b, *b, *b, *b]\n",
    "a: &a {b: *a}\n", "a: &a x\n*a : y\n", "defaults: &d {cpus: 1}\nb: {<<: *d}\n", "? &a [x]\n: [*a]\n",
    "*a",
  ])
  func `no alias is followed, so no bomb goes off`(text: String) throws {
    #expect(try refusal(Array(text.utf8)).code == .syntax)
  }

  @Test func `an alias is refused with what to write instead`() throws {
    #expect(
      try refusal(Array("a: &a b\nc: *a\n".utf8)).message == """
        line 2, column 4: the alias "*a" is not read: a few lines of aliases can stand for gigabytes. Write out what it \
        stands for, or put what tasks share under "defaults"; if it is text, put it in quotes.
        """
    )
  }

  @Test(arguments: [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", "")])
  func `nesting ends at a hundred levels`(open: String, close: String) throws {
    func text(_ levels: Int) -> [UInt8] {
      Array((String(repeating: open, count: levels) + "x" + String(repeating: close, count: levels)).utf8)
    }
    if open != "? " { _ = try YAMLParser.parse(text(100)) }
    for levels in [101, 5_000, 200_000] {
      #expect(
        try refusal(text(levels)).message.hasSuffix(open == "? " ? "object." : "nested more than 100 deep.")
      )
    }
  }

  @Test func `a file too large for YAML is told to be JSON`() throws {
    let refusal = try refusal([UInt8](repeating: 0x20, count: YAMLParser.largestFile + 1))
    #expect(refusal.code == .tooLarge && refusal.message.contains("Write it as JSON"))
  }
}
