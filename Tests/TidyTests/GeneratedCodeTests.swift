import Foundation
import Testing

@Suite("Generated code") struct GeneratedCodeTests {
  /// Builds the generators the first time, which takes minutes.
  @Test(.timeLimit(.minutes(15))) func `is what Scripts/generate makes of the protocol's files`() async throws
  {
    let paths = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let hasCompiler = paths.contains { FileManager.default.isExecutableFile(atPath: "\($0)/protoc") }
    guard hasCompiler else {
      Issue.record("protoc is missing: apt-get install protobuf-compiler")
      return
    }
    let script = Process()
    script.executableURL = SourceTree.root.appending(path: "Scripts/generate")
    script.arguments = ["--check"]
    let output = FileManager.default.temporaryDirectory.appending(path: "reeve-generate-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: output) }
    #expect(FileManager.default.createFile(atPath: output.path, contents: nil))
    let file = try FileHandle(forWritingTo: output)
    (script.standardOutput, script.standardError) = (file, file)
    try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
      script.terminationHandler = { _ in ended.resume() }
      do { try script.run() } catch { ended.resume(throwing: error) }
    }
    let said = try String(contentsOf: output, encoding: .utf8).suffix(4_000)
    #expect(script.terminationStatus == 0, "\(said)")
  }
}
