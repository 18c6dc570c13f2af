import ArgumentParser
import ReeveClient
import ReeveModel
import ReeveOutput
import Synchronization

struct Ps: Verb {
  static let configuration = CommandConfiguration(
    commandName: "ps",
    abstract: "Lists jobs, or the tasks of one.",
    discussion: "Without --all: what has not ended, and what ended within the last hour."
  )

  @Argument(
    help: ArgumentHelp("Lists these tasks: \(Selector.help)", valueName: "tasks")
  )
  var what: Selector?

  @Option(help: "Only what is in this state.")
  var state: ShownState?

  @Option(help: "Only what is of this user.")
  var user: String?

  @Flag(help: "Also what ended more than an hour ago.")
  var all = false

  @Flag(help: "Lists what waits for its turn, in the order in which it is considered.")
  var queue = false

  @Option(help: "At most so many jobs, the newest first, or tasks of the queue.")
  var limit = 1_000

  @Flag(name: .shortAndLong, help: "Shows it again every second, until it is interrupted.")
  var watch = false

  @OptionGroup var list: ListOptions

  func validate() throws {
    try what?.check()
    guard limit > 0 else { throw ValidationError("--limit is 1 or more; \(limit) would list nothing.") }
    if queue, what != nil { throw ValidationError("--queue lists all that waits: name no job with it.") }
  }

  @concurrent func perform() async throws -> Int32 {
    try await ReeveClient.with(try ClusterAddress.find()) { client in
      guard watch else {
        try await print(client)
        return ExitStatus.done
      }
      let screen = Screen()
      while true {
        screen.begin()
        try await print(client)
        screen.end()
        try await Task.sleep(for: .seconds(1))
      }
    }
  }

  private func print(_ client: ReeveClient) async throws {
    if queue {
      let output = ListOutput<TaskRow>(list.format)
      output.page(try await client.queue(limit: limit).map { TaskRow($0) })
      output.end()
    } else if let what {
      try await listTasks(of: what, client)
    } else {
      try await listJobs(client)
    }
  }

  private func listJobs(_ client: ReeveClient) async throws {
    let jobs = try await client.jobs(Query.JobFilter(user: user, all: all, limit: limit))
    let wanted = jobs.filter { state == nil || $0.shown == state?.rawValue }
    let output = ListOutput<JobRow>(list.format)
    output.page(wanted.map { JobRow($0) })
    output.end()
    if jobs.count == limit { StandardError.write("reeve: these are the newest \(limit); see --limit\n") }
  }

  private func listTasks(of selector: Selector, _ client: ReeveClient) async throws {
    let what = try await selector.resolve(client, state: state, user: user)
    let labels = LabelsByJob()
    let output = ListOutput<TaskRow>(list.format)
    try await client.tasks(Query.TaskFilter(what: what, limit: Self.page)) { tasks in
      for job in Set(tasks.map(\.job)) { try await labels.look(up: job, client) }
      let known = labels.known
      output.page(tasks.map { TaskRow($0, labels: known[$0.job] ?? []) })
    }
    output.end()
  }

  /// Tasks a page: some hundred KiB.
  private static let page = 5_000
}

/// The labels of jobs whose tasks are listed, asked for once.
private final class LabelsByJob: Sendable {
  private let labels = Mutex<[JobID: [TaskTemplate.Variable]]>([:])
  var known: [JobID: [TaskTemplate.Variable]] { labels.withLock { $0 } }

  func look(up job: JobID, _ client: ReeveClient) async throws {
    guard known[job] == nil else { return }
    let found = try await client.job(job).labels
    labels.withLock { $0[job] = found }
  }
}

/// States as users see them.
enum ShownState: String, ExpressibleByArgument, CaseIterable {
  case pending
  case running
  case completed
  case failed
  case cancelled
}
