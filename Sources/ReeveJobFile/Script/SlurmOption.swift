import ReeveModel

/// The options of `sbatch` that are read, by their long names.
enum SlurmOption: String, CaseIterable {
  case jobName = "job-name"
  case cpusPerTask = "cpus-per-task"
  case mem
  case memPerCPU = "mem-per-cpu"
  case tmp, time, array, dependency, ntasks, nodes
  case ntasksPerNode = "ntasks-per-node"
  case export, requeue
  case noRequeue = "no-requeue"
  case signal, chdir, nice
  // Ignored, with a word.
  case partition, output, error
  case openMode = "open-mode"
  case mailType = "mail-type"
  case mailUser = "mail-user"
  case account, qos, comment, wckey

  enum Arity { case none, optional, one }

  var arity: Arity {
    switch self {
    case .requeue, .noRequeue: .none
    case .nice: .optional
    default: .one
    }
  }

  init?(short: Character) {
    switch short {
    case "J": self = .jobName
    case "c": self = .cpusPerTask
    case "t": self = .time
    case "a": self = .array
    case "d": self = .dependency
    case "n": self = .ntasks
    case "N": self = .nodes
    case "D": self = .chdir
    case "p": self = .partition
    case "o": self = .output
    case "e": self = .error
    case "A": self = .account
    case "q": self = .qos
    default: return nil
    }
  }

  /// Why it may be ignored; `nil` of those that may not.
  var reasonToIgnore: String? {
    switch self {
    case .output, .error, .openMode: "`reeve logs` shows what a task writes"
    case .mailType, .mailUser: "Reeve sends no mail"
    case .partition, .account, .qos, .wckey: "Reeve has nothing like it"
    case .comment: "give the job a label instead"
    default: nil
    }
  }
}

/// An option as it stands in a script.
struct SlurmGiven {
  var option: SlurmOption
  /// As it was written, for messages: `--mem`, `-c`.
  var shown: String
  var value: String
  var line: Int

  func refusal(_ message: String) -> Refusal { Self.refusal(line, "\(shown): \(message)") }

  static func refusal(_ line: Int, _ message: String, _ code: Refusal.Code = .invalid) -> Refusal {
    Refusal(code, "line \(line): #SBATCH \(message)")
  }

  /// The options among the words of a line.
  static func all(in words: [String], line: Int) throws(Refusal) -> [SlurmGiven] {
    var found: [SlurmGiven] = []
    var rest = words[...]
    while let word = rest.popFirst() {
      let (option, shown, attached) = try parse(word, line)
      var value = attached
      switch option.arity {
      case .none where value != nil: throw refusal(line, "\(shown) takes no value.")
      case .one where value == nil: value = rest.popFirst()
      default: break
      }
      guard value != nil || option.arity != .one else { throw refusal(line, "\(shown) wants a value.") }
      found.append(SlurmGiven(option: option, shown: shown, value: value ?? "", line: line))
    }
    return found
  }

  private static func parse(
    _ word: String,
    _ line: Int
  ) throws(Refusal) -> (SlurmOption, shown: String, value: String?) {
    if word.hasPrefix("--") {
      let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = parts.first.map(String.init) ?? ""
      guard let option = SlurmOption(rawValue: name) else {
        throw unknown("--\(name)", suggestion(for: name, among: SlurmOption.allCases.map(\.rawValue)), line)
      }
      return (option, "--\(name)", parts.count == 2 ? String(parts[1]) : nil)
    }
    guard word.first == "-", let letter = word.dropFirst().first else {
      throw refusal(line, "\(word.quoted) is no option.", .unknownKey)
    }
    guard let option = SlurmOption(short: letter) else { throw unknown("-\(letter)", "", line) }
    return (option, "-\(letter)", word.count > 2 ? String(word.dropFirst(2)) : nil)
  }

  private static func unknown(_ shown: String, _ hint: String, _ line: Int) -> Refusal {
    let help = hint.isEmpty ? " Remove it if the script can do without." : hint
    return refusal(line, "\(shown) is not among the options of Slurm that Reeve reads.\(help)", .unknownKey)
  }
}
