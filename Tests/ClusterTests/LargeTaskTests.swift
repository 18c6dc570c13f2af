import Testing

extension ClusterTests {
  @Suite("Tasks of which there is much to say", .timeLimit(.minutes(2))) struct LargeTaskTests {
    private struct Task: Decodable {
      var id: String
      var state: String
    }

    private func file(_ id: String, tasks: [String]) -> String {
      #"{"id": "\#(id)", "defaults": {"cpus": 0.05, "memory": 0}, "tasks": ["#
        + tasks.joined(separator: ",\n") + "]}"
    }

    @Test func `a job of long command lines stops nobody, and is run`() async throws {
      try await TemporaryCluster.run(nodes: 1, cpus: 8) { cluster in
        let word = String(repeating: "x", count: 96 << 10)
        let tasks = Array(repeating: #"{"command": ["true", "\#(word)"]}"#, count: 120)
        let path = try cluster.write(file("large", tasks: tasks), to: "large.json")
        let submitted = try await cluster.reeve("submit", "-f", path)
        #expect(submitted.status == 0, "\(submitted.stderr)")
        #expect(try await cluster.reeve("run", "--", "echo", "innocent").stdout == "innocent\n")
        #expect(try await cluster.reeve("wait", "large", "--timeout", "60s", "--quiet").status == 0)
        let shown: [Task] = try await cluster.reeve("ps", "large", "--json").decoded()
        #expect(shown.count == 120 && shown.allSatisfy { $0.state == "completed" })
      }
    }

    @Test func `a task is found by its label behind more than one question looks at`() async throws {
      try await TemporaryCluster.run(nodes: 1) { cluster in
        let array = #"{"id": "a", "array": "0-119999", "command": "true", "cpus": 64}"#
        let wanted = #"{"id": "b", "command": "echo found", "labels": {"k": "v"}}"#
        let path = try cluster.write(file("far", tasks: [array, wanted]), to: "far.json")
        let submitted = try await cluster.reeve("submit", "-f", path, "--allow-pending")
        #expect(submitted.status == 0, "\(submitted.stderr)")
        let logs = try await cluster.reeve("logs", "-f", "@k=v")
        #expect(logs.stdout == "found\n", "\(logs.stderr)")
        let shown: Task = try await cluster.reeve("show", "@k=v", "--json").decoded()
        #expect(shown.id == "far/b")
        for verb in ["show", "logs"] {
          let missing = try await cluster.reeve(verb, "@k=w")
          #expect(missing.status == 4 && missing.stderr.contains(#"No task is meant by "@k=w""#))
        }
      }
    }

    @Test func `tasks with many inputs are listed and shown`() async throws {
      try await TemporaryCluster.run(nodes: 1) { cluster in
        let tasks = (0..<30).map { task in
          let inputs = (0..<100).map { "\"\(task)-\($0)-\(String(repeating: "x", count: 3_000))\"" }
          return #"{"id": "t\#(task)", "command": "true", "inputs": [\#(inputs.joined(separator: ","))]}"#
        }
        let path = try cluster.write(file("inputs", tasks: tasks), to: "inputs.json")
        let submitted = try await cluster.reeve("submit", "-f", path, "--wait")
        #expect(submitted.status == 0, "\(submitted.stderr)")
        let shown: [Task] = try await cluster.reeve("ps", "inputs", "--json").decoded()
        #expect(shown.map(\.id) == (0..<30).map { "inputs/t\($0)" })
        let one = try await cluster.reeve("show", "inputs/t7")
        #expect(one.status == 0 && one.stdout.contains("7-99-xxx"), "\(one.stderr)")
      }
    }
  }
}
