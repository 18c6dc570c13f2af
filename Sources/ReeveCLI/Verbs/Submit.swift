import ArgumentParser
import Glibc
import ReeveClient
import ReeveJobFile
import ReeveModel
import ReeveOutput

struct Submit: Verb {
  static let configuration = CommandConfiguration(
    commandName: "submit",
    abstract: "Submits a command, or a job from a file.",
    usage: """
      reeve submit [<options>] -- <command> [<argument> ...]
      reeve submit [<options>] -f <file>
      """
  )

  @OptionGroup var task: TaskOptions

  @Option(
    name: [.customShort("f"), .customLong("file")],
    help: "A job file (YAML or JSON); - reads standard input."
  )
  var file: String?

  @Flag(help: "Waits for the end, showing how far it is, and exits as `reeve wait` does.")
  var wait = false

  @Flag(help: "Only validates.")
  var dryRun = false

  @Flag(name: .shortAndLong, help: "Prints the bare id of the job.")
  var quiet = false

  @OptionGroup var output: JSONOption

  @Argument(parsing: .postTerminator, help: "The command and its arguments, after `--`.")
  var command: [String] = []

  @concurrent func perform() async throws -> Int32 {
    let job = try makeJob()
    if dryRun {
      output.report(
        [Field("valid", .flag(true)), Field("tasks", .integer(job.count))],
        line: "valid: \(Amounts.count(job.count, "task"))"
      )
      return ExitStatus.done
    }
    return try await ReeveClient.with(try ClusterAddress.find()) { client in
      let submitted = try await client.submit(job)
      report(submitted)
      guard wait else { return ExitStatus.done }
      return try await JobWait(jobs: [submitted.id], quiet: quiet || output.json).perform(client)
    }
  }

  private func makeJob() throws -> JobSpec {
    guard let file else { return try task.job(command: command) }
    guard command.isEmpty else { throw UsageError("either a file or a command after `--`, not both.") }
    if let option = task.taskOptionsGiven.first {
      throw UsageError("\(option) is for a command on the command line; in a file it stands with its task.")
    }
    var job = try readJobFile(
      try readFile(file),
      id: task.id.map { JobID($0) },
      user: TaskOptions.user
    )
    if job.id.text.isEmpty { job.id = .random() }
    if let name = task.name { job.name = name }
    if !task.labels.isEmpty { job.labels = try task.jobLabels() }
    try job.validate()
    return job
  }

  private func report(_ submitted: Submitted) {
    let fields = [
      Field("id", .text(submitted.id.text)), Field("tasks", .integer(submitted.tasks)),
      Field("known", .flag(submitted.known)),
    ]
    let known = submitted.known ? " (known already)" : ""
    let line = "submitted job \(submitted.id): \(Amounts.count(submitted.tasks, "task"))\(known)"
    output.report(fields, line: quiet ? submitted.id.text : line)
  }
}

/// The bytes of a file, or of standard input for `-`.
func readFile(_ path: String) throws -> [UInt8] {
  let file = path == "-" ? fdopen(STDIN_FILENO, "r") : fopen(path, "re")
  guard let file else {
    throw UsageError("\(path.quoted) cannot be read: \(String(cString: strerror(errno)))")
  }
  defer { if path != "-" { fclose(file) } }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 20)
  while true {
    let count = fread(&chunk, 1, chunk.count, file)
    if count == 0 { break }
    bytes += chunk[..<count]
  }
  guard ferror(file) == 0 else {
    throw UsageError("\(path.quoted) cannot be read: \(String(cString: strerror(errno)))")
  }
  return bytes
}
