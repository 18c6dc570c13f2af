import Foundation
import Glibc
import Testing

extension ClusterTests {
  @Suite("Rack-scheduler processes", .timeLimit(.minutes(3))) struct RackProcessTests {
    /// What a silent process still holds is its successor's, and its own again when it comes back.
    @Test func `a rack whose process hangs is another's for a while, and nothing runs twice`() async throws {
      try await TemporaryCluster.run(nodes: 2, racks: 2, cpus: 2) { cluster in
        let command = "echo $REEVE_TASK_ID >> \(cluster.directory)/ran; sleep 0.2"
        try await cluster.submit(
          JobFile((0..<400).map { .init(id: "t\($0)", command: command) }),
          id: "four-hundred"
        )
        try await waitUntil("tasks run") { cluster.lines("ran").count >= 40 }
        let hung = try cluster.pid("rack", "rack-0")
        kill(hung, SIGSTOP)
        defer { kill(hung, SIGCONT) }
        try await waitUntil("its rack has gone to the other", within: .seconds(30)) {
          cluster.log("rack-1").contains("this process serves one more rack")
        }
        let before = cluster.lines("ran").count
        try await waitUntil("tasks run on") { cluster.lines("ran").count > before + 60 }
        kill(hung, SIGCONT)
        try await waitUntil("it has its rack again", within: .seconds(30)) {
          cluster.log("rack-1").contains("no more streams to the master")
        }
        #expect(try await cluster.reeve("wait", "-q", "four-hundred").status == 0)
        let ran = cluster.lines("ran")
        #expect(ran.count == 400 && Set(ran).count == 400)
        #expect(try await cluster.tasks("four-hundred").allSatisfy { $0.attempts == 1 })
      }
    }

    @Test func `racks come to be with the nodes that name them, and go from a dead process to a living one`()
      async throws
    {
      try await TemporaryCluster.prepare { cluster in
        let data = "\(cluster.directory)/by-hand"
        let master = try cluster.begin("master", "--data", data)
        defer { master.endNow() }
        try await waitUntil("the master is there") {
          FileManager.default.fileExists(atPath: "\(data)/address")
            && FileManager.default.fileExists(atPath: "\(data)/token")
        }
        let address = try String(contentsOfFile: "\(data)/address", encoding: .utf8)
          .trimmingCharacters(in: .whitespacesAndNewlines)
        let place = ["--master", address, "--token-file", "\(data)/token"]
        let racks = try (0..<2).map { _ in try cluster.begin(["rack"] + place) }
        let agents = try ["west", "east", "north"].map { rack in
          try cluster.begin(
            ["agent", "--name", "in-\(rack)", "--rack", rack, "--data", data, "--cpus", "1"] + place
          )
        }
        defer { for process in racks + agents { process.endNow() } }
        func rows() async throws -> String {
          try await cluster.reeve(
            ["nodes", "-o", "csv"],
            environment: ["REEVE_ADDRESS": address, "REEVE_TOKEN_FILE": "\(data)/token"]
          ).stdout
        }
        try await waitUntil("all are up, each in its rack", within: .seconds(30)) {
          let rows = try await rows()
          return ["west", "east", "north"].allSatisfy { rows.contains("in-\($0),\($0),up") }
        }
        racks[0].endNow()
        try await waitUntil("they are the other's", within: .seconds(30)) {
          let run = try await cluster.reeve(
            ["run", "--cpus", "1", "--", "echo", "on"],
            environment: ["REEVE_ADDRESS": address, "REEVE_TOKEN_FILE": "\(data)/token"]
          )
          #expect(run.stdout == "on\n")
          return racks[1].stderr.split(separator: "\n").count { $0.contains("serves one more rack") } == 3
        }
      }
    }
  }
}
