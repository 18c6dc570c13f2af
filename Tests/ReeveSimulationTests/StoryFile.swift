import ReeveModel
import ReeveTestSupport

/// What happened to one core, and what it wanted done: the lasting form of a failure that was found.
///
///     # A sentence or two: what went wrong, and which seed found it.
///     core rack
///
///     @ 0
///     master 1 generation=1.1 nodes=1,2
///     node 1 1 cpus=8
///     > welcome 1 node 1 under 1.1
///
/// A turn begins with `@` and its milliseconds; then the events that it hands over, each a verb with its words and fields;
/// then, behind `>`, what the core wants done. With REEVE_RECORD=1 in the environment a test run writes those lines anew.
/// An attempt is `term.number`, and stands for a task of the same number unless another is named: `1.5:3` is of task 3.
struct StoryFile {
  struct Turn {
    var milliseconds: Int64
    /// Events and comments, as they stand there.
    var lines: [String] = []
    var effects: [String] = []

    var events: [StoryLine] { lines.filter { !$0.hasPrefix("#") }.map(StoryLine.init) }
  }

  /// Comments, and the line that names the core.
  private(set) var head: [String] = []
  var turns: [Turn] = []

  init(_ text: String) {
    for line in text.split(separator: "\n").map(String.init) {
      if line.hasPrefix("@") {
        turns.append(Turn(milliseconds: Int64(line.dropFirst(2)) ?? 0))
      } else if turns.isEmpty {
        head.append(line)
      } else if line.hasPrefix("> ") {
        turns[turns.count - 1].effects.append(String(line.dropFirst(2)))
      } else {
        turns[turns.count - 1].lines.append(line)
      }
    }
  }

  var core: StoryLine? { head.first { $0.hasPrefix("core ") }.map(StoryLine.init) }

  var text: String {
    let parts = turns.map { turn in
      (["@ \(turn.milliseconds)"] + turn.lines + turn.effects.map { "> \($0)" }).joined(separator: "\n")
    }
    return ([head.joined(separator: "\n")] + parts).joined(separator: "\n\n") + "\n"
  }
}

/// A verb, its words, and its fields: `report 1 2 ends=1.1,1.2`.
struct StoryLine {
  let verb: String
  let words: [String]
  private let fields: [String: String]

  init(_ text: String) {
    let parts = text.split(separator: " ").map(String.init)
    verb = parts.first ?? ""
    words = parts.dropFirst().filter { !$0.contains("=") }
    let pairs = parts.dropFirst().filter { $0.contains("=") }.map { $0.split(separator: "=", maxSplits: 1) }
    fields = Dictionary(pairs.map { (String($0[0]), String($0.last ?? "")) }, uniquingKeysWith: { $1 })
  }

  struct Unreadable: Error { var what: String }

  func unreadable() -> Unreadable { Unreadable(what: "\(verb) \(words) \(fields)") }

  /// The word at a place; empty where there is none.
  func word(_ i: Int) -> String { i < words.count ? words[i] : "" }
  func number(_ i: Int) -> UInt64 { UInt64(word(i)) ?? 0 }
  var session: SessionNumber { SessionNumber(number(0)) }
  var request: RequestNumber { RequestNumber(number(0)) }

  func list(_ field: String) -> [String] {
    fields[field]?.split(separator: ",").map(String.init) ?? []
  }

  func count(_ field: String) -> Int { fields[field].flatMap { Int($0) } ?? 0 }
  var nodes: [NodeNumber] { list("nodes").compactMap { UInt32($0).map { NodeNumber($0) } } }
  var cores: Resources { .cores(count("cpus")) }
  func generation(_ field: String) -> Generation { Self.generation(fields[field] ?? "0.0") }

  static func generation(_ text: String) -> Generation {
    let parts = text.split(separator: ".").compactMap { UInt64($0) }
    return Generation(term: Term(UInt32(parts.first ?? 0)), number: parts.last ?? 0)
  }

  func attempts(_ field: String) -> [TaskAttempt] { list(field).map(Self.attempt) }

  static func attempt(_ text: String) -> TaskAttempt {
    let parts = text.split(separator: ":")
    let id = generation(String(parts[0]))
    let task = parts.count > 1 ? UInt64(parts[1]) : nil
    return TaskAttempt(
      attempt: AttemptID(term: id.term, number: id.number),
      task: TaskNumber(task ?? id.number)
    )
  }

  func starts(on node: NodeNumber, _ field: String = "starts") -> [TaskStart] {
    attempts(field).map { TaskStart(attempt: $0.attempt, task: $0.task, node: node, started: .ms(0)) }
  }

  func ends(on node: NodeNumber) -> [TaskEnd] {
    attempts("ends").map { TaskEnd(attempt: $0.attempt, task: $0.task, node: node, ended: .ms(1)) }
  }

  /// Launches of one core each.
  var launches: LaunchBatch {
    var batch = LaunchBatch()
    for name in attempts("launch") {
      batch.launches.append(LaunchBatch.Launch(attempt: name.attempt, task: name.task, template: 1))
      batch.names.append("t\(name.task)")
      batch.arguments.append([String]())
    }
    if !batch.isEmpty { batch.carry(TaskTemplate.needing(.cores(1)).numbered(1)) }
    return batch
  }

  var kills: [KillOrder] { attempts("kill").map { KillOrder(attempt: $0.attempt, reason: .cancelled) } }
}
