import Foundation
import Testing

extension ClusterTests {
  @Suite("Whose node it is", .timeLimit(.minutes(2))) struct FenceTests {
    @Test func `a node keeps the generation that it has obeyed, and goes on under it`() async throws {
      try await TemporaryCluster.run(nodes: 1) { cluster in
        let path = "\(cluster.data)/agent/node-0/fence"
        try await waitUntil("it has obeyed") { FileManager.default.fileExists(atPath: path) }
        try await waitUntil("the first generation") {
          try String(contentsOfFile: path, encoding: .utf8).hasSuffix("1.1\n")
        }
        try await cluster.killRole("rack")
        try await waitUntil("the next rack scheduler is obeyed") {
          try String(contentsOfFile: path, encoding: .utf8).hasSuffix("1.2\n")
        }
        try await cluster.killRole("agent")
        #expect(try await cluster.reeve("run", "--", "echo", "on").stdout == "on\n")
      }
    }

    @Test func `a node of another cluster is not taken in, and says why`() async throws {
      try await TemporaryCluster.run(nodes: 1) { cluster in
        let data = "\(cluster.directory)/moved"
        let own = "\(data)/agent/moved"
        try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
        try Data("reeve fence 1\nabc\n7.3\n".utf8).write(to: URL(fileURLWithPath: "\(own)/fence"))
        let agent = try cluster.begin("agent", "--name", "moved", "--data", data)
        defer { agent.endNow() }
        try await waitUntil("it says so") { agent.stderr.contains("belong to cluster abc") }
        #expect(try await !cluster.reeve("nodes").stdout.contains("moved"))
      }
    }

    @Test func `a damaged record of it ends the agent with what to do`() async throws {
      try await TemporaryCluster.run(nodes: 1) { cluster in
        let data = "\(cluster.directory)/damaged"
        let own = "\(data)/agent/damaged"
        try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
        try Data("reeve fence 2\n".utf8).write(to: URL(fileURLWithPath: "\(own)/fence"))
        let agent = try await cluster.reeve("agent", "--name", "damaged", "--data", data)
        #expect(agent.status == 3 && agent.stderr.contains("damaged, or of a newer Reeve"), "\(agent)")
      }
    }
  }
}
