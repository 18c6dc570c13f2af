import Foundation

/// What can be run of a page of the manual: its blocks that are marked `sh`.
///
/// A line that begins with `$ ` is a command, and so is the text of a `<<'WORD'` in it; the lines behind are what it prints,
/// errors included. `…` stands for anything within a line, a line of nothing else for any lines or none, and how many blanks
/// part two words is of no account.
struct Manual {
  struct Command {
    /// In the page, counted from 1.
    var line: Int
    var text: String
    var expected: [String]
  }

  let commands: [Command]

  /// - Throws: where the page is not written as above, or nothing of it can be run.
  init(_ page: String) throws {
    var commands: [Command] = []
    var block: Block?
    for (number, line) in page.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if block == nil {
        if line == "```sh" { block = Block() }
      } else if line == "```" {
        commands += try block.take()?.ended(at: number + 1) ?? []
      } else {
        try block?.add(String(line), number + 1)
      }
    }
    guard block == nil, !commands.isEmpty else {
      throw TestFailure("a block is not closed, or there is none to be run")
    }
    self.commands = commands
  }

  /// A block while it is read.
  private struct Block {
    private var commands: [Command] = []
    /// What ends the text that belongs to the latest command.
    private var word: Substring?

    mutating func add(_ line: String, _ number: Int) throws {
      if let word {
        commands[commands.count - 1].text += "\n" + line
        if line == word { self.word = nil }
      } else if line.hasPrefix("$ ") {
        commands.append(Command(line: number, text: String(line.dropFirst(2)), expected: []))
        word = line.firstMatch(of: /<<'(\w+)'/)?.output.1
      } else {
        guard !commands.isEmpty else { throw TestFailure("line \(number) is the output of no command") }
        commands[commands.count - 1].expected.append(line)
      }
    }

    func ended(at number: Int) throws -> [Command] {
      guard word == nil, !commands.isEmpty else {
        throw TestFailure("line \(number): the block ends within a command, or has none")
      }
      return commands
    }
  }
}

// How it is run, in one shell.
extension Manual {
  /// What bash is given: the commands, and after each a mark on a line of its own. `$?` is handed on.
  var script: String {
    var script = "exec 2>&1\n"
    for (number, command) in commands.enumerated() {
      script += """
        \(command.text)
        __status=$?; printf '\\n\(Self.mark(number))\\n'; (exit $__status)

        """
    }
    return script
  }

  /// What each command printed, as far as there were commands.
  func outputs(in transcript: String) -> [[String]] {
    var outputs: [[String]] = []
    var rest = transcript[...]
    while outputs.count < commands.count, let mark = rest.range(of: "\n\(Self.mark(outputs.count))\n") {
      // Lines of CSV end as its standard has it, with two signs that are one character.
      let lines = rest[..<mark.lowerBound].split(
        omittingEmptySubsequences: false,
        whereSeparator: \.isNewline
      )
      outputs.append((lines.last == "" ? lines.dropLast() : lines).map(String.init))
      rest = rest[mark.upperBound...]
    }
    return outputs
  }

  private static func mark(_ number: Int) -> String { "--- command \(number) of the page has ended ---" }
}

extension Manual.Command {
  func expects(_ printed: [String]) -> Bool {
    Self.match(expected.map(Self.words)[...], printed.map(Self.words)[...])
  }

  private static func match(_ expected: ArraySlice<String>, _ printed: ArraySlice<String>) -> Bool {
    guard let first = expected.first else { return printed.isEmpty }
    let rest = expected.dropFirst()
    if first == "…" {
      return (printed.startIndex...printed.endIndex).contains { match(rest, printed[$0...]) }
    }
    guard let line = printed.first, matchLine(first[...], line[...]) else { return false }
    return match(rest, printed.dropFirst())
  }

  /// The first part stands at the beginning, the last at the end, and what is between them in that order.
  private static func matchLine(_ expected: Substring, _ line: Substring) -> Bool {
    let parts = expected.split(separator: "…", omittingEmptySubsequences: false)
    guard parts.count > 1 else { return expected == line }
    guard line.hasPrefix(parts[0]) else { return false }
    var rest = line.dropFirst(parts[0].count)
    for part in parts[1..<(parts.count - 1)] where !part.isEmpty {
      guard let found = rest.range(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.hasSuffix(parts[parts.count - 1])
  }

  /// One blank between two words.
  private static func words(_ line: String) -> String { line.split(separator: " ").joined(separator: " ") }
}
