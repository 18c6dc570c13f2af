import Foundation
import Testing

/// Each verb's help is recorded, so that a change of it is seen. Recorded anew with REEVE_RECORD=1; read the diff.
@Suite("Recorded help") struct HelpTests {
  static let verbs = [
    "", "submit", "run", "wait", "cancel", "workflow", "workflow run", "ps", "show", "logs", "nodes",
    "nodes forget", "racks",
    "up", "master", "rack", "agent", "bench", "simulate",
  ]

  @Test(arguments: verbs)
  func `is what the verb says`(verb: String) throws {
    let name = verb.isEmpty ? "reeve" : verb.replacing(" ", with: "-")
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Help/\(name).txt")
    let said = try help(verb)
    if ProcessInfo.processInfo.environment["REEVE_RECORD"] == "1" {
      try said.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == said, "REEVE_RECORD=1 records it anew")
  }

  /// What the program beside these tests prints, whatever the width of this terminal.
  private func help(_ verb: String) throws -> String {
    let bundle = try #require(CommandLine.arguments.first { $0.hasSuffix(".xctest") })
    let process = Process()
    process.executableURL = URL(filePath: bundle).deletingLastPathComponent().appending(path: "reeve")
    process.arguments = verb.split(separator: " ").map(String.init) + ["--help"]
    process.environment = ["COLUMNS": "100"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: bytes, as: UTF8.self)
  }
}
