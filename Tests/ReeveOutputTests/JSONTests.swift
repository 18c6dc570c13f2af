import ReeveOutput
import Testing

@Suite("JSON") struct JSONTests {
  @Test func `a line has no blanks and keeps the order of fields`() {
    let value = Value.object([
      Field("b", .integer(1)), Field("a", .list([.null, .flag(true), .thousandths(-1_500)])),
      Field("c", .object([])),
    ])
    #expect(JSON.line(value) == #"{"b":1,"a":[null,true,-1.5],"c":{}}"#)
  }

  @Test(
    arguments: [
      ("plain ü €", #""plain ü €""#), ("\"\\", #""\"\\""#), ("a\nb\tc\r", #""a\nb\tc\r""#),
      ("\u{1}\u{7f}", "\"\\u0001\\u007f\""), ("", "\"\""),
    ] as [(String, String)]
  )
  func `strings are quoted`(text: String, json: String) {
    #expect(JSON.line(.text(text)) == json)
  }

  @Test(
    arguments: [(0, "0"), (1, "0.001"), (500, "0.5"), (2_000, "2"), (-10, "-0.01"), (12_345, "12.345")]
      as [(Int64, String)]
  )
  func `thousandths are decimals without zeros at the end`(n: Int64, text: String) {
    #expect(JSON.decimal(thousandths: n) == text)
  }

  @Test func `objects are indented, lists of scalars are not`() {
    let value = Value.object([
      Field("command", .strings(["a", "b"])), Field("list", .list([.object([Field("x", .null)])])),
    ])
    #expect(
      JSON.pretty(value) == """
        {
          "command": ["a","b"],
          "list": [
            {
              "x": null
            }
          ]
        }
        """
    )
  }
}

@Suite("CSV") struct CSVTests {
  @Test func `what has commas, quotes or line ends stands in quotes`() {
    let fields = [
      Field("a", .text("x")), Field("b", .text("1,2")), Field("c", .text("say \"hi\"\n")), Field("d", .null),
      Field("e", .object([Field("k", .text("v"))])), Field("f", .object([])),
    ]
    #expect(CSV.names(fields) == "a,b,c,d,e,f\r\n")
    #expect(CSV.line(fields) == "x,\"1,2\",\"say \"\"hi\"\"\n\",,\"{\"\"k\"\":\"\"v\"\"}\",\r\n")
  }
}

@Suite("Tables") struct TableTests {
  @Test func `columns line up, numbers to the right, and nothing trails`() {
    var table = Table([Table.Column("NAME"), Table.Column("N", isNumber: true), Table.Column("WHY")])
    #expect(
      table.page([["a", "1", "-"], ["long", "22", "x"]]) == """
        NAME   N  WHY
        a      1  -
        long  22  x

        """
    )
    #expect(table.page([["b", "333", ""]]) == "b     333  \n")
  }

  @Test(
    arguments: [
      ("node-9", "node-10", true), ("node-10", "node-9", false), ("node-1", "node-1", false),
      ("a", "a1", true),
      ("n-01", "n-2", true), ("a10b", "a10c", true),
    ] as [(String, String, Bool)]
  )
  func `names count their numbers`(a: String, b: String, isBefore: Bool) {
    #expect(byName(a, b) == isBefore)
  }
}
