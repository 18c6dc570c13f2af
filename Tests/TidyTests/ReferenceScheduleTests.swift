import Foundation
import Testing

/// Where the job logs and the reference are, if they are on this machine.
private let data: URL? = {
  let named = ProcessInfo.processInfo.environment["REEVE_SHARED_DATA"].map { URL(filePath: $0) }
  let data = named ?? SourceTree.root.deletingLastPathComponent().appending(path: "shared/data")
  return FileManager.default.fileExists(atPath: data.appending(path: "bounds.py").path) ? data : nil
}()

/// Schedules of recorded job logs against those of a reference that was written apart from Reeve, job for job.
@Suite(
  "Reference schedules",
  .enabled(if: data != nil, "REEVE_SHARED_DATA has no bounds.py and traces"),
  .timeLimit(.minutes(10))
)
struct ReferenceScheduleTests {
  static let logs = [
    "KTH-SP2-1996-2.1-cln", "SDSC-BLUE-2000-4.2-cln-first30k", "RICC-2010-2-first40k",
    "LLNL-Thunder-2007-1.1-cln-first40k", "NASA-iPSC-1993-3.1-cln", "lublin_256",
  ]
  /// What the reference calls them, and how they are asked for here.
  static let policies = [
    "fcfs": ["--policy", "fcfs"], "easy": ["--policy", "fcfs", "--backfill"],
    "ff": ["--policy", "fcfs", "--first-fit"], "sjf": ["--policy", "sjf"],
    "sjf-easy": ["--policy", "sjf", "--backfill"],
  ]

  @Test(arguments: logs) func `every job starts when the reference starts it`(log: String) throws {
    let data = try #require(data)
    let folder = FileManager.default.temporaryDirectory.appending(path: "reeve-traces-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = data.appending(path: "traces/\(log).swf.gz").path
    let names = Self.policies.keys.sorted()
    let reference = try Program.run(
      URL(filePath: "/usr/bin/env"),
      [
        "python3", data.appending(path: "bounds.py").path, file, "--json", "--policies",
        names.joined(separator: ","),
      ]
        + ["--starts", "reference"],
      in: folder
    )
    try #require(reference.status == 0, "\(reference.errors)")
    let expected = try Self.object(reference.output)
    for name in names {
      let run = try Program.run(
        ["simulate", file, "--json", "--starts", "own.csv"] + (Self.policies[name] ?? []),
        in: folder
      )
      try #require(run.status == 0, "\(run.errors)")
      let starts = try ["own", "reference.\(name)"].map {
        try String(contentsOf: folder.appending(path: "\($0).csv"), encoding: .utf8).split(separator: "\n")
      }
      let other = zip(starts[0], starts[1]).first { $0 != $1 }
      #expect(other == nil && starts[0].count == starts[1].count, "\(name): \(String(describing: other))")
      try Self.expectEqual(try Self.object(run.output), expected, name)
    }
  }

  private static func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// All that is said of the log, and the figures of one policy.
  private static func expectEqual(_ own: [String: Any], _ reference: [String: Any], _ name: String) throws {
    #expect(Set(own.keys) == Set(reference.keys))
    for key in own.keys where key != "policies" {
      #expect(isEqual(own[key], reference[key]), "\(key): \(String(describing: own[key]))")
    }
    let figures = try [own, reference].map {
      try #require(($0["policies"] as? [String: [String: Any]])?[name])
    }
    #expect(Set(figures[0].keys) == Set(figures[1].keys) && figures[0].count == 7)
    for key in figures[0].keys {
      #expect(
        isEqual(figures[0][key], figures[1][key]),
        "\(name) \(key): \(String(describing: figures[0][key]))"
      )
    }
  }

  /// Numbers up to their last place, which two ways to round may differ in.
  private static func isEqual(_ a: Any?, _ b: Any?) -> Bool {
    if let a = a as? Double, let b = b as? Double { return abs(a - b) <= 1e-3 + 1e-9 * abs(b) }
    return (a as? NSObject) == (b as? NSObject)
  }
}
