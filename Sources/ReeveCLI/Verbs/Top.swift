import ArgumentParser
import ReeveClient
import ReeveModel
import ReeveOutput

struct Top: Verb {
  static let configuration = CommandConfiguration(
    commandName: "top",
    abstract: "Shows nodes, cores and what goes on, again every second.",
    discussion: "What there is and what is in use, then the jobs that have not ended, the newest first."
  )

  @Flag(help: "Shows it once.")
  var once = false

  @Option(help: "At most so many jobs.")
  var limit = 30

  @concurrent func perform() async throws -> Int32 {
    try await ReeveClient.with(try ClusterAddress.find()) { client in
      let screen = Screen()
      while true {
        let nodes = try await client.nodes()
        let jobs = try await client.jobs(Query.JobFilter(limit: 1_000))
        let policy = try await client.policy()
        if !once { screen.begin() }
        StandardOutput.write(ClusterSummary(nodes: nodes, jobs: jobs, policy: policy.order).text)
        let output = ListOutput<JobRow>(.table)
        output.page(jobs.filter { $0.counts.unfinished > 0 }.prefix(limit).map { JobRow($0) })
        output.end()
        if once { return ExitStatus.done }
        screen.end()
        try await Task.sleep(for: .seconds(1))
      }
    }
  }
}
