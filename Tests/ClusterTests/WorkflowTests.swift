import Foundation
import Testing

/// Where the recorded workflows are, if they are on this machine.
private let recorded: URL? = {
  let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  let named = ProcessInfo.processInfo.environment["REEVE_SHARED_DATA"].map { URL(filePath: $0) }
  let data = named ?? package.deletingLastPathComponent().appending(path: "shared/data")
  let workflows = data.appending(path: "workflows")
  return FileManager.default.fileExists(atPath: workflows.path) ? workflows : nil
}()

extension ClusterTests {
  @Suite(
    "Recorded workflows run again",
    .timeLimit(.minutes(10)),
    .enabled(if: recorded != nil, "the recorded workflows are not on this machine")
  )
  struct WorkflowTests {
    /// Small ones burn a ten-thousandth of their time, the three large ones none: what they show is their structure.
    @Test func `each of the fifteen runs to its end, and each task after all that it depends on`()
      async throws
    {
      let folder = try #require(recorded)
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        .filter { $0.hasSuffix(".json") || $0.hasSuffix(".json.gz") }
      #expect(files.count == 15)
      try await TemporaryCluster.run(nodes: 8, racks: 2, cpus: 1) { cluster in
        for (number, file) in files.enumerated() {
          let path = folder.appending(path: file).path
          let scale = file.hasSuffix(".gz") ? "0" : "0.0001"
          let ended = try await cluster.reeve(
            "workflow",
            "run",
            path,
            "--id",
            "w\(number)",
            "-q",
            "--time-scale",
            scale,
            "--data-scale",
            "0"
          )
          #expect(ended.status == 0 && ended.stdout == "w\(number)\n", "\(file): \(ended)")
          try await check("w\(number)", file, try parents(in: path), cluster)
        }
      }
    }

    private func check(
      _ job: String,
      _ file: String,
      _ parents: [String: [String]],
      _ cluster: TemporaryCluster
    ) async throws {
      let tasks = try await cluster.tasks(job)
      let byName = Dictionary(uniqueKeysWithValues: tasks.map { ($0.name, $0) })
      #expect(tasks.count == parents.count && Set(byName.keys) == Set(parents.keys), "\(file)")
      #expect(tasks.allSatisfy { $0.state == "completed" && $0.attempts == 1 }, "\(file)")
      var early: [String] = []
      for (name, parents) in parents {
        for parent in parents {
          // Times of a fixed form compare as text, to the millisecond.
          let (ended, started) = (byName[parent]?.ended ?? "?", byName[name]?.started ?? "")
          if ended > started { early.append("\(name) at \(started), \(parent) at \(ended)") }
        }
      }
      #expect(early.isEmpty, "\(file): started before what they depend on had ended")
    }

    /// The tasks of a workflow and what each waits for, by the names that Reeve gives them; read without Reeve.
    private func parents(in path: String) throws -> [String: [String]] {
      let bytes = path.hasSuffix(".gz") ? try unzipped(path) : try Data(contentsOf: URL(filePath: path))
      let top = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
      let workflow = try #require(top["workflow"] as? [String: Any])
      let planned = (workflow["specification"] as? [String: Any])?["tasks"] ?? workflow["tasks"]
      let tasks = try #require(planned as? [[String: Any]])
      // The flat list of old files names tasks by `name` in its edges.
      let ids = tasks.map { ($0["id"] ?? $0["name"]) as? String ?? "" }
      let names = tasks.map { $0["name"] as? String ?? "" }
      let isFlat = workflow["specification"] == nil
      let byName = Dictionary(zip(isFlat ? names : ids, ids)) { first, _ in first }
      var parents: [String: [String]] = [:]
      for (id, task) in zip(ids, tasks) {
        let named = task["parents"] as? [String] ?? []
        parents[encoded(id)] = named.map { encoded(byName[$0] ?? $0) }
      }
      return parents
    }

    private func encoded(_ id: String) -> String {
      id.utf8.map { byte in
        let isPlain = byte > 0x20 && byte < 0x7f && byte != UInt8(ascii: "/") && byte != UInt8(ascii: "%")
        return isPlain ? String(Unicode.Scalar(byte)) : String(format: "%%%02X", Int(byte))
      }.joined()
    }

    private func unzipped(_ path: String) throws -> Data {
      let gzip = Process()
      gzip.executableURL = URL(filePath: "/usr/bin/env")
      gzip.arguments = ["gzip", "-dc", path]
      let pipe = Pipe()
      gzip.standardOutput = pipe
      try gzip.run()
      let data = pipe.fileHandleForReading.readDataToEndOfFile()
      gzip.waitUntilExit()
      return data
    }
  }
}
