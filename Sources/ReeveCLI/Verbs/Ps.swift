import ArgumentParser
import ReeveClient
import ReeveModel
import ReeveOutput

struct Ps: Verb {
  static let configuration = CommandConfiguration(
    commandName: "ps",
    abstract: "Lists jobs, or the tasks of one.",
    discussion: "Without --all: what has not ended, and what ended within the last hour."
  )

  @Argument(help: "Lists this job's tasks; `last` is your newest.")
  var job: Selector?

  @Option(help: "Only what is pending, running, completed, failed or cancelled.")
  var state: ShownState?

  @Flag(help: "Also what ended long ago.")
  var all = false

  @Option(help: "At most so many jobs, the newest first.")
  var limit = 1_000

  @OptionGroup var list: ListOptions

  func validate() throws {
    try job?.check()
    guard limit > 0 else { throw ValidationError("--limit is 1 or more; \(limit) would list nothing.") }
  }

  @concurrent func perform() async throws -> Int32 {
    try await ReeveClient.with(try ClusterAddress.find()) { client in
      if let job {
        try await listTasks(of: job, client)
      } else {
        try await listJobs(client)
      }
      return ExitStatus.done
    }
  }

  private func listJobs(_ client: ReeveClient) async throws {
    let jobs = try await client.jobs(Query.JobFilter(all: all, limit: limit))
    let wanted = jobs.filter { state == nil || $0.shown == state?.rawValue }
    let output = ListOutput<JobRow>(list.format)
    output.page(wanted.map { JobRow($0) })
    output.end()
    if jobs.count == limit { StandardError.write("reeve: these are the newest \(limit); see --limit\n") }
  }

  private func listTasks(of selector: Selector, _ client: ReeveClient) async throws {
    let job = try await client.job(try await selector.jobID(client))
    let output = ListOutput<TaskRow>(list.format)
    let filter = Query.TaskFilter(
      job: job.id,
      task: selector.task,
      state: state?.rawValue,
      limit: Self.page
    )
    try await client.tasks(filter) { tasks in
      output.page(tasks.map { TaskRow($0, labels: job.labels) })
    }
    output.end()
  }

  /// Tasks a page: some hundred KiB.
  private static let page = 5_000
}

/// States as users see them.
enum ShownState: String, ExpressibleByArgument, CaseIterable {
  case pending
  case running
  case completed
  case failed
  case cancelled
}
