import Testing

extension ClusterTests {
  @Suite("A node is lost", .timeLimit(.minutes(3))) struct NodeLossTests {
    @Test func `what waits for it goes on when it is back, and is queued again when it is forgotten`()
      async throws
    {
      try await TemporaryCluster.run(nodes: 1) { cluster in
        let own = ["agent", "--name", "far", "--cpus", "16", "--data", "\(cluster.directory)/far"]
        let first = try cluster.begin(own)
        try await waitUntil("it is there") { try await cluster.reeve("nodes").stdout.contains("far") }
        let file = "\(cluster.directory)/go"
        let script = "echo ran >> \(cluster.directory)/ran; while [ ! -e \(file) ]; do sleep 0.1; done"
        for id in ["patient", "moved"] {
          let submitted = try await cluster.reeve(
            ["submit", "--id", id, "--cpus", "8", "--on-node-loss", "wait", "--", "sh", "-c", script]
          )
          #expect(submitted.status == 0, "\(submitted)")
          try await waitUntil("it runs") { try await cluster.job(id).state == "running" }
        }
        let early = try await cluster.reeve("nodes", "forget", "far")
        #expect(early.status == 3 && early.stderr.contains("is not lost"), "\(early)")

        first.endNow()
        try await waitUntil("it waits", within: .seconds(40)) {
          try await cluster.task("patient/sh").phase == "waiting for its node"
        }
        let second = try cluster.begin(own)
        try await waitUntil("it goes on") { try await cluster.task("patient/sh").phase == "running" }
        #expect(try await cluster.task("patient/sh").attempts == 1)
        second.endNow()
        try await waitUntil("it waits again", within: .seconds(40)) {
          try await cluster.task("moved/sh").phase == "waiting for its node"
        }

        let forgotten = try await cluster.reeve("nodes", "forget", "far")
        #expect(forgotten.status == 0 && forgotten.stdout.contains("2 tasks waited"), "\(forgotten)")
        #expect(try await cluster.task("moved/sh").phase == "queued")
        #expect(try await !cluster.reeve("nodes").stdout.contains("far"))
        let third = try cluster.begin(own)
        _ = try cluster.write("", to: "go")
        for id in ["patient", "moved"] {
          #expect(try await cluster.reeve("wait", id).status == 0)
          #expect(try await cluster.task("\(id)/sh").attempts == 2)
        }
        third.endNow()
      }
    }
  }
}
