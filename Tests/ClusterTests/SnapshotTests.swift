import Foundation
import Testing

extension ClusterTests {
  @Suite("Snapshots", .timeLimit(.minutes(2))) struct SnapshotTests {
    private static let count = 400

    /// Snapshots that exist, and everything else that lies there.
    private func snapshots(_ cluster: TemporaryCluster) throws -> (whole: [String], other: [String]) {
      let folder = "\(cluster.data)/master/snapshots"
      let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      let whole = names.filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)/manifest") }
      return (whole, names.filter { !whole.contains($0) })
    }

    @Test func `the master dies again and again while it makes them: all goes on, and nothing is lost`()
      async throws
    {
      try await TemporaryCluster.prepare(nodes: 2, cpus: 4) { cluster in
        // One after the other, as fast as they can be made.
        try await cluster.start("--snapshot-every", "1B")
        let command = "echo $REEVE_TASK_ID >> \(cluster.directory)/ran; sleep 0.05"
        try await cluster.submit(
          JobFile((0..<Self.count).map { .init(id: "t\($0)", command: command) }),
          id: "many"
        )
        for progress in stride(from: 30, to: Self.count - 50, by: 40) {
          try await waitUntil("\(progress) tasks have run", within: .seconds(60)) {
            cluster.lines("ran").count >= progress
          }
          try await cluster.killRole("master")
        }
        let ended = try await cluster.reeve("wait", "-q", "many")
        #expect(ended.status == 0, "\(ended)")
        let tasks = try await cluster.tasks("many")
        #expect(tasks.count == Self.count && tasks.allSatisfy { $0.attempts == 1 && $0.exitCode == 0 })
        #expect(Set(cluster.lines("ran")).count == Self.count)
        try await cluster.stop()
        #expect(cluster.log("master").contains("[ReeveMaster] snapshot"))
        #expect(!cluster.log("master").contains("passed over"), "\(cluster.log("master"))")
        #expect(try snapshots(cluster).whole.count == 2)
        try await cluster.start()
        #expect(try snapshots(cluster).other.isEmpty)
        #expect(try await cluster.tasks("many").map(\.id) == tasks.map(\.id))
        let job = try await cluster.job("many")
        #expect(job.completed == Self.count, "\(job)")
        #expect(try await cluster.reeve("run", "--", "echo", "on").stdout == "on\n")
      }
    }
  }
}
