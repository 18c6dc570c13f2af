import Glibc
import Testing

extension ClusterTests {
  @Suite("Virtual nodes", .timeLimit(.minutes(2))) struct VirtualNodesTests {
    private static let tasks = 6_000

    @Test func `six thousand tasks each end once, though all nodes die at once in the middle`() async throws {
      let habits = ["--run-time", "uniform:50ms-150ms", "--fail", "0.1", "--seed", "7"]
      try await TemporaryCluster.run(nodes: 20, racks: 2, cpus: 8, virtual: habits) { cluster in
        try await cluster.submit(
          JobFile((0..<Self.tasks).map { .init(id: "t\($0)", command: "none of this runs") }),
          id: "many"
        )
        try await waitUntil("a third has ended") {
          let job = try await cluster.job("many")
          return job.completed + job.failed > Self.tasks / 3
        }
        try await cluster.killRole("agent")
        #expect(try await cluster.reeve("wait", "-q", "many").status == 1)

        let tasks = try await cluster.tasks("many")
        let failed = tasks.filter { $0.state == "failed" }
        #expect(
          tasks.count == Self.tasks && failed.count + tasks.count { $0.state == "completed" } == Self.tasks
        )
        #expect(failed.allSatisfy { $0.reason == "exit-code" && $0.exitCode == 1 })
        #expect(abs(failed.count - Self.tasks / 10) < 150, "\(failed.count) have failed")
        // What ran when the nodes died ran again, and nothing else did.
        let again = tasks.count { $0.attempts == 2 }
        #expect((1...1_000).contains(again), "\(again) ran again")
        #expect(tasks.allSatisfy { (1...2).contains($0.attempts) })
        let nodes = try await cluster.reeve("nodes", "-o", "csv").stdout.split(whereSeparator: \.isNewline)
        #expect(nodes.count { $0.hasPrefix("node-00") && $0.contains(",up,") } == 20, "\(nodes)")
      }
    }

    @Test func `what seems to run is cancelled and timed out like anything else, and has no output`()
      async throws
    {
      try await TemporaryCluster.run(nodes: 3, virtual: ["--run-time", "1h"]) { cluster in
        let timed = try await cluster.reeve("submit", "--id", "timed", "--time", "200ms", "--wait", "--", "x")
        #expect(timed.status == 128 + SIGTERM, "\(timed)")
        #expect(try await cluster.task("timed/x").reason == "timed-out")
        _ = try await cluster.reeve("submit", "--id", "long", "--", "x")
        try await waitUntil("it runs") { try await cluster.job("long").state == "running" }
        #expect(try await cluster.reeve("cancel", "long").status == 0)
        #expect(try await cluster.reeve("wait", "-q", "long").status != 0)
        #expect(try await cluster.task("long/x").state == "cancelled")
        let logs = try await cluster.reeve("logs", "long")
        #expect(logs.status == 0 && logs.stdout.isEmpty, "\(logs)")
      }
    }

    @Test(
      arguments: [
        (["--virtual", "0"], "--virtual 0"), (["--virtual", "20000"], "10000"),
        (["--virtual", "2", "--fail", "1.5"], "--fail 1.5"),
        (["--virtual", "2", "--fail", "nan"], "--fail nan"),
        (["--virtual", "2", "--run-time", "soon"], "exponential:2s"),
        (["--virtual", "2", "--run-time", "uniform:2s-1s"], "uniform:1s-2s"),
        (["--fail", "0.1"], "--virtual"), (["--run-time", "1s"], "--virtual"),
        (["--seed", "1"], "--virtual"),
        (["--rack", "a", "--rack", "b"], "--virtual"),
      ]
    )
    func `what makes no sense is refused with what would`(options: [String], hint: String) async throws {
      try await TemporaryCluster.prepare { cluster in
        let ended = try await cluster.reeve(["agent", "--name", "n"] + options)
        #expect(ended.status == 2 && ended.stderr.contains(hint), "\(ended)")
      }
    }

    @Test func `nodes are real or virtual`() async throws {
      try await TemporaryCluster.prepare { cluster in
        let ended = try await cluster.reeve("up", "--nodes", "2", "--virtual", "2")
        #expect(ended.status == 2 && ended.stderr.contains("give one of them"), "\(ended)")
      }
    }
  }
}
