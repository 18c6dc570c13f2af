import ArgumentParser
import Foundation
import Glibc
import ReeveJobFile
import ReeveModel

/// What a `#REEVE` line may say.
private struct LineOptions: ParsableArguments {
  @OptionGroup var task: TaskOptions
  @OptionGroup var many: ArrayOptions
}

/// Scripts, whose options stand in the script itself.
extension SubmitOptions {
  /// The job of a script, and what its user should know of it.
  func job(
    fromScript path: String,
    arguments: [String]
  ) throws -> (job: JobSpec, notices: [String]) {
    let bytes = try readFile(path)
    guard Script.isScript(bytes) else {
      throw UsageError(
        """
        \(path.quoted) is no script, for it does not begin with #!. A command stands after `--`; a job file is \
        submitted with -f.
        """
      )
    }
    let script = try Script.read(bytes)
    let directives = script.directives
    var (task, many) = (task, many)
    for line in directives.own.reversed() {
      let said = try Self.parse(line)
      task.fill(from: said.task)
      many.fill(from: said.many)
    }
    if directives.isForSlurm {
      task.fill(from: try TaskOptions.slurm(directives, cpuMillis: task.cpus))
      if many.given.isEmpty { many.array = directives.array?.value }
    }
    let name = path == "-" ? "script" : TaskOptions.lastPart(of: path)
    var job = try task.job(command: script.command(name: name, arguments: arguments), called: name)
    try many.apply(to: &job)
    if directives.isForSlurm {
      let told = slurmVariables(
        of: job,
        resources: job.templates[0].resources,
        directory: try TaskOptions.currentDirectory()
      )
      job.templates[0].environment = told.overridden(by: job.templates[0].environment)
    }
    try job.validate()
    return (job, directives.notices.map { "line \($0.line): \($0.value)" })
  }

  /// Options of a `#REEVE` line.
  private static func parse(_ line: ScriptDirectives.Given<[String]>) throws(Refusal) -> LineOptions {
    do {
      return try LineOptions.parse(line.value)
    } catch {
      let said =
        LineOptions.exitCode(for: error).isSuccess
        ? "help is for the command line." : LineOptions.message(for: error)
      throw Refusal(.invalid, "line \(line.line): #REEVE: \(said)")
    }
  }
}

extension TaskOptions {
  /// What was not given here, from there.
  fileprivate mutating func fill(from other: TaskOptions) {
    name = name ?? other.name
    id = id ?? other.id
    cpus = cpus ?? other.cpus
    memory = memory ?? other.memory
    disk = disk ?? other.disk
    priority = priority ?? other.priority
    time = time ?? other.time
    grace = grace ?? other.grace
    onNodeLoss = onNodeLoss ?? other.onNodeLoss
    // Of the same name the last counts.
    environment = other.environment + environment
    labels = other.labels + labels
    directory = directory ?? other.directory
    if after.isEmpty { after = other.after }
    retries = retries ?? other.retries
    retryDelay = retryDelay ?? other.retryDelay
    retryOn = retryOn ?? other.retryOn
    warn = warn ?? other.warn
    hold = hold || other.hold
    allowPending = allowPending || other.allowPending
    constraints = other.constraints + constraints
    inputs = other.inputs + inputs
    outputs = other.outputs + outputs
  }

  /// Cores that were given elsewhere go before those of the script where memory is counted by the core.
  fileprivate static func slurm(_ directives: ScriptDirectives, cpuMillis: Int64?) throws -> TaskOptions {
    var options = try parse([])
    options.name = directives.name?.value
    options.cpus = directives.cpuMillis?.value
    options.memory = directives.memory?.value
    if let each = directives.memoryPerCPU?.value {
      let cpus = cpuMillis ?? options.cpus ?? TaskTemplate.defaultResources.cpuMillis
      let (memory, overflow) = each.multipliedReportingOverflow(by: (cpus + 999) / 1_000)
      options.memory = overflow ? .max : memory
    }
    options.disk = directives.disk?.value
    options.time = directives.time?.value
    options.grace = directives.grace?.value
    options.priority = directives.priority?.value
    options.onNodeLoss = directives.onNodeLoss?.value
    options.after = directives.dependencies.map { "\($0.value.job):\($0.value.kind.words)" }
    let here = try currentDirectory()
    let directory = directives.directory?.value ?? here
    options.directory = directory.first == "/" ? directory : "\(here)/\(directory)"
    if let exports = directives.exports?.value {
      options.environment = (exports.all ? allVariables() : []) + exports.names
    }
    return options
  }

  fileprivate static func currentDirectory() throws -> String {
    guard let path = getcwd(nil, 0) else {
      throw UsageError("there is no working directory here: \(String(cString: strerror(errno)))")
    }
    defer { free(path) }
    return String(cString: path)
  }

  /// Of this process, as `NAME=VALUE`.
  private static func allVariables() -> [String] {
    ProcessInfo.processInfo.environment.filter {
      !$0.key.hasPrefix("REEVE_") && !$0.key.hasPrefix("SLURM_") && !$0.key.isEmpty
    }.map { "\($0.key)=\($0.value)" }
  }
}

extension ArrayOptions {
  /// What was not given here, from there.
  fileprivate mutating func fill(from other: ArrayOptions) {
    if given.isEmpty { (array, eachLine, fromJson) = (other.array, other.eachLine, other.fromJson) }
    maxFailures = maxFailures ?? other.maxFailures
  }
}

extension [TaskTemplate.Variable] {
  /// Both are sorted by name.
  fileprivate func overridden(by own: [TaskTemplate.Variable]) -> [TaskTemplate.Variable] {
    let names = Set(own.map(\.name))
    return (filter { !names.contains($0.name) } + own).sorted { $0.name < $1.name }
  }
}
