import Foundation
import Testing

/// What is wrong before any master is asked: one message with the field, the value and what would be right, nothing on
/// standard output, status 2 or 3, and never a crash.
@Suite("Bad input", .timeLimit(.minutes(5))) struct BadInputTests {
  @Test(arguments: BadInput.onTheCommandLine + BadInput.inJobFiles + BadInput.inScripts)
  func `is refused with a message that helps`(input: BadInput) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "reeve-bad-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    if let (name, bytes) = input.file { try Data(bytes).write(to: folder.appending(path: name)) }
    let start = ContinuousClock.now
    let run = try Program.run(input.arguments, in: folder, input: input.standardInput)
    #expect(!run.crashed && run.status == input.status, "\(run.status): \(run.errors)")
    #expect(run.output.isEmpty, "\(run.output)")
    #expect(run.errors.hasPrefix("reeve: ") && run.errors.hasSuffix("\n"), "\(run.errors)")
    #expect(run.errors.components(separatedBy: "reeve: ").count == 2, "\(run.errors)")
    for part in input.says {
      #expect(run.errors.contains(part), "no \(part.debugDescription) in: \(run.errors)")
    }
    #expect(run.errors.utf8.count < 4_000, "\(run.errors.utf8.count) bytes are no message")
    #expect(
      run.errors.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 },
      "controls reach the terminal"
    )
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func `is told to scripts as an object`() throws {
    let run = try Program.run(
      ["submit", "--json", "-f", "-"],
      input: Array("tasks: [{command: x, cpus: 0}]".utf8)
    )
    #expect(run.status == 3 && run.output.isEmpty)
    #expect(
      run.errors.hasPrefix(
        #"{"code":"invalid","field":"tasks[0].cpus","message":"line 1, column 28: 0 is out of"#
      )
    )
  }

  @Test func `there are enough cases`() {
    let all = BadInput.onTheCommandLine + BadInput.inJobFiles + BadInput.inScripts
    #expect(all.count >= 80 && Set(all.map(\.description)).count == all.count)
  }
}

/// One of them.
struct BadInput: Sendable, CustomTestStringConvertible, CustomStringConvertible {
  var description: String
  var arguments: [String]
  var file: (name: String, bytes: [UInt8])?
  var standardInput: [UInt8] = []
  var status: Int32
  var says: [String]

  var testDescription: String { description }

  init(_ arguments: [String], _ status: Int32, _ says: String...) {
    description = arguments.map { $0.count > 60 ? "\($0.prefix(60))…" : $0 }.joined(separator: " ")
    self.arguments = arguments
    self.status = status
    self.says = says
  }

  /// A job file.
  static func job(_ text: String, _ status: Int32, _ says: String...) -> BadInput {
    job(Array(text.utf8), text, status, says)
  }

  static func job(_ bytes: [UInt8], _ description: String, _ status: Int32, _ says: [String]) -> BadInput {
    var input = BadInput(["submit", "-f", "job"], status)
    input.description = "job: \(description.prefix(80))"
    input.file = ("job", bytes)
    input.says = says
    return input
  }

  /// A script.
  static func script(_ text: String, _ status: Int32, _ says: String...) -> BadInput {
    var input = BadInput(["submit", "run.sh"], status)
    input.description = "script: \(text.prefix(80))"
    input.file = ("run.sh", Array(text.utf8))
    input.says = says
    return input
  }
}
