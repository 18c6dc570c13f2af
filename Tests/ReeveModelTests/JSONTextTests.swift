import ReeveModel
import Testing

@Suite("JSON text") struct JSONTextTests {
  @Test(
    arguments: [
      ("plain ü € 🙂", #""plain ü € 🙂""#), (#""\"#, #""\"\\""#), ("a\nb\tc\rü", #""a\nb\tc\rü""#),
      ("\u{0}\u{1}\u{1f}\u{7f}\u{80}", "\"\\u0000\\u0001\\u001f\\u007f\u{80}\""), ("", "\"\""),
    ] as [(String, String)]
  )
  func `quotes, backslashes and controls are escaped, and nothing else`(text: String, json: String) {
    #expect(text.asJSON == json)
    var bytes: [UInt8] = Array("[".utf8)
    bytes.appendJSON(text)
    #expect(String(decoding: bytes, as: UTF8.self) == "[" + json)
  }
}
