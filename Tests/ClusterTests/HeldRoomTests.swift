import Foundation
import ReeveFramework
import Testing

extension ClusterTests {
  /// Room that racks set aside, on clusters of real processes.
  @Suite("Held room", .timeLimit(.minutes(5))) struct HeldRoomTests {
    @Test func `tasks in pinned slices run on the nodes that their offers name`() async throws {
      try await TemporaryCluster.run(nodes: 3, racks: 1, cpus: 2) { cluster in
        try await Framework.with(cluster.framework("pinned")) { framework in
          try await framework.demand([Demand(shape: Resources(cpus: 2), count: 3, pinned: true)])
          var offers = framework.offers.makeAsyncIterator()
          var nodes: Set<String> = []
          while nodes.count < 3 {
            for offer in try #require(await offers.next()) {
              let node = try #require(offer.node)
              nodes.insert(node)
              let task = FrameworkTask(
                id: "on-\(node)",
                command: ["sh", "-c", #"test "$REEVE_NODE" = "$1""#, "sh", node],
                resources: Resources(cpus: 1)
              )
              try await framework.accept([offer], [task])
            }
          }
          var ended: [String: TaskUpdate.State] = [:]
          var updates = framework.updates.makeAsyncIterator()
          while ended.count < 3 {
            for update in try #require(await updates.next()) where update.state.isTerminal {
              ended[update.task] = update.state
            }
          }
          #expect(Set(ended.values) == [.succeeded])
        }
      }
    }

    @Test func `a role gets its guarantee from a queue that has everything, and nothing fails for it`()
      async throws
    {
      try await TemporaryCluster.run(nodes: 2, racks: 1, cpus: 2) { cluster in
        #expect(try await cluster.reeve("roles", "set", "gold", "--guarantee", "cpus=2").status == 0)
        let long = try await cluster.reeve("submit", "--id", "long", "--array", "0-3", "--", "sleep", "600")
        #expect(long.status == 0, "\(long)")
        try await waitUntil("the queue has it all", within: .seconds(60)) {
          try await cluster.job("long").running == 4
        }
        var options = cluster.framework("f")
        options.role = "gold"
        try await Framework.with(options) { framework in
          try await framework.demand([Demand(shape: Resources(cpus: 1), count: 2)])
          var offers = framework.offers.makeAsyncIterator()
          var count = 0
          while count < 2 {
            for offer in try #require(await offers.next()) {
              let tasks = (0..<offer.count).map { i in
                FrameworkTask(id: "t\(count + i)", command: ["sleep", "600"], resources: Resources(cpus: 1))
              }
              try await framework.accept([offer], tasks)
              count += offer.count
            }
          }
          let job = try await cluster.job("long")
          #expect(job.running == 2 && job.pending == 2 && job.failed == 0, "\(job)")
          let roles = try await cluster.reeve("roles", "-o", "jsonl").stdout
          #expect(roles.contains(#""preempted":2"#), "\(roles)")
          try await framework.tearDown()
        }
        // What had to make room goes on when there is some.
        try await waitUntil("the queue has it all again", within: .seconds(60)) {
          try await cluster.job("long").running == 4
        }
        #expect(try await cluster.reeve("cancel", "long").status == 0)
      }
    }
  }
}

extension TemporaryCluster {
  fileprivate func framework(_ id: String) -> FrameworkOptions {
    var options = FrameworkOptions(id: id)
    options.environment = ["REEVE_ADDRESS": address, "REEVE_TOKEN_FILE": token]
    return options
  }
}
