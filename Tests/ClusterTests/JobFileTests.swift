import Testing

extension ClusterTests {
  @Suite("Job files that are refused", .timeLimit(.minutes(2))) struct JobFileTests {
    /// A file, how `submit` ends, and what stands in its message.
    private struct Bad {
      var text: String
      var status: Int32 = 3
      var words: [String]

      init(_ text: String, _ status: Int32 = 3, _ words: String...) {
        (self.text, self.status, self.words) = (text, status, words)
      }

      /// A task with this field.
      static func field(_ key: String, _ value: String, _ words: String...) -> Bad {
        var bad = Bad(#"{"tasks": [{"command": ["true"], "\#(key)": \#(value)}]}"#)
        bad.words = ["tasks[0].\(key)", "line 1, column "] + words
        return bad
      }
    }

    private let syntax = [
      Bad("", 2, "line 1, column 1"), Bad("tasks: [", 2, "line 1, column 9"),
      Bad("{\"tasks\": [\n  {\"command\": [\"x\"},\n]}", 2, "line 2, column 19", "','"),
      Bad("{\"tasks\": [{\"command\": \"x\"}]} x", 2, "line 1, column 31"),
    ]

    private let keysAndIDs = [
      Bad(#"{"taks": []}"#, 3, #""taks""#, #""tasks""#), .field("memroy", "1", #""memroy""#, #""memory""#),
      .field("id", #""a b""#, #""a b""#), .field("id", #""a/b""#, #""a/b""#), .field("id", #""""#),
      Bad(#"{"id": "..", "tasks": [{"command": "x"}]}"#, 3, "id", #""..""#),
      Bad(
        #"{"tasks": [{"id": "a", "command": "x"}, {"id": "a", "command": "x"}]}"#,
        3,
        "tasks[1].id",
        #""a""#
      ),
      Bad(#"{"tasks": []}"#, 3, "no tasks"), Bad(#"{"tasks": [{"id": "a"}]}"#, 3, "tasks[0].command"),
    ]

    private let edges = [
      Bad(
        #"{"tasks": [{"id": "fetch", "command": "x"}, {"command": "x", "after": ["fetsch"]}]}"#,
        3,
        "tasks[1].after",
        #""fetsch""#,
        #""fetch""#
      ),
      .field("after", #"["0"]"#, "waits for itself"),
      Bad(
        #"{"tasks": [{"id": "a", "command": "x", "after": ["b"]}, {"id": "b", "command": "x", "after": ["c"]}, "#
          + #"{"id": "c", "command": "x", "after": ["a"]}]}"#,
        3,
        "a → b → c → a"
      ),
    ]

    private let amounts: [Bad] = [
      .field("cpus", "0", "0"), .field("cpus", "-1", "-1"), .field("cpus", #""two""#, #""two""#),
      .field("cpus", "1e30", "1e30"), .field("cpus", "1000001"), .field("memory", "-1", "-1"),
      .field("memory", #""512""#, #""512""#, "unit"), .field("memory", "1e40", "1e40"),
      .field("memory", #""1ZiB""#, #""1ZiB""#), .field("disk", #""-1GiB""#, #""-1GiB""#),
      .field("time", "0", "0s"), .field("time", #""90""#, #""90""#, "unit"), .field("grace", #""2h""#, "2h"),
      .field("priority", "1.5", "1.5"), .field("priority", "1000000000000"),
    ]

    @Test func `each names the field, its value and what would be right, and changes nothing`() async throws {
      try await TemporaryCluster.run { cluster in
        #expect(try await cluster.reeve("submit", "--wait", "--", "true").status == 0)
        let before = try await cluster.reeve("ps", "--all", "--json").stdout
        for bad in syntax + keysAndIDs + edges + amounts {
          let file = try cluster.write(bad.text, to: "bad.json")
          let ended = try await cluster.reeve("submit", "-f", file)
          #expect(ended.status == bad.status && ended.stdout.isEmpty, "\(bad.text): \(ended)")
          for word in bad.words { #expect(ended.stderr.contains(word), "\(bad.text): \(ended.stderr)") }
        }
        #expect(try await cluster.reeve("ps", "--all", "--json").stdout == before)
      }
    }

    @Test func `what is too large for every node is refused whole, with its task`() async throws {
      try await TemporaryCluster.run { cluster in
        let job = JobFile([
          .init(id: "small", command: "true"), .init(id: "large", command: "true", cpus: 3),
        ])
        let ended = try await cluster.run(job, id: "mixed")
        #expect(ended.status == 3 && ended.stderr.contains("tasks[1].cpus") && ended.stderr.contains(#""3""#))
        #expect(try await cluster.reeve("ps", "--all", "--json").stdout == "[]\n")
      }
    }

    @Test func `--dry-run only validates`() async throws {
      try await TemporaryCluster.run { cluster in
        let good = try cluster.write(try JobFile([.init(id: "a", command: "true")]).text, to: "good.json")
        let bad = try cluster.write("{}", to: "bad.json")
        #expect(try await cluster.reeve("submit", "--dry-run", "-f", good).status == 0)
        #expect(try await cluster.reeve("submit", "--dry-run", "-f", bad).status == 3)
        #expect(try await cluster.reeve("ps", "--all", "--json").stdout == "[]\n")
      }
    }
  }
}
