import Glibc
import Testing

extension ClusterTests {
  @Suite("Exit codes", .timeLimit(.minutes(2))) struct ExitStatusTests {
    @Test func `2 is a command line that makes no sense, or a file that cannot be read`() async throws {
      try await TemporaryCluster.run { cluster in
        for arguments in [
          ["nonsense"], ["ps", "--nonsense"], ["submit"], ["run", "--"],
          ["submit", "--cpus", "two", "--", "true"],
          ["submit", "-f", "/nonexistent"], ["submit", "-f", "/tmp"], ["show", "a/"], ["wait"],
        ] {
          let ended = try await cluster.reeve(arguments)
          #expect(
            ended.status == 2 && !ended.stderr.isEmpty && ended.stdout.isEmpty,
            "\(arguments): \(ended)"
          )
        }
        let file = try await cluster.reeve("submit", "--json", "-f", "/nonexistent")
        let error = try file.error()
        #expect(error.code == "usage" && error.message.contains("/nonexistent"))
        #expect(try await cluster.reeve("--help").status == 0)
      }
    }

    @Test func `3 is refused: nothing of it can ever run`() async throws {
      try await TemporaryCluster.run { cluster in
        for (arguments, code) in [
          (["--cpus", "1000", "--", "true"], "exceeds-largest-node"),
          (["--memory", "1PiB", "--", "true"], "exceeds-largest-node"),
          (["--id", "a b", "--", "true"], "invalid"), (["--", ""], "invalid"),
          (["--directory", "here", "--", "true"], "invalid"),
        ] {
          let ended = try await cluster.reeve(["submit", "--json"] + arguments)
          #expect(ended.status == 3 && ended.stdout.isEmpty, "\(arguments): \(ended)")
          #expect(try ended.error().code == code)
        }
        #expect(try await cluster.reeve("ps", "--all", "--json").stdout == "[]\n")
      }
    }

    @Test func `4 is not found`() async throws {
      try await TemporaryCluster.run { cluster in
        #expect(try await cluster.reeve("submit", "--id", "known", "--wait", "--", "true").status == 0)
        for arguments in [
          ["show", "unknown"], ["ps", "unknown"], ["wait", "unknown"], ["logs", "unknown"],
          ["cancel", "unknown"],
          ["show", "known/unknown"], ["logs", "known/unknown"], ["cancel", "known/unknown"],
        ] {
          let ended = try await cluster.reeve(arguments)
          #expect(ended.status == 4 && ended.stderr.contains("unknown"), "\(arguments): \(ended)")
        }
      }
    }

    @Test func `5 is denied: no token, another one, or one that others can read`() async throws {
      try await TemporaryCluster.run { cluster in
        func status(_ token: String) async throws -> Ended {
          try await cluster.reeve("ps", environment: ["REEVE_TOKEN_FILE": token])
        }
        let other = try cluster.write("0123456789abcdef0123456789abcdef\n", to: "other")
        let open = try cluster.write(cluster.text("data/token"), to: "open")
        #expect(chmod(other, 0o600) == 0 && chmod(open, 0o644) == 0)
        for token in [other, open, "\(cluster.directory)/none", "/dev/null"] {
          let ended = try await status(token)
          #expect(ended.status == 5 && ended.stderr.contains("token"), "\(token): \(ended)")
        }
        #expect(chmod(open, 0o600) == 0)
        #expect(try await status(open).status == 0)
      }
    }

    @Test func `6 is unavailable: no master there, or no cluster at all`() async throws {
      try await TemporaryCluster.run { cluster in
        let refused = try await cluster.reeve("ps", environment: ["REEVE_ADDRESS": "127.0.0.1:1"])
        #expect(refused.status == 6 && refused.stderr.contains("127.0.0.1:1"), "\(refused)")
        // The next of several is tried.
        let several = ["REEVE_ADDRESS": "127.0.0.1:1,\(cluster.address)"]
        #expect(try await cluster.reeve("ps", environment: several).status == 0)
        let none = try await cluster.reeve("ps", environment: ["REEVE_ADDRESS": "", "REEVE_TOKEN_FILE": ""])
        #expect(none.status == 6 && none.stderr.contains("reeve up"), "\(none)")
      }
    }

    @Test func `124 is a wait that timed out; the job goes on`() async throws {
      try await TemporaryCluster.run { cluster in
        #expect(try await cluster.reeve("submit", "--id", "nap", "--", "sleep", "1").status == 0)
        let ended = try await cluster.reeve("wait", "nap", "--timeout", "200ms")
        #expect(ended.status == 124 && ended.stderr.contains("reeve wait nap"), "\(ended)")
        #expect(try await cluster.reeve("wait", "nap").status == 0)
      }
    }

    @Test func `1 is a job of which some task failed; of one task it is the task's own code`() async throws {
      try await TemporaryCluster.run { cluster in
        let two = JobFile([.init(id: "good", command: "true"), .init(id: "bad", command: "exit 7")])
        #expect(try await cluster.run(two, id: "two").status == 1)
        #expect(try await cluster.reeve("wait", "two").status == 1)
        let job = try await cluster.job("two")
        #expect(job.state == "failed" && job.completed == 1 && job.failed == 1)
        #expect(try await cluster.run(JobFile([.init(id: "bad", command: "exit 7")]), id: "one").status == 7)
        #expect(try await cluster.reeve("wait", "one").status == 7)
        #expect(try await cluster.reeve("wait", "one", "two").status == 1)
      }
    }
  }
}
