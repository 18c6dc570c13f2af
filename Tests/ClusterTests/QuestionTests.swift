import ReeveClient
import ReeveModel
import Testing

extension ClusterTests {
  /// They share one stream, whose answers come in order.
  @Suite("Questions of one client", .timeLimit(.minutes(2))) struct QuestionTests {
    @Test func `each gets its own answer, where others are given up and across a restart of the master`()
      async throws
    {
      try await TemporaryCluster.run { cluster in
        try await cluster.withClient { client in
          let ids = (0..<40).map { JobID("job-\($0)") }
          for id in ids {
            var job = JobSpec(id: id)
            job.templates = [TaskTemplate(command: ["true"])]
            job.append(name: "t", template: 0, arguments: [], after: [])
            _ = try await client.submit(job)
          }
          try await askAll(ids, client)
          try await cluster.killRole("master")
          try await waitUntil("the master answers", within: .seconds(20)) {
            (try? await client.job(ids[0])) != nil
          }
          try await askAll(ids, client)
        }
      }
    }

    private func askAll(_ ids: [JobID], _ client: ReeveClient) async throws {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for id in ids + ids {
          group.addTask { try await ask(id, client) }
        }
        try await group.waitForAll()
      }
    }

    private func ask(_ id: JobID, _ client: ReeveClient) async throws {
      let givenUp = Task { try await client.job(id) }
      givenUp.cancel()
      let job = try await client.job(id)
      #expect(job.id == id)
      await #expect(throws: Refusal.self) { try await client.job(JobID("no-\(id)")) }
      _ = try? await givenUp.value
    }
  }
}
