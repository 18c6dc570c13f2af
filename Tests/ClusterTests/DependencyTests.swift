import Testing

extension ClusterTests {
  @Suite("Dependencies", .timeLimit(.minutes(2))) struct DependencyTests {
    @Test func `in a diamond each task starts when those before it have ended`() async throws {
      try await TemporaryCluster.run { cluster in
        let note = "echo $REEVE_TASK_ID >> \(cluster.directory)/order; sleep 0.1"
        let job = JobFile([
          .init(id: "join", command: note, after: ["left", "right"]),
          .init(id: "left", command: note, after: ["fork"]),
          .init(id: "right", command: note, after: ["fork"]),
          .init(id: "fork", command: note),
        ])
        #expect(try await cluster.run(job, id: "diamond").status == 0)
        let order = cluster.lines("order")
        #expect(order.count == 4 && order.first == "fork" && order.last == "join", "\(order)")
        let tasks = try await cluster.tasks("diamond")
        let byName = Dictionary(uniqueKeysWithValues: tasks.map { ($0.name, $0) })
        for task in job.tasks {
          for dependency in task.after {
            let (ended, started) = (try #require(byName[dependency]?.ended), byName[task.id]?.started)
            #expect(ended <= (started ?? ""), "\(dependency) before \(task.id)")
          }
        }
      }
    }

    @Test func `a failure fails all that waits for it, however far away, and nothing else`() async throws {
      try await TemporaryCluster.run { cluster in
        let job = JobFile([
          .init(id: "bad", command: "exit 1"), .init(id: "child", command: "true", after: ["bad"]),
          .init(id: "grandchild", command: "true", after: ["child", "good"]),
          .init(id: "good", command: "true"), .init(id: "other", command: "true", after: ["good"]),
        ])
        #expect(try await cluster.run(job, id: "chain").status == 1)
        let tasks = try await cluster.tasks("chain")
        #expect(tasks.map(\.state) == ["failed", "failed", "failed", "completed", "completed"])
        #expect(tasks.map(\.reason) == ["exit-code", "dependency-failed", "dependency-failed", nil, nil])
        for task in tasks[1...2] {
          #expect(task.started == nil && task.ended != nil && task.exitCode == nil && task.attempts == 0)
        }
      }
    }

    @Test
    func `an open job takes more, also from a master that has just come back, and ends when it is closed`()
      async throws
    {
      try await TemporaryCluster.run { cluster in
        #expect(
          try await cluster.reeve("submit", "--id", "survey", "--open").stdout
            == "opened job survey: 0 tasks\n"
        )
        let file = try cluster.write(
          """
          tasks:
            - {id: part, array: 0-2, command: "echo part %{index}"}
            - {id: late, command: "echo late", after: [part.1, {task: part, when: failed}]}
          """,
          to: "parts.yaml"
        )
        #expect(try await cluster.reeve("submit", "--job", "survey", "-f", file).status == 0)
        try await cluster.killRole("master")
        try await waitUntil("the master is back") { try await cluster.reeve("ps").status == 0 }
        let again = [
          "submit", "--job", "last", "--id", "once", "--name", "join", "--after", "survey/part:ended",
        ]
        for known in ["", " (known already)"] {
          let ended = try await cluster.reeve(again + ["--", "echo", "joined"])
          #expect(ended.stdout == "added to job survey: 1 task\(known)\n", "\(ended)")
        }
        let taken = try await cluster.reeve("submit", "--job", "survey", "--name", "join", "--", "true")
        #expect(taken.status == 3 && taken.stderr.contains("has a task \"join\" already"), "\(taken)")
        try await waitUntil("what was added has ended") { try await cluster.job("survey").pending == 0 }
        #expect(try await cluster.reeve("close", "survey").stdout == "closed 1 job of 5 tasks\n")
        #expect(try await cluster.reeve("wait", "-q", "survey").status == 0)
        let tasks = try await cluster.tasks("survey")
        #expect(tasks.map(\.name) == ["part.0", "part.1", "part.2", "late", "join"])
        #expect(tasks.map(\.reason) == [nil, nil, nil, "not-needed", nil])
        #expect(try await cluster.reeve("logs", "survey/join").stdout == "joined\n")
        let closed = try await cluster.reeve("submit", "--job", "survey", "--", "true")
        #expect(closed.status == 3 && closed.stderr.contains("is closed"), "\(closed)")
      }
    }

    @Test func `a task that is cancelled fails what waits for it`() async throws {
      try await TemporaryCluster.run { cluster in
        let job = JobFile([
          .init(id: "long", command: "sleep 60"), .init(id: "next", command: "true", after: ["long"]),
        ])
        try await cluster.submit(job, id: "pair")
        try await waitUntil("it runs") { try await cluster.task("pair/long").state == "running" }
        #expect(try await cluster.reeve("cancel", "pair/long").status == 0)
        #expect(try await cluster.reeve("wait", "pair").status == 1)
        let tasks = try await cluster.tasks("pair")
        #expect(tasks.map(\.state) == ["cancelled", "failed"])
        #expect(tasks.map(\.reason) == ["cancelled", "dependency-failed"])
      }
    }
  }

  @Suite("Ends by order", .timeLimit(.minutes(2))) struct EndByOrderTests {
    @Test func `cancel ends what runs, with all its processes, and what waits`() async throws {
      try await TemporaryCluster.run(nodes: 1, cpus: 1) { cluster in
        let script = "(sleep 600 & sleep 600 & wait) & sleep 600"
        let job = JobFile([
          .init(id: "runs", command: script), .init(id: "queued", command: "true"),
          .init(id: "blocked", command: "true", after: ["runs"]),
        ])
        try await cluster.submit(job, id: "three")
        try await waitUntil("it has begun") { Processes.mentioning("REEVE_JOB_ID=three").count >= 3 }
        let ended = try await cluster.reeve("cancel", "three", "--json")
        #expect(ended.status == 0 && ended.stdout == "{\"ordered\":3}\n", "\(ended)")
        #expect(try await cluster.reeve("wait", "three").status == 1)
        let tasks = try await cluster.tasks("three")
        #expect(tasks.map(\.state) == ["cancelled", "cancelled", "cancelled"], "\(tasks)")
        // An end is told only when the whole tree is gone.
        #expect(Processes.mentioning("REEVE_JOB_ID=three").isEmpty)
        #expect(try await cluster.reeve("cancel", "three", "--json").stdout == "{\"ordered\":0}\n")
      }
    }

    @Test func `a task that ignores SIGTERM is killed after its grace`() async throws {
      try await TemporaryCluster.run { cluster in
        let script = "trap '' TERM; echo begun; while :; do sleep 0.05; done"
        let options = ["--id", "stubborn", "--grace", "500ms", "--", "sh", "-c", script]
        #expect(try await cluster.reeve(["submit"] + options).status == 0)
        try await waitUntil("it has begun") {
          try await cluster.reeve("logs", "stubborn").stdout == "begun\n"
        }
        #expect(try await cluster.reeve("cancel", "stubborn").status == 0)
        #expect(try await cluster.reeve("wait", "stubborn").status == 137)
        let task = try #require(try await cluster.tasks("stubborn").first)
        #expect(task.state == "cancelled" && task.reason == "cancelled" && task.signal == 9, "\(task)")
        #expect(Processes.mentioning("REEVE_JOB_ID=stubborn").isEmpty)
      }
    }

    @Test func `a task that answers SIGTERM by exiting 0 has not succeeded`() async throws {
      try await TemporaryCluster.run { cluster in
        let script = "trap 'echo saved; exit 0' TERM; echo begun; while :; do sleep 0.05; done"
        #expect(try await cluster.reeve("submit", "--id", "polite", "--", "sh", "-c", script).status == 0)
        try await waitUntil("it has begun") { try await cluster.reeve("logs", "polite").stdout == "begun\n" }
        #expect(try await cluster.reeve("cancel", "polite").status == 0)
        #expect(try await cluster.reeve("wait", "polite").status == 143)
        #expect(try await cluster.reeve("logs", "polite").stdout == "begun\nsaved\n")
        #expect(try await cluster.job("polite").state == "cancelled")
      }
    }

    @Test func `a task that runs for longer than its limit has timed out`() async throws {
      try await TemporaryCluster.run { cluster in
        let run = try await cluster.reeve("run", "--id", "slow", "--time", "300ms", "--", "sleep", "60")
        #expect(run.status == 143 && run.stderr.contains("timed-out"), "\(run)")
        let task = try await cluster.task("slow/sleep")
        #expect(task.state == "failed" && task.reason == "timed-out" && task.signal == 15, "\(task)")
        #expect(Processes.mentioning("REEVE_JOB_ID=slow").isEmpty)
      }
    }
  }
}
