import Foundation
import Glibc
import Testing

extension ClusterTests {
  /// The master's files on a small file system in memory; only the superuser can make one.
  @Suite("A master's disk that is low", .timeLimit(.minutes(2)), .enabled(if: geteuid() == 0))
  struct DiskTests {
    /// Four MiB are the first segment, and another half of it are not enough for the next.
    private static let (small, large) = ("size=7m", "size=64m")

    @Test func `new jobs are refused, what runs ends, and all goes on once there is room`() async throws {
      try await TemporaryCluster.prepare(nodes: 1, cpus: 4) { cluster in
        let place = "\(cluster.data)/master"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        guard mount("reeve", place, "tmpfs", 0, Self.small) == 0 else {
          print("skipped: this machine lets nobody mount a tmpfs")
          return
        }
        defer { umount2(place, Int32(MNT_DETACH)) }
        try await cluster.start()
        let script = "while [ ! -e \(cluster.directory)/go ]; do sleep 0.05; done; echo over"
        #expect(try await cluster.reeve("submit", "--id", "long", "--", "sh", "-c", script).status == 0)
        try await waitUntil("it runs") { try await cluster.job("long").running == 1 }
        let refusal = try await fill(cluster)
        #expect(refusal.status == 6 && refusal.stderr.contains("disk is nearly full"), "\(refusal)")
        // Ends are written and shown, on the half segment that is left.
        _ = try cluster.write("", to: "go")
        #expect(try await cluster.reeve("wait", "long").status == 0)
        #expect(mount("reeve", place, "tmpfs", UInt(MS_REMOUNT), Self.large) == 0)
        try await waitUntil("it takes jobs again", within: .seconds(20)) {
          try await cluster.reeve("submit", "--", "true").status == 0
        }
        #expect(try await cluster.reeve("run", "--", "echo", "on").stdout == "on\n")
        #expect(cluster.log("master").contains("the disk has room again"))
      }
    }

    /// Submits what packs badly until something is refused.
    private func fill(_ cluster: TemporaryCluster) async throws -> Ended {
      var dice = SystemRandomNumberGenerator()
      for _ in 0..<60 {
        let letters = (0..<90_000).map { _ in UInt8.random(in: 97...122, using: &dice) }
        let ended = try await cluster.reeve("submit", "--", "true", String(decoding: letters, as: UTF8.self))
        if ended.status != 0 { return ended }
      }
      throw TestFailure("nothing was refused")
    }
  }
}
