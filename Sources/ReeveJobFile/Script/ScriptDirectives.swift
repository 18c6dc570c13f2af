package import ReeveModel

/// What a script says of itself in the comments at its head: `#REEVE` lines, and those for Slurm.
///
/// As under Slurm the head ends with the first line that is neither empty nor a comment.
package struct ScriptDirectives: Sendable {
  /// A value, and the line that gives it.
  package struct Given<Value: Sendable>: Sendable {
    package var line: Int
    package var value: Value
  }

  /// The words of each `#REEVE` line: options of `reeve submit`.
  package var own: [Given<[String]>] = []

  // The rest is what `#SBATCH` lines say; of what is given twice the last counts.
  package var name: Given<String>?
  /// Thousandths of a core.
  package var cpuMillis: Given<Int64>?
  package var memory: Given<Int64>?
  package var memoryPerCPU: Given<Int64>?
  package var disk: Given<Int64>?
  /// `nil` in it is no limit.
  package var time: Given<TimeSpan?>?
  package var grace: Given<TimeSpan>?
  package var priority: Given<Int32>?
  package var onNodeLoss: Given<NodeLossChoice>?
  package var directory: Given<String>?
  package var exports: Given<SlurmExports>?
  /// As it is written.
  package var array: Given<String>?
  package var dependencies: [Given<SlurmDependency>] = []
  /// Whether there was a `#SBATCH` line at all.
  package var isForSlurm = false
  /// What is not carried out as it is written, for the user to read.
  package var notices: [Given<String>] = []

  init(_ lines: ScriptLines) throws(Refusal) {
    var isHead = true
    for (number, line) in lines.rest {
      isHead = isHead && (line.first == "#" || line.allSatisfy(\.isWhitespace))
      if let words = Self.words(of: line, after: "#REEVE") {
        if isHead {
          own.append(.init(line: number, value: try split(words, number)))
        } else {
          late(number, "#REEVE")
        }
      } else if let words = Self.words(of: line, after: "#SBATCH") {
        guard isHead else {
          late(number, "#SBATCH")
          continue
        }
        isForSlurm = true
        try readSlurm(try split(words, number), line: number)
      }
    }
  }

  private mutating func late(_ line: Int, _ mark: String) {
    note(line, "the \(mark) line comes after the first command and is not read")
  }

  mutating func note(_ line: Int, _ text: String) { notices.append(.init(line: line, value: text)) }

  /// What follows the mark, where the line begins with it.
  private static func words(of line: Substring, after mark: String) -> Substring? {
    guard line.hasPrefix(mark) else { return nil }
    let rest = line.dropFirst(mark.count)
    return rest.first?.isWhitespace ?? true ? rest : nil
  }
}

extension ScriptDirectives {
  /// Words as a shell would split them: quotes hold them together, a backslash takes the next sign as it is, and a `#` at
  /// the beginning of a word ends the line.
  private func split(_ text: Substring, _ line: Int) throws(Refusal) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var rest = text[...]
    while let sign = rest.popFirst() {
      if sign == "\\", quote != "'", let next = rest.popFirst() {
        word = (word ?? "") + String(next)
      } else if let open = quote {
        if sign == open { quote = nil } else { word?.append(sign) }
      } else if sign == "\"" || sign == "'" {
        quote = sign
        word = word ?? ""
      } else if sign.isWhitespace {
        if let whole = word { words.append(whole) }
        word = nil
      } else if sign == "#" && word == nil {
        break
      } else {
        word = (word ?? "") + String(sign)
      }
    }
    if let quote { throw Refusal(.syntax, "line \(line): a \(quote) is opened and not closed.") }
    if let word { words.append(word) }
    return words
  }
}
