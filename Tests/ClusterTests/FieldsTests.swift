import Testing

extension ClusterTests {
  /// Fields are an interface: scripts read them. What is added here is added to the manual too.
  @Suite("What --json says", .timeLimit(.minutes(2))) struct FieldsTests {
    private let task: Set = [
      "id", "job", "name", "index", "state", "phase", "reason", "node", "rack", "attempts", "exitCode",
      "signal",
      "priority", "cpus", "memory", "disk", "submitted", "started", "ended", "cpuSeconds", "memoryPeak",
      "readBytes", "writeBytes", "labels", "inputs", "outputs", "constraints",
    ]
    private let details: Set = ["time", "command", "env", "after", "message", "stdoutTail", "stderrTail"]
    private let job: Set = [
      "id", "name", "user", "labels", "state", "submitted", "ended", "tasks", "pending", "running",
      "completed",
      "failed", "cancelled", "blocked", "queued", "assigned", "open", "reason", "exitCode", "signal",
    ]
    private let room: Set = ["cpus", "memory", "disk", "cpusFree", "memoryFree", "diskFree"]

    @Test func `tasks and jobs have the fields of the design`() async throws {
      try await TemporaryCluster.run { cluster in
        let options = ["--id", "mine", "--label", "team=imaging", "--priority", "3", "--cpus", "0.5"]
        let run = try await cluster.reeve(
          ["run"] + options + ["--env", "MODE=fast", "--time", "1m", "--", "sh", "-c", "exit 3"]
        )
        #expect(run.status == 3)
        #expect(try await cluster.reeve("ps", "mine", "--json").fieldNames() == [task])
        #expect(try await cluster.reeve("show", "mine/sh", "--json").fieldNames() == [task.union(details)])
        #expect(try await cluster.reeve("ps", "--json").fieldNames() == [job])
        #expect(try await cluster.reeve("show", "mine", "--json").fieldNames() == [job])

        let text = try await cluster.reeve("show", "mine/sh", "--json").stdout
        for field in [
          #""id": "mine/sh""#, #""job": "mine""#, #""state": "failed""#, #""reason": "exit-code""#,
          #""exitCode": 3"#, #""signal": null"#, #""priority": 3"#, #""cpus": 0.5"#, #""memory": 67108864"#,
          #""attempts": 1"#, #""time": 60"#,
        ] { #expect(text.contains(field), "\(field) in \(text)") }
        let time = /"(submitted|started|ended)": "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/
        #expect(text.matches(of: time).count == 3)
      }
    }

    @Test func `nodes and racks have what they offer and what is free of it`() async throws {
      try await TemporaryCluster.run(nodes: 3, racks: 2) { cluster in
        let node = room.union(["name", "rack", "state", "running", "attributes", "address"])
        let nodes = try await cluster.reeve("nodes", "--json")
        #expect(try nodes.fieldNames() == [node, node, node])
        let rack = room.union(["name", "state", "nodes", "assigned", "generation", "address"])
        #expect(try await cluster.reeve("racks", "--json").fieldNames() == [rack, rack])
        #expect(try await cluster.reeve("nodes", "-o", "name").stdout == "node-0\nnode-1\nnode-2\n")
        #expect(try await cluster.reeve("racks", "-o", "name").stdout == "rack-0\nrack-1\n")
      }
    }

    @Test func `every format tells the same tasks`() async throws {
      try await TemporaryCluster.run { cluster in
        let job = JobFile((0..<5).map { .init(id: "t\($0)", command: "true") })
        #expect(try await cluster.run(job, id: "five").status == 0)
        let names = (0..<5).map { "five/t\($0)" }
        #expect(
          try await cluster.reeve("ps", "five", "-o", "name").stdout == names.joined(separator: "\n") + "\n"
        )
        let lines = try await cluster.reeve("ps", "five", "-o", "jsonl").stdout.split(separator: "\n")
        #expect(lines.count == 5 && lines.allSatisfy { $0.hasPrefix("{") })
        let csv = try await cluster.reeve("ps", "five", "-o", "csv").stdout.split(whereSeparator: \.isNewline)
        #expect(csv.count == 6 && csv[0].hasPrefix("id,job,name,index,state,"))
        for format in ["table", "wide"] {
          let table = try await cluster.reeve("ps", "five", "-o", format).stdout
          #expect(names.allSatisfy { table.contains($0) })
        }
        #expect(try await cluster.tasks("five").map(\.id) == names)
      }
    }
  }
}
