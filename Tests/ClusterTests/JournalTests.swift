import Foundation
import Testing

extension ClusterTests {
  @Suite("A journal that was harmed", .timeLimit(.minutes(2))) struct JournalTests {
    /// Ends with three jobs on record, and the cluster down.
    private func prepare(_ cluster: TemporaryCluster) async throws {
      try await cluster.start()
      for id in ["first", "second", "third"] {
        #expect(try await cluster.reeve("submit", "--id", id, "--wait", "--", "true").status == 0)
      }
      try await cluster.stop()
    }

    /// The newest segment that holds anything, its bytes, and where what was written into it ends.
    private func segment(_ cluster: TemporaryCluster) throws -> (path: String, bytes: Data, end: Int) {
      let folder = "\(cluster.data)/master/journal"
      let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
        $0.hasSuffix(".segment")
      }
      for name in names.sorted().reversed() {
        let bytes = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
        if let last = bytes.lastIndex(where: { $0 != 0 }), last > 4_096 {
          return ("\(folder)/\(name)", bytes, last + 1)
        }
      }
      throw TestFailure("no segment in \(folder) holds anything: \(names)")
    }

    private func rewrite(_ path: String, _ bytes: Data) throws {
      try bytes.write(to: URL(filePath: path))
    }

    @Test func `after a clean end all is as it was`() async throws {
      try await TemporaryCluster.prepare { cluster in
        try await prepare(cluster)
        try await cluster.start()
        let jobs: [JobRecord] = try await cluster.reeve("ps", "--json").decoded()
        #expect(
          jobs.map(\.id) == ["third", "second", "first"] && jobs.allSatisfy { $0.state == "completed" }
        )
        #expect(!cluster.log("master").contains("warning"), "\(cluster.log("master"))")
      }
    }

    @Test(arguments: ["zeroed", "garbled", "cut off"])
    func `a torn end is cut with a warning, and all before it stands`(how: String) async throws {
      try await TemporaryCluster.prepare { cluster in
        try await prepare(cluster)
        let (path, bytes, end) = try segment(cluster)
        var torn = bytes
        switch how {
        case "zeroed": torn.replaceSubrange(end - 5..<end, with: Data(count: 5))
        case "garbled": torn.replaceSubrange(end - 5..<end, with: Data([1, 2, 3, 4, 5]))
        default: torn = torn[..<(end - 5)]
        }
        try rewrite(path, torn)
        try await cluster.start()
        #expect(cluster.log("master").contains("warning"), "\(cluster.log("master"))")
        let jobs: [JobRecord] = try await cluster.reeve("ps", "--json").decoded()
        #expect(jobs.map(\.id) == ["third", "second", "first"], "\(jobs)")
        // The last record was an end: the task was assigned, and what became of it is asked for again.
        #expect(try await cluster.reeve("wait", "first", "second", "third").status == 0)
        #expect(try await cluster.reeve("run", "--", "echo", "on").stdout == "on\n")
      }
    }

    @Test func `damage in the middle refuses the start, and says where and what can be done`() async throws {
      try await TemporaryCluster.prepare { cluster in
        try await prepare(cluster)
        let (path, bytes, end) = try segment(cluster)
        var harmed = bytes
        harmed[4_096 + (end - 4_096) / 2] ^= 0xff
        try rewrite(path, harmed)
        let up = try await cluster.reeve("up", "--data", cluster.data)
        #expect(up.status == 6 && up.stdout.isEmpty, "\(up)")
        for words in ["is damaged at byte", path, "Nothing has been changed", "truncate --size"] {
          #expect(up.stderr.contains(words), "\(words): \(up.stderr)")
        }
        #expect(try Data(contentsOf: URL(filePath: path)) == harmed)
        // Put right, it goes on.
        try rewrite(path, bytes)
        try await cluster.start()
        #expect(try await cluster.reeve("wait", "first", "second", "third").status == 0)
      }
    }
  }
}
