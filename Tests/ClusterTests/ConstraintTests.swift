import ReeveFramework
import Testing

extension ClusterTests {
  @Suite("Constraints", .timeLimit(.minutes(3))) struct ConstraintTests {
    @Test func `tasks and frameworks get the nodes that they ask for`() async throws {
      let zones = ["--attribute", "zone=a,b", "--attribute", "disk=ssd"]
      try await TemporaryCluster.run(nodes: 4, racks: 2, virtual: zones) { cluster in
        let nodes = try await cluster.reeve("nodes", "-o", "jsonl").stdout
        #expect(nodes.contains(#""name":"node-0002","rack":"rack-1","state":"up""#), "\(nodes)")
        #expect(nodes.contains(#""attributes":{"disk":"ssd","zone":"b"}"#), "\(nodes)")
        #expect(try await cluster.reeve("nodes", "-o", "wide").stdout.contains("disk=ssd,zone=a"))

        let asked = [
          "--constraint", "zone=b", "--constraint", "disk!=hdd", "--constraint", "node!=node-0004",
        ]
        let job = ["submit", "--id", "b", "--array", "0-19", "--wait"] + asked + ["--", "x"]
        #expect(try await cluster.reeve(job).status == 0)
        #expect(Set(try await cluster.tasks("b").map(\.node)) == ["node-0002"])

        let none = try await cluster.reeve("submit", "--json", "--constraint", "zone=c", "--", "x")
        let refusal = try none.error()
        #expect(none.status == 3 && refusal.code == "no-matching-node", "\(none)")
        #expect(refusal.field == "tasks[0].constraints" && refusal.message.contains(#"there are "a", "b""#))
        let later = ["submit", "--id", "later", "--constraint", "zone=c", "--allow-pending", "-q", "--", "x"]
        #expect(try await cluster.reeve(later).status == 0)
        let why = try await cluster.reeve("explain", "later").stdout
        #expect(why.contains("later/x is pending: constraints"), "\(why)")

        #expect(try await nodesOfFramework(in: cluster) == ["node-0001", "node-0003"])
      }
    }

    /// Where ten tasks of a framework run that wants zone a.
    private func nodesOfFramework(in cluster: TemporaryCluster) async throws -> Set<String> {
      var options = FrameworkOptions(id: "zoned")
      options.environment = ["REEVE_ADDRESS": cluster.address, "REEVE_TOKEN_FILE": cluster.token]
      return try await Framework.with(options) { framework in
        let demand = Demand(
          shape: Resources(cpus: 1),
          count: 10,
          constraints: [Constraint("zone", in: ["a"]), Constraint("disk", notIn: ["hdd"])]
        )
        try await framework.demand([demand])
        var accepted = 0
        for await offers in framework.offers where accepted < 10 {
          for offer in offers {
            let tasks = (0..<offer.count).map { i in
              FrameworkTask(id: "t\(accepted + i)", command: ["x"], resources: offer.shape)
            }
            try await framework.accept([offer], tasks)
            accepted += tasks.count
          }
          if accepted == 10 { break }
        }
        var nodes: [String: String] = [:]
        for await updates in framework.updates {
          for update in updates where update.state == .succeeded { nodes[update.task] = update.node }
          if nodes.count == 10 { break }
        }
        return Set(nodes.values)
      }
    }
  }
}
