import ArgumentParser
import ReeveClient
import ReeveModel
import ReeveOutput

struct Logs: Verb {
  static let configuration = CommandConfiguration(
    commandName: "logs",
    abstract: "Prints what a task wrote.",
    discussion: """
      Waits for the task to start, prints what it has written so far, and with -f what it writes until it has ended.
      """
  )

  @Flag(name: .shortAndLong, help: "Follows until the task has ended.")
  var follow = false

  @Flag(help: "Its standard error instead of its standard output.")
  var stderr = false

  @Argument(
    help: ArgumentHelp("A task, or a job that has only one; `last` is your newest.", valueName: "job[/task]")
  )
  var what: Selector

  func validate() throws {
    try what.check()
  }

  @concurrent func perform() async throws -> Int32 {
    try await ReeveClient.with(try ClusterAddress.find()) { client in
      let task = try await client.task(try await what.resolve(client), details: false)
      let wanted = LogsWanted(job: task.job, task: task.name, stdout: !stderr, stderr: stderr, follow: follow)
      let patience = Patience.announced { StandardError.write($0 + "\n") }
      let end = try await client.logs(wanted, patience: patience) { _, bytes in
        StandardOutput.write(bytes: bytes)
        StandardOutput.flush()
      }
      if let missing = end.missing { throw missing }
      return ExitStatus.done
    }
  }
}
