import Testing

extension ClusterTests {
  @Suite("Run", .timeLimit(.minutes(2))) struct RunTests {
    @Test func `shows output and errors apart, and ends with the command's own code`() async throws {
      try await TemporaryCluster.run { cluster in
        let good = try await cluster.reeve("run", "--", "sh", "-c", "echo out; echo err >&2")
        #expect(good.status == 0 && good.stdout == "out\n" && good.stderr == "err\n", "\(good)")
        let bad = try await cluster.reeve("run", "--", "sh", "-c", "echo out; echo err >&2; exit 7")
        #expect(bad.status == 7 && bad.stdout == "out\n" && bad.stderr == "err\n", "\(bad)")
      }
    }

    @Test func `ends with 128 + n where signal n ended the command`() async throws {
      try await TemporaryCluster.run { cluster in
        for signal in [9, 15] as [Int32] {
          let ended = try await cluster.reeve("run", "--", "sh", "-c", "kill -\(signal) $$")
          #expect(ended.status == 128 + signal && ended.stderr.contains("signal"), "\(ended)")
        }
      }
    }

    @Test func `ends with 127 where there is no such program, and with 126 where it is none`() async throws {
      try await TemporaryCluster.run { cluster in
        let missing = try await cluster.reeve("run", "--", "no-such-program")
        #expect(missing.status == 127 && missing.stderr.contains("No such file"), "\(missing)")
        let text = try cluster.write("only text\n", to: "text")
        let none = try await cluster.reeve("run", "--", text)
        #expect(none.status == 126 && none.stderr.contains("ermission denied"), "\(none)")
      }
    }

    @Test func `a command has its arguments, variables and directory as they were given`() async throws {
      try await TemporaryCluster.run { cluster in
        let words = try await cluster.reeve("run", "--", "printf", "<%s>", "a b", "", "ü", "$HOME", "-x")
        #expect(words.stdout == "<a b><><ü><$HOME><-x>")
        let script = "echo $MODE $REEVE_JOB_ID $REEVE_TASK_ID; pwd"
        let ended = try await cluster.reeve(
          "run",
          "--id",
          "mine",
          "--env",
          "MODE=fast x",
          "--directory",
          "/usr",
          "--",
          "sh",
          "-c",
          script
        )
        #expect(ended.stdout == "fast x mine sh\n/usr\n")
      }
    }

    @Test func `Ctrl-C leaves the job running and says how to follow it`() async throws {
      try await TemporaryCluster.run { cluster in
        let go = "\(cluster.directory)/go"
        let script = "echo begun; while [ ! -e \(go) ]; do sleep 0.05; done; echo over"
        let run = try cluster.begin("run", "--id", "long", "--", "sh", "-c", script)
        try await run.says("begun")
        run.send(2)
        let interrupted = try await run.end()
        #expect(
          interrupted.status == 130 && interrupted.stderr.contains("reeve logs -f long"),
          "\(interrupted)"
        )
        #expect(try await cluster.job("long").state == "running")

        let wait = try cluster.begin("wait", "long")
        try await Task.sleep(for: .milliseconds(300))
        wait.send(2)
        let waited = try await wait.end()
        #expect(waited.status == 130 && waited.stderr.contains("reeve wait long"), "\(waited)")

        _ = try cluster.write("", to: "go")
        #expect(try await cluster.reeve("wait", "long").status == 0)
        #expect(try await cluster.reeve("logs", "long").stdout == "begun\nover\n")
      }
    }
  }
}
