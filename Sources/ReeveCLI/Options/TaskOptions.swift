import ArgumentParser
import Glibc
import ReeveClient
import ReeveModel
import ReeveOutput

/// What a task on the command line may ask for.
struct TaskOptions: ParsableArguments {
  @Option(help: "Name of the job, or with --job of the task that is added; the command's own if left out.")
  var name: String?

  @Option(
    help:
      "Id of the job, or with --job of what is added to it: submitted once however often it is tried; random if left out."
  )
  var id: String?

  @Option(help: "Cores, such as 2 or 0.5 (default: 1).", transform: Self.cpuMillis)
  var cpus: Int64?

  @Option(help: "Memory, such as 512MiB (default: 64MiB).", transform: Self.bytes)
  var memory: Int64?

  @Option(help: "Disk, such as 10GiB (default: none).", transform: Self.bytes)
  var disk: Int64?

  @Option(
    name: .customLong("constraint"),
    help: ArgumentHelp(
      "Runs it only on nodes with this attribute, such as gpu=a100, zone=a,b for one of them or zone!=c for none; may be repeated.",
      valueName: "attribute=values"
    )
  )
  var constraints: [String] = []

  @Option(help: "A whole number; larger is more urgent (default: 0).")
  var priority: Int32?

  @Option(
    help: "The longest it may run, such as 90s, 10m or 1:00:00 (default: for ever).",
    transform: Self.span
  )
  var time: TimeSpan?

  @Option(
    help: "How long after its submission it should have ended; the policy priority can look at it.",
    transform: Self.span
  )
  var deadline: TimeSpan?

  @Option(help: "From SIGTERM to SIGKILL when it is ended by order (default: 5s).", transform: Self.span)
  var grace: TimeSpan?

  @Option(
    help: ArgumentHelp(
      "If its node is lost: requeue, wait for the node, or fail (default: requeue).",
      valueName: "choice"
    )
  )
  var onNodeLoss: NodeLossChoice?

  @Option(
    name: .customLong("env"),
    help: ArgumentHelp(
      "Sets a variable, or passes on this shell's; may be repeated.",
      valueName: "name[=value]"
    )
  )
  var environment: [String] = []

  @Option(
    name: .customLong("label"),
    help: ArgumentHelp("Labels the job; may be repeated.", valueName: "name=value")
  )
  var labels: [String] = []

  @Option(help: "Where the command runs (default: a directory of its own).")
  var directory: String?

  @Option(
    help: ArgumentHelp(
      "Starts when a job, or JOB/TASK, has completed; with :failed or :ended behind it, when it has failed or ended; with :each, each task of an array when that of the same place in the other has; may be repeated.",
      valueName: "job[:condition][:each]"
    )
  )
  var after: [String] = []

  @Option(help: "How many times a task that fails is tried again (default: 0).")
  var retries: UInt16?

  @Option(
    help: "The wait before the first retry; doubled before each further one, up to 5m (default: 1s).",
    transform: Self.span
  )
  var retryDelay: TimeSpan?

  @Option(
    help: ArgumentHelp(
      "Retries only after these exit codes or reasons, such as 75,out-of-memory (default: any).",
      valueName: "codes"
    )
  )
  var retryOn: String?

  @Option(
    help: ArgumentHelp(
      "Sends a signal so long before the time limit, such as USR1@60s.",
      valueName: "signal@time"
    )
  )
  var warn: String?

  @Flag(help: "Keeps it from starting until `reeve release`.")
  var hold = false

  @Flag(
    help: "Takes it even where no node is large enough, or is what its constraints ask for: one will come."
  )
  var allowPending = false

  @Option(
    name: .customLong("input"),
    help: ArgumentHelp("Data that it reads; kept and shown; may be repeated.", valueName: "name")
  )
  var inputs: [String] = []

  @Option(
    name: .customLong("output"),
    help: ArgumentHelp("Data that it writes; kept and shown; may be repeated.", valueName: "name")
  )
  var outputs: [String] = []

  /// The options that say something of one task, as far as they were given.
  var taskOptionsGiven: [String] {
    let given: [(String, Bool)] = [
      ("--cpus", cpus != nil), ("--memory", memory != nil), ("--disk", disk != nil),
      ("--constraint", !constraints.isEmpty),
      ("--priority", priority != nil), ("--time", time != nil), ("--deadline", deadline != nil),
      ("--grace", grace != nil),
      ("--on-node-loss", onNodeLoss != nil), ("--env", !environment.isEmpty),
      ("--directory", directory != nil), ("--after", !after.isEmpty), ("--retries", retries != nil),
      ("--retry-delay", retryDelay != nil), ("--retry-on", retryOn != nil), ("--warn", warn != nil),
      ("--input", !inputs.isEmpty), ("--output", !outputs.isEmpty),
    ]
    return given.filter(\.1).map(\.0)
  }

  private static func cpuMillis(_ text: String) throws -> Int64 { try Quantity.cpuMillis(text, field: "") }
  private static func bytes(_ text: String) throws -> Int64 { try Quantity.bytes(text, field: "") }
  private static func span(_ text: String) throws -> TimeSpan { try Quantity.duration(text, field: "") }
}

extension NodeLossChoice: ExpressibleByArgument {
  public init?(argument: String) { self.init(word: argument) }
  public static var allValueStrings: [String] { allCases.map(\.word) }
}

extension TaskOptions {
  /// The job of one entry that the command line describes; not validated yet.
  func job(command: [String]) throws -> JobSpec {
    guard let program = command.first else {
      throw UsageError("no command. Write it after `--`, such as: reeve submit -- echo hello")
    }
    return try job(command: command, called: Self.lastPart(of: program))
  }

  /// The same, and its task, by this name if it has none.
  func job(command: [String], called base: String) throws -> JobSpec {
    var job = JobSpec(id: jobID, name: name ?? base, user: Self.user, labels: try jobLabels())
    job.templates = [try template(command)]
    job.append(
      name: TaskName.isValid(base) ? base : "task",
      template: 0,
      arguments: EmptyCollection<String>(),
      after: EmptyCollection<UInt32>()
    )
    job.isHeld = hold
    job.mayWaitForNodes = allowPending
    job.outerDependencies = try after.map { try Self.outerDependency($0) }
    return job
  }

  static func lastPart(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

  /// What `--after` says, with an id for `last`.
  func namedDependencies() async throws -> [String] {
    guard after.contains(where: Self.isOnLast) else { return after }
    let newest = try await ReeveClient.with(try ClusterAddress.find()) { client in
      try await Selector(argument: "last").jobID(client)
    }
    return after.map { Self.isOnLast($0) ? newest.text + $0.dropFirst("last".count) : $0 }
  }

  private static func isOnLast(_ text: String) -> Bool {
    text.hasPrefix("last") && (text.count == 4 || [":", "/"].contains(text.dropFirst(4).first))
  }

  /// Reads `nightly`, `nightly/join`, `nightly.17` or one of them and `:failed`.
  private static func outerDependency(_ text: String) throws -> OuterDependency {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let kind = parts.count < 2 ? DependencyKind() : DependencyKind(words: parts[1])
    guard let kind, !parts[0].isEmpty else {
      throw UsageError(
        "--after \(text.quoted) is no dependency. Write a job or JOB/TASK, and behind it :succeeded, :failed or :ended "
          + "where that is meant, and :each from array to array."
      )
    }
    let names = parts[0].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    return OuterDependency(
      entry: 0,
      job: JobID(String(names[0])),
      task: names.count > 1 ? String(names[1]) : "",
      kind
    )
  }

  private func retryRule() throws -> RetryRule {
    var rule = RetryRule(limit: retries ?? 0, delay: retryDelay ?? RetryRule.defaultDelay)
    for word in (retryOn ?? "").split(separator: ",") {
      if let code = UInt8(word), code > 0 {
        rule.exitCodes.append(code)
      } else if let reason = FailureReason(code: String(word)), reason.mayBeRetried {
        rule.reasons.append(reason)
      } else {
        let known = FailureReason.allCases.filter(\.mayBeRetried).map(\.code).joined(separator: ", ")
        throw UsageError(
          "--retry-on \(String(word).quoted) is neither an exit code from 1 to 255 nor a reason. Reasons: \(known)."
        )
      }
    }
    if retries == nil, retryDelay != nil || retryOn != nil {
      throw UsageError("--retry-delay and --retry-on need --retries: how many times?")
    }
    return rule
  }

  var jobID: JobID { id.map { JobID($0) } ?? .random() }

  func jobLabels() throws -> [TaskTemplate.Variable] {
    Self.sorted(
      try labels.map { text in
        guard let label = TaskTemplate.Variable(parsing: text) else {
          throw UsageError("--label \(text.quoted) is not NAME=VALUE, such as team=imaging.")
        }
        return label
      }
    )
  }

  private func template(_ command: [String]) throws -> TaskTemplate {
    var resources = TaskTemplate.defaultResources
    if let cpus { resources.cpuMillis = cpus }
    if let memory { resources.memory = memory }
    if let disk { resources.disk = disk }
    return TaskTemplate(
      command: command,
      environment: try variables(),
      resources: resources,
      constraints: try constraints.map { text throws(Refusal) in
        try AttributeConstraint(parsing: text, field: "--constraint")
      },
      timeLimit: time,
      deadline: deadline,
      grace: grace ?? TaskTemplate.defaultGrace,
      priority: priority ?? 0,
      onNodeLoss: onNodeLoss ?? .requeue,
      directory: directory,
      retry: try retryRule(),
      warning: try warn.map { text throws(Refusal) in try TimeWarning.parse(text, field: "--warn") },
      inputs: inputs,
      outputs: outputs
    )
  }

  private func variables() throws -> [TaskTemplate.Variable] {
    Self.sorted(
      try environment.map { text in
        if let variable = TaskTemplate.Variable(parsing: text) { return variable }
        guard let value = getenv(text) else {
          throw UsageError("--env \(text.quoted): there is no such variable here. Write \(text)=VALUE.")
        }
        return TaskTemplate.Variable(name: text, value: String(cString: value))
      }
    )
  }

  /// By name; of what was given twice the last counts.
  private static func sorted(_ variables: [TaskTemplate.Variable]) -> [TaskTemplate.Variable] {
    var byName: [String: String] = [:]
    for variable in variables { byName[variable.name] = variable.value }
    return byName.map { TaskTemplate.Variable(name: $0.key, value: $0.value) }.sorted {
      $0.name < $1.name
    }
  }

  /// Whose jobs are submitted from here.
  static var user: String {
    guard let entry = getpwuid(getuid()) else { return "\(getuid())" }
    return String(cString: entry.pointee.pw_name)
  }
}

extension TaskTemplate.Variable {
  /// Reads `NAME=VALUE`; `nil` is neither.
  init?(parsing text: String) {
    guard let equals = text.firstIndex(of: "=") else { return nil }
    self.init(name: String(text[..<equals]), value: String(text[text.index(after: equals)...]))
  }
}
