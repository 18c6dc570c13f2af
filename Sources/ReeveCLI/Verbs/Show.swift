import ArgumentParser
import ReeveClient
import ReeveModel
import ReeveOutput

struct Show: Verb {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Tells all about a job or a task."
  )

  @Argument(
    help: ArgumentHelp(
      "A job, or JOB/TASK, or JOB.17 of its array; `last` is your newest job.",
      valueName: "job[/task]"
    )
  )
  var what: Selector

  @OptionGroup var output: JSONOption

  func validate() throws {
    try what.check()
  }

  @concurrent func perform() async throws -> Int32 {
    try await ReeveClient.with(try ClusterAddress.find()) { client in
      let selector = try await what.resolve(client)
      let jobs = selector.task == nil && selector.label == nil ? try await self.jobs(selector, client) : []
      if let job = jobs.first {
        show(JobRow(job).fields)
      } else {
        let task = try await client.task(selector, details: true)
        show(TaskRow(task, labels: try await client.job(task.job).labels).fields)
      }
      return ExitStatus.done
    }
  }

  /// The job of that id; none where that is no job, but perhaps a task of an array.
  private func jobs(_ selector: TaskSelector, _ client: ReeveClient) async throws -> [JobProgress] {
    do {
      return [try await client.job(JobID(selector.job))]
    } catch let refusal as Refusal
      where refusal.code == .notFound && TaskSelector.indexed(selector.job) != nil
    {
      return []
    }
  }

  private func show(_ fields: [Field]) {
    StandardOutput.write(output.json ? JSON.pretty(.object(fields)) + "\n" : Sheet.text(fields))
    StandardOutput.flush()
  }
}
