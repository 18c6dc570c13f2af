import ArgumentParser
import ReeveClient
import ReeveJobFile
import ReeveModel
import ReeveOutput

struct Workflow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workflow",
    abstract: "Runs recorded workflows again.",
    subcommands: [WorkflowRun.self, BurnTask.self]
  )
}

struct WorkflowRun: Verb {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs a WfFormat workflow's structure as real processes.",
    discussion: """
      Each task burns as much cpu time and writes as much as was recorded, times a scale. \
      Exits as `reeve wait` does.
      """
  )

  @Argument(help: "A WfFormat file, which may be gzipped; - reads standard input.", completion: .file())
  var file: String

  @Option(help: "Recorded seconds to seconds of cpu time; 0 burns none.")
  var timeScale = 1.0

  @Option(help: "Recorded bytes of output to bytes written; 0 writes none.")
  var dataScale = 1.0

  @Option(help: "Id of the job; random if left out.")
  var id: String?

  @Flag(inversion: .prefixedNo, help: "Waits for the end, showing how far it is.")
  var wait = true

  @Flag(name: .shortAndLong, help: "Prints the bare id of the job, and no progress.")
  var quiet = false

  @OptionGroup var output: JSONOption

  @concurrent func perform() async throws -> Int32 {
    let job = try makeJob()
    return try await ReeveClient.with(try ClusterAddress.find()) { client in
      let submitted = try await client.submit(job)
      output.report(
        [Field("id", .text(submitted.id.text)), Field("tasks", .integer(submitted.tasks))],
        line: quiet
          ? submitted.id.text : "submitted job \(submitted.id): \(Amounts.count(submitted.tasks, "task"))"
      )
      guard wait else { return ExitStatus.done }
      return try await JobWait(jobs: [submitted.id], quiet: quiet || output.json).perform(client)
    }
  }

  private func makeJob() throws -> JobSpec {
    let workflow = try readWorkflow(try readFile(file))
    let options = WorkflowOptions(
      timeScale: timeScale,
      dataScale: dataScale,
      burner: [Executable.path, "workflow", "task"]
    )
    var job = try jobSpec(from: workflow, options: options)
    job.id = id.map { JobID($0) } ?? .random()
    job.user = TaskOptions.user
    try job.validate()
    return job
  }
}
