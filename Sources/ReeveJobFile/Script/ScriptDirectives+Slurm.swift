import ReeveModel

/// What `#SBATCH` lines mean here.
extension ScriptDirectives {
  mutating func readSlurm(_ words: [String], line: Int) throws(Refusal) {
    for given in try SlurmGiven.all(in: words, line: line) {
      if let reason = given.option.reasonToIgnore {
        note(line, "\(given.shown) is ignored: \(reason)")
      } else {
        try take(given)
      }
    }
  }

  private mutating func take(_ given: SlurmGiven) throws(Refusal) {
    let line = given.line
    switch given.option {
    case .jobName: name = .init(line: line, value: given.value)
    case .cpusPerTask: cpuMillis = .init(line: line, value: try given.count(upTo: 1_000_000) * 1_000)
    case .mem:
      memory = .init(line: line, value: try given.memory())
      memoryPerCPU = nil
    case .memPerCPU:
      memoryPerCPU = .init(line: line, value: try given.memory())
      memory = nil
    case .tmp: disk = .init(line: line, value: try given.memory())
    case .time: time = .init(line: line, value: try given.time())
    case .array: array = .init(line: line, value: try given.array())
    case .dependency: dependencies = try given.dependencies().map { .init(line: line, value: $0) }
    case .ntasks, .nodes, .ntasksPerNode: try given.requireOne()
    case .export: exports = .init(line: line, value: try given.exports())
    case .requeue: onNodeLoss = .init(line: line, value: .requeue)
    case .noRequeue: onNodeLoss = .init(line: line, value: .fail)
    case .signal:
      grace = .init(line: line, value: try given.graceOfSignal())
      note(line, "\(given.shown) is read as --grace: TERM comes at the time limit, and KILL so much later")
    case .chdir: directory = .init(line: line, value: given.value)
    case .nice: priority = .init(line: line, value: try given.priorityOfNice())
    case .partition, .output, .error, .openMode, .mailType, .mailUser, .account, .qos, .comment, .wckey:
      preconditionFailure("\(given.option) is ignored")
    }
  }
}

/// Which of the submitter's variables a script gets, and which of its own: `--export`.
package struct SlurmExports: Hashable, Sendable {
  package var all: Bool
  /// `NAME`, or `NAME=VALUE`.
  package var names: [String]
}

extension SlurmGiven {
  /// A whole number from 1 on.
  fileprivate func count(upTo most: Int64) throws(Refusal) -> Int64 {
    guard let count = Self.whole(value), (1...most).contains(count) else {
      throw refusal("\(value.quoted) is out of range. Use a whole number from 1 to \(most).")
    }
    return count
  }

  static func whole(_ text: some StringProtocol) -> Int64? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(text) : nil
  }

  fileprivate func requireOne() throws(Refusal) {
    if value == "1" || option == .nodes && value == "1-1" { return }
    throw refusal(
      "\(value.quoted) is more than Reeve gives a script, which is one process on one node. Use 1; for many, --array."
    )
  }

  /// Megabytes where no unit is given, which are of 1024 kilobytes.
  fileprivate func memory() throws(Refusal) -> Int64 {
    let digits = value.prefix { $0.isASCII && $0.isNumber }
    let scale: Int64? =
      switch value.dropFirst(digits.count).lowercased() {
      case "k", "kb": 1 << 10
      case "", "m", "mb": 1 << 20
      case "g", "gb": 1 << 30
      case "t", "tb": 1 << 40
      default: nil
      }
    guard let scale, let amount = Self.whole(digits), !digits.isEmpty else {
      throw refusal("\(value.quoted) is no size. Write it as Slurm does, such as 512M or 4G.")
    }
    guard amount > 0 else { throw refusal("0 would be all that the node has. Say how much, such as 4G.") }
    let (bytes, overflow) = amount.multipliedReportingOverflow(by: scale)
    guard !overflow, bytes <= Limits.bytes else { throw refusal("\(value.quoted) is more than 1EiB.") }
    return bytes
  }

  fileprivate func priorityOfNice() throws(Refusal) -> Int32 {
    // Without a value Slurm takes 100.
    let text = value.isEmpty ? "100" : value
    guard let nice = Int32(text), Limits.priority.contains(nice) else {
      throw refusal(
        "\(text.quoted) is out of range. Use \(Limits.priority.lowerBound) to \(Limits.priority.upperBound)."
      )
    }
    return -nice
  }

  /// `[{R|B}:]SIGNAL[@SECONDS]`, of which Reeve has the one that it sends anyway.
  fileprivate func graceOfSignal() throws(Refusal) -> TimeSpan {
    let bare = value.hasPrefix("B:") || value.hasPrefix("R:") ? value.dropFirst(2) : value[...]
    let parts = bare.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = parts.first, ["TERM", "SIGTERM", "15"].contains(name.uppercased()) else {
      throw refusal(
        "Reeve sends TERM when the time is over, and KILL after --grace; \(value.quoted) asks for another. Use TERM@60."
      )
    }
    let seconds = parts.count == 2 ? Self.whole(parts[1]) : 60
    guard let seconds, TimeSpan.seconds(min(seconds, 1 << 30)) <= Limits.grace else {
      throw refusal("\(value.quoted) is out of range. Use TERM@0 to TERM@3600.")
    }
    return .seconds(seconds)
  }

  fileprivate func exports() throws(Refusal) -> SlurmExports {
    var exports = SlurmExports(all: false, names: [])
    for part in value.split(separator: ",") {
      switch part {
      case "ALL": exports.all = true
      case "NONE", "NIL": break
      default:
        guard part.first != "=" else {
          throw refusal("\(String(part).quoted) has no name. Write NAME=VALUE.")
        }
        exports.names.append(String(part))
      }
    }
    return exports
  }
}
