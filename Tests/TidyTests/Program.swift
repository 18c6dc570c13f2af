import Foundation
import Testing

/// The program beside these tests, run as its users run it.
enum Program {
  struct Run {
    var output: String
    var errors: String
    var status: Int32
    /// Whether a signal ended it.
    var crashed: Bool
  }

  /// The directory of the built programs.
  static var directory: URL {
    get throws {
      let bundle = try #require(CommandLine.arguments.first { $0.hasSuffix(".xctest") })
      return URL(filePath: bundle).deletingLastPathComponent()
    }
  }

  /// Runs `reeve`, with no cluster that it could find, and whatever the width of this terminal.
  static func run(
    _ arguments: [String],
    in folder: URL? = nil,
    input: [UInt8] = [],
    environment: [String: String] = [:]
  ) throws -> Run {
    try run(directory.appending(path: "reeve"), arguments, in: folder, input: input, environment: environment)
  }

  static func run(
    _ program: URL,
    _ arguments: [String],
    in folder: URL? = nil,
    input: [UInt8] = [],
    environment: [String: String] = [:]
  ) throws -> Run {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = ["COLUMNS": "100", "REEVE_ADDRESS": "127.0.0.1:1", "PATH": "/usr/bin:/bin"].merging(
      environment
    ) {
      $1
    }
    process.currentDirectoryURL = folder
    // Files, not pipes: nothing waits for anything.
    let scratch = FileManager.default.temporaryDirectory.appending(path: "reeve-run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let files = try ["input", "output", "errors"].map { name in
      let file = scratch.appending(path: name)
      try Data(name == "input" ? input : []).write(to: file)
      return file
    }
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    return Run(
      output: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self),
      status: process.terminationStatus,
      crashed: process.terminationReason == .uncaughtSignal
    )
  }
}
