import Testing

extension ClusterTests {
  @Suite("Output", .timeLimit(.minutes(2))) struct OutputTests {
    @Test func `large output arrives whole, by run and by logs`() async throws {
      try await TemporaryCluster.run { cluster in
        let expected = (1...750_000).reduce(into: [UInt8]()) { $0 += "\($1)\n".utf8 }
        #expect(expected.count > 5_000_000)
        let run = try await cluster.reeve("run", "--id", "large", "--", "seq", "750000")
        #expect(run.status == 0 && run.output == expected, "\(run.output.count) bytes")
        let logs = try await cluster.reeve("logs", "large")
        #expect(logs.status == 0 && logs.output == expected, "\(logs.output.count) bytes")
        #expect(try await cluster.reeve("logs", "--stderr", "large").output.isEmpty)
      }
    }

    @Test func `bytes are bytes`() async throws {
      try await TemporaryCluster.run { cluster in
        let run = try await cluster.reeve("run", "--id", "raw", "--", "printf", #"\000\377\200no newline"#)
        #expect(run.output == [0, 255, 128] + Array("no newline".utf8))
        #expect(try await cluster.reeve("logs", "raw").output == run.output)
      }
    }

    @Test func `logs -f follows while the task runs, and ends with it`() async throws {
      try await TemporaryCluster.run { cluster in
        let script =
          "echo one; while [ ! -e \(cluster.directory)/go ]; do sleep 0.05; done; echo two; echo 2 >&2"
        #expect(try await cluster.reeve("submit", "--id", "talk", "--", "sh", "-c", script).status == 0)
        let logs = try cluster.begin("logs", "-f", "talk")
        let errors = try cluster.begin("logs", "-f", "--stderr", "talk/sh")
        try await logs.says("one\n")
        #expect(!logs.hasEnded)
        #expect(try await cluster.job("talk").state == "running")
        #expect(try await cluster.reeve("logs", "talk").stdout == "one\n", "without -f it ends at once")
        _ = try cluster.write("", to: "go")
        let (out, err) = (try await logs.end(), try await errors.end())
        #expect(out.status == 0 && out.stdout == "one\ntwo\n" && out.stderr.isEmpty, "\(out)")
        #expect(err.status == 0 && err.stdout == "2\n" && err.stderr.isEmpty, "\(err)")
        #expect(try await cluster.reeve("logs", "talk").stdout == "one\ntwo\n")
      }
    }

    @Test func `logs -f waits for a task that has not started`() async throws {
      try await TemporaryCluster.run { cluster in
        let job = JobFile([
          .init(id: "first", command: "sleep 0.5"),
          .init(id: "second", command: "echo here", after: ["first"]),
        ])
        try await cluster.submit(job, id: "chain")
        let logs = try await cluster.reeve("logs", "-f", "chain/second")
        #expect(logs.status == 0 && logs.stdout == "here\n", "\(logs)")
      }
    }

    @Test
    func `output that is on a node which stays away is said to be missing, and is there when that is back`()
      async throws
    {
      try await TemporaryCluster.run { cluster in
        let own = ["agent", "--name", "far", "--cpus", "16", "--data", "\(cluster.directory)/far"]
        let agent = try cluster.begin(own)
        try await waitUntil("it is there") { try await cluster.reeve("nodes").stdout.contains("far") }
        let script = "echo kept"
        let run = try await cluster.reeve("run", "--id", "there", "--cpus", "16", "--", "sh", "-c", script)
        #expect(run.status == 0 && run.stdout == "kept\n", "\(run)")
        agent.endNow()
        for arguments in [["logs", "there"], ["logs", "-f", "there"]] {
          let logs = try await cluster.reeve(arguments)
          #expect(
            logs.status == 6 && logs.stdout.isEmpty && logs.stderr.contains("there/sh is on its node"),
            "\(logs)"
          )
        }
        let again = try cluster.begin(own)
        try await waitUntil("it is there again") {
          try await cluster.reeve("logs", "there").stdout == "kept\n"
        }
        again.endNow()
      }
    }

    @Test func `the record of a failed task has the last 4 KiB of each output`() async throws {
      try await TemporaryCluster.run { cluster in
        let script = "seq 3000; seq 5000 7000 >&2; exit 1"
        #expect(try await cluster.reeve("run", "--id", "noisy", "--", "sh", "-c", script).status == 1)
        let task = try await cluster.task("noisy/sh")
        let out = (1...3_000).map { "\($0)\n" }.joined().suffix(4_096)
        let err = (5_000...7_000).map { "\($0)\n" }.joined().suffix(4_096)
        #expect(task.stdoutTail ?? "" == out && task.stderrTail ?? "" == err)
      }
    }
  }

  @Suite("Submitting again", .timeLimit(.minutes(2))) struct SubmitAgainTests {
    @Test func `the same job under the same id is known, and runs once`() async throws {
      try await TemporaryCluster.run { cluster in
        let script = "echo ran >> \(cluster.directory)/ran"
        for known in [false, true, true] {
          let ended = try await cluster.reeve(
            "submit",
            "--id",
            "once",
            "--json",
            "--wait",
            "--",
            "sh",
            "-c",
            script
          )
          let submitted: SubmittedRecord = try ended.decoded()
          #expect(
            ended.status == 0 && submitted.known == known && submitted.tasks == 1 && submitted.id == "once"
          )
        }
        #expect(cluster.lines("ran") == ["ran"])
        #expect(try await cluster.tasks("once").count == 1)
      }
    }

    @Test func `another job under the same id is refused, and the first stays as it was`() async throws {
      try await TemporaryCluster.run { cluster in
        #expect(try await cluster.reeve("submit", "--id", "mine", "--wait", "--", "true").status == 0)
        let before = try await cluster.reeve("show", "mine", "--json").stdout
        for other in [["--", "false"], ["--cpus", "0.5", "--", "true"], ["--label", "a=b", "--", "true"]] {
          let ended = try await cluster.reeve(["submit", "--id", "mine", "--json"] + other)
          #expect(ended.status == 3, "\(ended)")
          #expect(try ended.error().code == "conflict")
        }
        #expect(try await cluster.reeve("show", "mine", "--json").stdout == before)
      }
    }

    @Test func `a job of 20,000 tasks is taken whole, and known again`() async throws {
      try await TemporaryCluster.run { cluster in
        let tasks = (0..<20_000).map { number in
          JobFile.Task(id: "t\(number)", command: "true", after: number == 0 ? [] : ["t0"])
        }
        var job = JobFile(tasks)
        job.tasks[0].command = "sleep 60"
        let file = try cluster.write(try job.text, to: "large.json")
        for known in [false, true] {
          let ended = try await cluster.reeve("submit", "--id", "large", "--json", "-f", file)
          let submitted: SubmittedRecord = try ended.decoded()
          #expect(submitted.tasks == 20_000 && submitted.known == known)
        }
        #expect(try await cluster.reeve("cancel", "large").status == 0)
        #expect(try await cluster.reeve("wait", "large").status == 1)
        let record = try await cluster.job("large")
        #expect(record.cancelled == 20_000 && record.pending == 0 && record.running == 0)
      }
    }
  }
}
