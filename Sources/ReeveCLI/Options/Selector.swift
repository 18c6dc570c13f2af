import ArgumentParser
import ReeveClient
import ReeveModel

/// `JOB` or `JOB/TASK` as people write it; `last` is the caller's newest job.
struct Selector: ExpressibleByArgument, Sendable {
  private let job: String
  let task: String?

  /// Takes anything: `check` has the words for what is wrong.
  init(argument: String) {
    let parts = argument.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    job = parts.first.map(String.init) ?? ""
    task = parts.count > 1 ? String(parts[1]) : nil
  }

  /// Refuses what no job and no task can be called, before any master is asked.
  func check() throws {
    do throws(Refusal) {
      if job != "last" { try JobID(job).validate() }
      if let task { try TaskName.validate(task, of: "task", field: "") }
    } catch { throw ValidationError(error.message) }
  }

  static var defaultCompletionKind: CompletionKind { .jobs }

  /// - Throws: `notFound` where `last` is asked for and there is none.
  func jobID(_ client: ReeveClient) async throws -> JobID {
    guard job == "last" else { return JobID(job) }
    let filter = Query.JobFilter(user: TaskOptions.user, all: true, limit: 1)
    guard let newest = try await client.jobs(filter).first else {
      throw Refusal(.notFound, "You have no job yet, so none is \"last\".")
    }
    return newest.id
  }

  func resolve(_ client: ReeveClient) async throws -> TaskSelector {
    TaskSelector(job: try await jobID(client), task: task)
  }

  /// The task that is meant, by name; of a job with one task that one.
  func resolveTask(_ client: ReeveClient) async throws -> (job: JobID, task: String) {
    let job = try await jobID(client)
    if let task { return (job, task) }
    let filter = Query.TaskFilter(job: job, limit: 2)
    guard case .tasks(let tasks, _) = try await client.ask(.tasks(filter)), let first = tasks.first else {
      throw Refusal(.notFound, "There is no job \"\(job)\". `reeve ps --all` lists what there is.")
    }
    guard tasks.count == 1 else {
      throw UsageError("job \"\(job)\" has several tasks. Name one, such as \(job)/\(first.name).")
    }
    return (job, first.name)
  }
}
