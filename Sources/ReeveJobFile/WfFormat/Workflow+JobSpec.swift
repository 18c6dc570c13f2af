package import ReeveModel

/// How a recorded workflow is run again.
package struct WorkflowOptions: Sendable {
  /// Recorded seconds to seconds of cpu time; 0 burns none.
  package var timeScale: Double
  /// Recorded bytes of output to bytes written; 0 writes no files.
  package var dataScale: Double
  /// The program and arguments in front of a task's own, such as `reeve workflow task`.
  package var burner: [String]
  /// What a task asks for. Constant, for what files record is a peak that was measured, or nothing.
  package var memory: Int64
  /// The most cores that a task asks for, so that wide tasks fit on small nodes; `nil` leaves them as
  /// recorded.
  package var coreLimit: Int?

  package init(
    timeScale: Double,
    dataScale: Double,
    burner: [String],
    memory: Int64 = 64 << 20,
    coreLimit: Int? = nil
  ) {
    self.timeScale = timeScale
    self.dataScale = dataScale
    self.burner = burner
    self.memory = memory
    self.coreLimit = coreLimit
  }
}

/// A workflow's structure as a job: each task burns cpu time and writes files as large as the recorded ones.
///
/// A task's command is `burner` and then `--cpu SECONDS` (a plain decimal, to the microsecond) where there is
/// time to burn, and one `--write BYTES` for each recorded output, empty ones too, where data are written at
/// all: the verb makes a file of so many bytes in its working directory. A task with neither is `/bin/true`.
/// Several cores burn `SECONDS` each. The id of the job and its user are left empty for the caller to fill.
/// - Throws: `.invalid` for a scale that is negative, endless or none; what else a job may not be `validate` says.
package func jobSpec(from workflow: Workflow, options: WorkflowOptions) throws(Refusal) -> JobSpec {
  try options.validate()
  var job = JobSpec(id: JobID(""), name: workflow.name)
  var templates: [TaskTemplate: Int] = [:]
  for (place, task) in workflow.tasks.enumerated() {
    let arguments = try options.arguments(of: task)
    let command = arguments.isEmpty ? ["/bin/true"] : options.burner
    let template = TaskTemplate(command: command, resources: options.resources(of: task))
    let number = templates[template] ?? job.templates.count
    if number == job.templates.count {
      templates[template] = number
      job.templates.append(template)
    }
    job.append(
      name: taskName(of: task.id, place: place),
      template: number,
      arguments: arguments,
      after: task.parents.lazy.map { UInt32($0) }
    )
  }
  return job
}

/// A task's id as the name of a task: what no name may have (and `%` itself) percent-encoded, byte by byte.
///
/// Different ids have different names: what is too long is cut, and `%~` and its place put at the end, which
/// no encoding makes.
func taskName(of id: String, place: Int) -> String {
  var name = ""
  for byte in id.utf8 {
    let isPlain = byte > 0x20 && byte < 0x7f && byte != UInt8(ascii: "/") && byte != UInt8(ascii: "%")
    name += isPlain ? String(Unicode.Scalar(byte)) : "%" + hexadecimal(byte)
  }
  if name == "." || name == ".." { return name.map { _ in "%2E" }.joined() }
  if name.isEmpty { return "%~\(place)" }
  guard name.utf8.count > Limits.nameBytes else { return name }
  let end = "%~\(place)"
  return String(name.prefix(Limits.nameBytes - end.utf8.count)) + end
}

private func hexadecimal(_ byte: UInt8) -> String {
  let digits = String(byte, radix: 16, uppercase: true)
  return byte < 0x10 ? "0" + digits : digits
}

extension WorkflowOptions {
  fileprivate func validate() throws(Refusal) {
    for (field, scale) in [("time-scale", timeScale), ("data-scale", dataScale)] {
      guard scale.isFinite && scale >= 0 else {
        throw Refusal(
          .invalid,
          field: field,
          "\(scale) is no scale. Use 0 for none, 1 for as recorded, 0.01 for a hundredth."
        )
      }
    }
    if let coreLimit, coreLimit < 1 {
      throw Refusal(.invalid, field: "core-limit", "\(coreLimit) is no number of cores. Use at least 1.")
    }
  }

  fileprivate func arguments(of task: Workflow.Task) throws(Refusal) -> [String] {
    var arguments: [String] = []
    let microseconds = task.runtime * timeScale * 1e6
    guard microseconds <= Double(Limits.timeLimit.microseconds) else {
      throw Refusal(
        .invalid,
        field: "time-scale",
        "\(timeScale) makes the task \(task.id.quoted) run for over ten years."
      )
    }
    if microseconds >= 0.5 { arguments += ["--cpu", seconds(UInt64(microseconds + 0.5))] }
    guard dataScale > 0 else { return arguments }
    for file in task.outputs { arguments += ["--write", String(try scaled(file, of: task))] }
    return arguments
  }

  /// Exact where the scale is 1, else rounded up, so that what was not empty does not become so.
  private func scaled(_ file: Workflow.File, of task: Workflow.Task) throws(Refusal) -> Int64 {
    if dataScale == 1 { return file.size }
    let bytes = Double(file.size) * dataScale
    guard bytes <= Double(Limits.bytes) else {
      throw Refusal(.invalid, field: "data-scale", "\(dataScale) makes \(file.id.quoted) larger than 1EiB.")
    }
    let whole = Int64(bytes)
    return Double(whole) < bytes ? whole + 1 : whole
  }

  fileprivate func resources(of task: Workflow.Task) -> Resources {
    let cores = min(task.coreCount ?? 1, coreLimit ?? .max)
    return Resources(cpuMillis: Int64(cores) * 1_000, memory: memory, disk: 0)
  }

  /// `0.0123`: neither an exponent nor zeros at the end.
  private func seconds(_ microseconds: UInt64) -> String {
    var text = "\(microseconds / 1_000_000)"
    let rest = microseconds % 1_000_000
    if rest == 0 { return text }
    text += "." + String(String(rest + 1_000_000).dropFirst())
    while text.last == "0" { text.removeLast() }
    return text
  }
}
