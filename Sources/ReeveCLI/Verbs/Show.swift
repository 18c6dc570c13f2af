import ArgumentParser
import ReeveClient
import ReeveModel
import ReeveOutput

struct Show: Verb {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Tells all about a job or a task."
  )

  @Argument(help: ArgumentHelp("What to show; `last` is your newest job.", valueName: "job[/task]"))
  var what: Selector

  @OptionGroup var output: JSONOption

  func validate() throws {
    try what.check()
  }

  @concurrent func perform() async throws -> Int32 {
    try await ReeveClient.with(try ClusterAddress.find()) { client in
      let job = try await client.job(try await what.jobID(client))
      if let name = what.task {
        show(TaskRow(try await client.task(name, of: job.id), labels: job.labels).fields)
      } else {
        show(JobRow(job).fields)
      }
      return ExitStatus.done
    }
  }

  private func show(_ fields: [Field]) {
    StandardOutput.write(output.json ? JSON.pretty(.object(fields)) + "\n" : Sheet.text(fields))
    StandardOutput.flush()
  }
}
