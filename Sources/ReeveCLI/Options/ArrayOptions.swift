import ArgumentParser
import ReeveJobFile
import ReeveModel

/// What makes many tasks of one command.
struct ArrayOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "One task for each index, which is %{index} in the command: 0-999, 1-100:7 or 1,3,10-20; with %50 behind it at most 50 at a time.",
      valueName: "indices"
    )
  )
  var array: String?

  @Option(
    help: ArgumentHelp(
      "One task for each line of a file, which is %{value} in the command; - is standard input.",
      valueName: "file"
    )
  )
  var eachLine: String?

  @Option(
    help: ArgumentHelp(
      "One task for each element of a JSON list in a file, %{value} in the command; - is standard input.",
      valueName: "file"
    )
  )
  var fromJson: String?

  @Option(
    help: ArgumentHelp(
      "Stops the job when so many tasks have failed: what runs is ended, what waits never starts (default: never).",
      valueName: "n"
    )
  )
  var maxFailures: UInt32?

  /// The options that are for a command on the command line, as far as they were given.
  var given: [String] {
    let given: [(String, Bool)] = [
      ("--array", array != nil), ("--each-line", eachLine != nil), ("--from-json", fromJson != nil),
    ]
    return given.filter(\.1).map(\.0)
  }

  /// Makes the job's only entry an array, where one is asked for.
  func apply(to job: inout JobSpec) throws {
    if let maxFailures {
      guard maxFailures > 0 else {
        throw UsageError("--max-failures 0 would never start anything: use 1 or more.")
      }
      job.failuresMax = maxFailures
    }
    if eachLine != nil, fromJson != nil { throw UsageError("either --each-line or --from-json, not both.") }
    let values = try self.values()
    guard array != nil || values != nil else { return }
    var made = TaskArray(entry: 0, runs: [])
    if let array { (made.runs, made.parallel) = try TaskArray.parse(array, field: "--array") }
    if let values {
      guard !values.isEmpty else {
        throw UsageError("there is nothing in \((eachLine ?? fromJson ?? "").quoted): no task.")
      }
      if made.runs.isEmpty { made.runs = [TaskArray.IndexRun(first: 0, count: UInt32(values.count))] }
      guard made.count == values.count else {
        throw UsageError(
          "--array \(array ?? "") is \(made.count) tasks, and there are \(values.count) values: give one a task."
        )
      }
      made.values = values
    }
    job.arrays = [made]
  }

  private func values() throws -> PackedStrings? {
    if let eachLine { return PackedStrings(lines: try readFile(eachLine)) }
    return try fromJson.map { try readJSONList(try readFile($0), field: "--from-json") }
  }
}

extension PackedStrings {
  /// The lines of a text, without their ends; the last may lack one.
  fileprivate init(lines bytes: [UInt8]) {
    self.init()
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast(
      bytes.last == UInt8(ascii: "\n") || bytes.isEmpty ? 1 : 0
    ) {
      append(String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self))
    }
  }
}
