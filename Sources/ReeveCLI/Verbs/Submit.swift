import ArgumentParser
import Glibc
import ReeveClient
import ReeveJobFile
import ReeveModel
import ReeveOutput

struct Submit: Verb {
  static let configuration = CommandConfiguration(
    commandName: "submit",
    abstract: "Submits a command, a script, or a job from a file.",
    usage: """
      reeve submit [<options>] -- <command> [<argument> ...]
      reeve submit [<options>] <script> [<argument> ...]
      reeve submit [<options>] -f <file>
      reeve submit --open [<options>]
      """,
    discussion: """
      A script is a file that begins with #!; its text travels with the job. Lines at its head that begin with #REEVE \
      hold options of this command for the task, such as `#REEVE --cpus 4 --time 1h`; what the command line says goes \
      before. The common options of #SBATCH lines are read too: such a script runs in the directory where it is \
      submitted, as under Slurm, and finds what it looks for under Slurm's names, such as SLURM_JOB_ID; of this \
      shell's variables it gets those that --export names.
      """
  )

  @OptionGroup var options: SubmitOptions

  // All behind the script's name are the script's own arguments, whatever they look like.
  @Argument(
    parsing: .captureForPassthrough,
    help: ArgumentHelp("A script, or a command after `--`; and its arguments.", valueName: "word"),
    completion: .file()
  )
  var words: [String] = []

  private var task: TaskOptions { options.task }
  private var many: ArrayOptions { options.many }
  private var output: JSONOption { options.output }

  @concurrent func perform() async throws -> Int32 {
    let job = try await makeJob()
    if options.dryRun {
      output.report(
        [Field("valid", .flag(true)), Field("tasks", .integer(job.count))],
        line: "valid: \(Amounts.count(job.count, "task"))"
      )
      return ExitStatus.done
    }
    return try await ReeveClient.with(try ClusterAddress.find()) { client in
      let submitted = try await client.submit(job)
      report(submitted, job)
      guard options.wait else { return ExitStatus.done }
      return try await JobWait(jobs: [submitted.id], quiet: options.quiet || output.json).perform(client)
    }
  }

  /// `last` among what it waits for is asked of the master first.
  private func makeJob() async throws -> JobSpec {
    var verb = self
    verb.options.task.after = try await task.namedDependencies()
    return try verb.makeNamedJob(try await options.opening.addition(named: task.id))
  }

  private func makeNamedJob(_ addition: OpenOptions.Addition?) throws -> JobSpec {
    guard let first = words.first else {
      if let file = options.file { return try job(fromFile: file, addition) }
      return try options.opening.open ? emptyJob() : task.job(command: [])
    }
    // These pass through as well.
    if first == "--help" || first == "-h" { throw CleanExit.helpRequest(Self.self) }
    guard first == "--" || first == "-" || first.first != "-" else { throw SubmitOptions.unknown(first) }
    if options.file != nil { throw UsageError("either a file or a command or script, not both.") }
    let rest = Array(words.dropFirst())
    if first == "--" {
      var job = try task.job(command: rest)
      try many.apply(to: &job)
      return try whole(job, addition)
    }
    let (job, notices) = try options.job(fromScript: first, arguments: rest)
    if !output.json { for notice in notices { StandardError.write("reeve: \(notice)\n") } }
    return try whole(job, addition)
  }

  private func whole(_ job: JobSpec, _ addition: OpenOptions.Addition?) throws -> JobSpec {
    var job = job
    job.isOpen = options.opening.open
    if let addition { job.add(to: addition, name: task.name) }
    try job.validate()
    return job
  }

  /// A job to which all is still to be added.
  private func emptyJob() throws -> JobSpec {
    if let option = (task.taskOptionsGiven + many.given).first {
      throw UsageError("\(option) is for a command, and there is none yet: say it with what is added.")
    }
    var job = JobSpec(
      id: task.jobID,
      name: task.name ?? "",
      user: TaskOptions.user,
      labels: try task.jobLabels()
    )
    try many.apply(to: &job)
    return try whole(job, nil)
  }

  private func job(fromFile file: String, _ addition: OpenOptions.Addition?) throws -> JobSpec {
    if let option = (task.taskOptionsGiven + many.given).first {
      throw UsageError("\(option) is for a command on the command line; in a file it stands with its task.")
    }
    var job = try readJobFile(
      try readFile(file),
      id: addition?.job ?? task.id.map { JobID($0) },
      addition: addition?.name ?? "",
      user: TaskOptions.user
    )
    if job.id.text.isEmpty { job.id = .random() }
    if let name = task.name { job.name = name }
    if task.hold { job.isHeld = true }
    if options.opening.open { job.isOpen = true }
    if task.allowPending { job.mayWaitForNodes = true }
    if let most = many.maxFailures { job.failuresMax = most }
    if !task.labels.isEmpty { job.labels = try task.jobLabels() }
    try job.validate()
    return job
  }

  private func report(_ submitted: Submitted, _ job: JobSpec) {
    let fields = [
      Field("id", .text(submitted.id.text)), Field("tasks", .integer(submitted.tasks)),
      Field("known", .flag(submitted.known)),
    ]
    let known = submitted.known ? " (known already)" : ""
    let done = !job.addition.isEmpty ? "added to" : job.isOpen ? "opened" : "submitted"
    let line = "\(done) job \(submitted.id): \(Amounts.count(submitted.tasks, "task"))\(known)"
    output.report(fields, line: options.quiet ? submitted.id.text : line)
  }
}

/// The options of `reeve submit`, apart from its words.
struct SubmitOptions: ParsableArguments {
  @OptionGroup var task: TaskOptions
  @OptionGroup var many: ArrayOptions
  @OptionGroup var opening: OpenOptions

  @Option(
    name: [.customShort("f"), .customLong("file")],
    help: "A job file (YAML or JSON); - reads standard input.",
    completion: .file()
  )
  var file: String?

  @Flag(help: "Waits for the end, showing how far it is, and exits as `reeve wait` does.")
  var wait = false

  @Flag(help: "Only validates.")
  var dryRun = false

  @Flag(name: .shortAndLong, help: "Prints the bare id of the job.")
  var quiet = false

  @OptionGroup var output: JSONOption

  /// What the parser says of an option that there is not: with words that pass through it takes all for words.
  static func unknown(_ option: String) -> UsageError {
    do {
      _ = try parse([option])
    } catch { return UsageError(message(for: error)) }
    return UsageError("\(option) is not understood here.")
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
