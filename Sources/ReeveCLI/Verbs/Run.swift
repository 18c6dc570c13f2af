import ArgumentParser
import ReeveClient
import ReeveModel
import ReeveOutput

struct Run: Verb {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Submits a command, shows its output as it comes, and exits as it exits.",
    usage: "reeve run [<options>] -- <command> [<argument> ...]",
    discussion: """
      Ends with the command's own code, 128 + n where signal n ended it, 127 or 126 where it could not be started, \
      and 125 where it never ran to an end of its own. Standard input is not passed on. Ctrl-C leaves the job running.
      """
  )

  @OptionGroup var task: TaskOptions

  @Argument(parsing: .postTerminator, help: "The command and its arguments, after `--`.")
  var command: [String] = []

  @concurrent func perform() async throws -> Int32 {
    var options = task
    options.after = try await task.namedDependencies()
    let job = try options.job(command: command)
    try job.validate()
    return try await ReeveClient.with(try ClusterAddress.find()) { client in
      let submitted = try await client.submit(job)
      Interruption.explain("the job goes on. Follow with: reeve logs -f \(submitted.id)")
      let wanted = LogsWanted(
        job: submitted.id,
        task: job.taskNames[0],
        stdout: true,
        stderr: true,
        follow: true
      )
      let patience = Patience.announced { StandardError.write($0 + "\n") }
      let end = try await client.logs(wanted, patience: patience) { stderr, bytes in
        if stderr {
          StandardError.write(bytes: bytes)
        } else {
          StandardOutput.write(bytes: bytes)
          StandardOutput.flush()
        }
      }
      if let missing = end.missing { StandardError.write("reeve: \(missing)\n") }
      guard let ended = end.task else {
        throw Refusal(.unavailable, "The end of job \(submitted.id) was not told.")
      }
      explain(ended)
      return ExitStatus.of(task: ended.state, reason: ended.reason, status: ended.status)
    }
  }

  /// What its code alone does not say.
  private func explain(_ task: TaskView) {
    guard ![.none, .exitCode].contains(task.reason) else { return }
    let message = task.details?.end?.message ?? ""
    let detail = message.isEmpty ? "" : ": \(message)"
    StandardError.write("reeve: \(task.job): \(task.reason.code)\(detail)\n")
  }
}
