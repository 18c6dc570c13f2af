import ReeveModel
import Testing

@Suite("Nearest known word") struct NearestTests {
  let known = [
    "command", "cpus", "memory", "disk", "time", "priority", "env", "after", "directory", "grace", "id",
  ]

  @Test(
    arguments: [
      ("memroy", "memory"), ("Memory", "memory"), ("cpu", "cpus"), ("comand", "command"), ("prio", nil),
      ("environment", nil), ("dsik", "disk"), ("afters", "after"), ("x", nil), ("", nil),
      ("directroy", "directory"),
      ("commando", "command"), ("memory", "memory"), ("if", "id"),
    ] as [(String, String?)]
  )
  func `a slip of one letter in three is forgiven, another word is not`(word: String, meant: String?) {
    #expect(nearest(to: word, among: known) == meant)
  }

  @Test func `the nearest wins, and of equals the first`() {
    #expect(nearest(to: "tile-11", among: ["tile-1", "tile-12", "tile-10"]) == "tile-1")
    #expect(nearest(to: "abcdef", among: ["abcxyf", "abcdeg"]) == "abcdeg")
  }

  @Test func `a suggestion is the end of a message, or nothing`() {
    #expect(suggestion(for: "memroy", among: known) == " Did you mean \"memory\"?")
    #expect(suggestion(for: "colour", among: known) == "")
  }

  @Test func `what is quoted neither floods a terminal nor moves its cursor`() {
    #expect("a\u{1b}[2J".quoted == #""a\u{1B}[2J""#)
    #expect("größe 1".quoted == "\"größe 1\"")
    #expect(String(repeating: "x", count: 100).quoted.count == 63)
  }
}
