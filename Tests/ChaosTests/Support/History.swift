import ReeveModel

/// What the tasks' own scripts say, in the order in which it happened: a history that does not come from Reeve.
struct History {
  struct Line: Equatable {
    enum Word: String {
      case start
      /// A polite task has had TERM, and exits 0.
      case polite
      case end
    }

    var word: Word
    var job: String
    var task: String
    var attempt: AttemptID
    var node: String
    /// Of an end.
    var code: Int32?

    var name: String { "\(job)/\(task)" }
  }

  var lines: [Line] = []
  /// Lines that no script writes.
  var torn: [String] = []

  init() {}

  init(text: String) {
    for line in text.split(separator: "\n") {
      if let parsed = Line(line) { lines.append(parsed) } else { torn.append(String(line)) }
    }
  }
}

extension History.Line {
  /// `start JOB TASK TERM.NUMBER NODE [CODE]`
  init?(_ text: Substring) {
    let words = text.split(separator: " ")
    guard words.count >= 5, let word = Word(rawValue: String(words[0])) else { return nil }
    let parts = words[3].split(separator: ".")
    guard parts.count == 2, let term = UInt32(parts[0]), let number = UInt64(parts[1]) else { return nil }
    self.init(
      word: word,
      job: String(words[1]),
      task: String(words[2]),
      attempt: AttemptID(term: Term(term), number: number),
      node: String(words[4]),
      code: words.count > 5 ? Int32(words[5]) : nil
    )
    if word == .end, code == nil { return nil }
  }
}
