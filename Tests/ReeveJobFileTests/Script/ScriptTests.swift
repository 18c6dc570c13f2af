import Foundation
import ReeveJobFile
import ReeveModel
import Testing

@Suite("Scripts") struct ScriptTests {
  private func script(_ text: String) throws -> Script { try Script.read(Array(text.utf8)) }

  private func refusal(_ bytes: [UInt8]) throws -> Refusal {
    try #require(throws: Refusal.self) { try Script.read(bytes) }
  }

  @Test(
    arguments: [
      ("#!/bin/sh\necho\n", ["/bin/sh"]), ("#!/bin/sh", ["/bin/sh"]),
      ("#! /bin/bash  -e \n", ["/bin/bash", "-e"]), ("#!\t/bin/sh -e -x\n", ["/bin/sh", "-e -x"]),
      ("#!/usr/bin/env -S python3 -u\n", ["/usr/bin/env", "-S python3 -u"]),
    ] as [(String, [String])]
  )
  func `the first line is read as the kernel reads it`(text: String, interpreter: [String]) throws {
    #expect(try script(text).interpreter == interpreter)
  }

  @Test func `what nothing could run is refused`() throws {
    #expect(
      try refusal(Array("#!\necho".utf8)).message
        == "line 1: \"#!\" names no interpreter. Write it as #!/bin/sh is."
    )
    #expect(try refusal(Array("#!sh\n".utf8)).message.hasPrefix("line 1: \"#!sh\" names no interpreter."))
    #expect(
      try refusal(Array("#!/bin/sh\r\necho\r\n".utf8)).message.hasPrefix(
        "line 1: its line ends are those of Windows"
      )
    )
    #expect(
      try refusal(Array("#!/bin/sh\n".utf8) + [0xff]).message.hasPrefix("the script is no text in UTF-8.")
    )
    #expect(try refusal(Array("#!/bin/sh\n".utf8) + [0]).code == .syntax)
    let large = Array("#!/bin/sh\n".utf8) + [UInt8](repeating: 0x20, count: Limits.argumentBytes)
    #expect(try refusal(large).code == .tooLarge)
  }

  /// Runs it as a task would be run, in a sandbox of its own.
  private func output(_ text: String, _ arguments: [String]) throws -> (text: String, status: Int32) {
    let sandbox = FileManager.default.temporaryDirectory.appending(path: "reeve-script-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: sandbox, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: sandbox) }
    let command = try script(text).command(name: "my job.sh", arguments: arguments)
    let process = Process()
    process.executableURL = URL(filePath: command[0])
    process.arguments = Array(command.dropFirst())
    process.environment = ["REEVE_SANDBOX": sandbox.path, "PATH": "/usr/bin:/bin"]
    process.currentDirectoryURL = sandbox
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: bytes, as: UTF8.self), process.terminationStatus)
  }

  @Test func `it runs by its interpreter, with its arguments and its own exit code`() throws {
    let shell = try output(
      "#!/bin/sh\nfor a; do echo \"<$a>\"; done\nls *\nbasename \"$0\"\nexit 7\n",
      ["a b", "-c", ""]
    )
    #expect(
      shell.status == 7 && shell.text.hasPrefix("<a b>\n<-c>\n<>\n") && shell.text.hasSuffix(".my job.sh\n")
    )
    let strict = try output("#!/bin/sh -e\nfalse\necho no\n", [])
    #expect(strict.status == 1 && strict.text.isEmpty)
    let other = try output("#!/usr/bin/env -S awk -f\nBEGIN { print \"it's\", ARGV[1] }\n", ["x"])
    #expect(other.status == 0 && other.text == "it's x\n")
    let quoted = try output("#!/bin/sh\nprintf '%s\\n' \"$1\" '\\\\' \"`echo %s`\"", ["%d"])
    #expect(quoted.text == "%d\n\\\\\n%s\n" && quoted.status == 0)
  }

  @Test func `an interpreter that is not there is 127, as a shell says it`() throws {
    let missing = try output("#!/no/such/thing\n", [])
    #expect(missing.status == 127 && missing.text.contains("/no/such/thing"))
  }
}
