import Foundation
import Testing

/// Each verb's help is recorded, so that a change of it is seen. Recorded anew with REEVE_RECORD=1; read the diff.
@Suite("Recorded help") struct HelpTests {
  static let verbs = [
    "", "submit", "close", "run", "wait", "cancel", "hold", "release", "priority", "retry", "workflow",
    "workflow run",
    "ps", "show", "logs", "explain", "top", "nodes", "nodes forget", "racks", "policy",
    "up", "master", "rack", "agent", "schema", "completions", "bench", "simulate",
  ]

  @Test(arguments: verbs)
  func `is what the verb says`(verb: String) throws {
    let name = verb.isEmpty ? "reeve" : verb.replacing(" ", with: "-")
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Help/\(name).txt")
    let run = try Program.run(verb.split(separator: " ").map(String.init) + ["--help"])
    #expect(run.status == 0)
    let said = run.output
    if ProcessInfo.processInfo.environment["REEVE_RECORD"] == "1" {
      try said.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == said, "REEVE_RECORD=1 records it anew")
  }
}
