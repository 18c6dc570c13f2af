import ArgumentParser
import ReeveClient
import ReeveModel

/// Tasks as people write them: `JOB`, `JOB.17` or `JOB.1-100` of its array, `JOB/TASK`, `JOB/ARRAY.3,5-7`, or `@label=value`;
/// `last` stands for the caller's newest job.
struct Selector: ExpressibleByArgument, Sendable {
  private let job: String
  let task: String?
  private let label: TaskTemplate.Variable?
  let text: String

  static let help = "JOB, JOB.1-100 of its array, JOB/TASK, or @label=value; `last` is your newest job."

  /// Takes anything: `check` has the words for what is wrong.
  init(argument: String) {
    text = argument
    guard !argument.hasPrefix("@") else {
      let parts = argument.dropFirst().split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      job = ""
      task = nil
      label = TaskTemplate.Variable(name: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : "")
      return
    }
    let parts = argument.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    job = parts.first.map(String.init) ?? ""
    task = parts.count > 1 ? String(parts[1]) : nil
    label = nil
  }

  /// Refuses what no job and no task can be called, before any master is asked.
  func check() throws {
    if let label {
      guard label.name.isEmpty || !text.contains("=") else { return }
      throw ValidationError("\(text.quoted) is no label. Write @NAME=VALUE, such as @team=imaging.")
    }
    do throws(Refusal) {
      // Indices of an array may have commas between them.
      let name = JobID(job)
      if job != "last", TaskSelector.indexed(job) == nil { try name.validate() }
      if let task { try TaskName.validate(task, of: "task", field: "") }
    } catch { throw ValidationError(error.message) }
  }

  /// Refuses what is not one whole job.
  func checkWholeJob(_ taker: String) throws {
    try check()
    if label != nil { throw noJob }
    if task != nil {
      throw UsageError("\(taker) takes whole jobs; \(text.quoted) is a task of one.")
    }
  }

  private var noJob: UsageError {
    UsageError("\(text.quoted) is no job: name one here, such as nightly.")
  }

  static var defaultCompletionKind: CompletionKind { .jobs }

  /// - Throws: `notFound` where `last` is asked for and there is none; a usage error where no single job is meant.
  func jobID(_ client: ReeveClient) async throws -> JobID {
    guard label == nil else { throw noJob }
    return JobID(try await jobText(client))
  }

  func resolve(
    _ client: ReeveClient,
    state: ShownState? = nil,
    user: String? = nil
  ) async throws -> TaskSelector {
    TaskSelector(
      job: try await jobText(client),
      task: task,
      state: state?.rawValue,
      label: label,
      user: user
    )
  }

  private func jobText(_ client: ReeveClient) async throws -> String {
    let isLast = job == "last" || job.hasPrefix("last.") && TaskSelector.indexed(job)?.name == "last"
    guard isLast else { return job }
    let filter = Query.JobFilter(user: TaskOptions.user, all: true, limit: 1)
    guard let newest = try await client.jobs(filter).first else {
      throw Refusal(.notFound, "You have no job yet, so none is \"last\".")
    }
    return newest.id.text + job.dropFirst("last".count)
  }
}
