package import ReeveModel

/// A script that is submitted as it is: its text travels with the job, for the node may not have the file.
package struct Script: Sendable {
  /// What runs it, by its first line: a path, and at most one argument, as the kernel reads it.
  package var interpreter: [String]
  package var text: String
  /// What it says of itself.
  package var directives: ScriptDirectives

  package static func isScript(_ bytes: [UInt8]) -> Bool { bytes.starts(with: "#!".utf8) }

  /// - Throws: a refusal that names the line.
  package static func read(_ bytes: [UInt8]) throws(Refusal) -> Script {
    guard bytes.count <= Limits.argumentBytes else {
      throw Refusal(
        .tooLarge,
        """
        the script has \(bytes.count) bytes; at most \(Limits.argumentBytes) travel with a job. Put what is large where \
        the nodes can read it.
        """
      )
    }
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw Refusal(
        .syntax,
        "the script is no text in UTF-8. Save it as UTF-8, or run the program after `--`."
      )
    }
    let lines = ScriptLines(text)
    return Script(
      interpreter: try interpreter(lines.first),
      text: text,
      directives: try ScriptDirectives(lines)
    )
  }

  private static func interpreter(_ line: Substring) throws(Refusal) -> [String] {
    guard line.utf8.last != UInt8(ascii: "\r") else {
      throw Refusal(
        .syntax,
        "line 1: its line ends are those of Windows, which no interpreter is found by. Try: sed -i 's/\\r$//' FILE"
      )
    }
    let words = line.dropFirst(2).split(maxSplits: 1) { $0 == " " || $0 == "\t" }
    guard let path = words.first, path.first == "/" else {
      throw Refusal(.syntax, "line 1: \(String(line).quoted) names no interpreter. Write it as #!/bin/sh is.")
    }
    let rest = words.dropFirst().first.map(\.trimmingBlanks) ?? ""
    return [String(path)] + (rest.isEmpty ? [] : [String(rest)])
  }
}

extension Script {
  /// The command that writes the script into the task's sandbox and becomes its interpreter.
  ///
  /// Into a file, because that is what interpreters run: given to `-c`, to standard input or to a pipe, one would not
  /// find its `$0`, another would let the commands in it read its text, a third would look for the pipe's path. By its
  /// interpreter and not by itself, because the sandbox may be mounted `noexec`. The name begins with a dot, so that a
  /// `*` in the script does not mean the script.
  /// - Parameters:
  ///   - name: the file's name; it is what the script's own messages begin with.
  ///   - arguments: the script's own.
  /// - Returns: a program and its arguments; the variable `REEVE_SANDBOX` must be set where it runs.
  package func command(name: String, arguments: [String]) -> [String] {
    let start =
      interpreter.count == 1
      ? #"i=$2; shift 2; exec "$i" "$f" "$@""# : #"i=$2 a=$3; shift 3; exec "$i" "$a" "$f" "$@""#
    let line = #"f=$REEVE_SANDBOX/.$0; printf %s "$1" >"$f" || exit 126; "# + start
    return ["/bin/sh", "-c", line, name, text] + interpreter + arguments
  }
}

/// The lines of a script, numbered as editors do.
struct ScriptLines {
  private let lines: [Substring]

  init(_ text: String) {
    // By bytes: a line end of Windows is one character.
    lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      Substring($0)
    }
  }

  var first: Substring { lines.first ?? "" }

  /// All but the first.
  var rest: some Sequence<(number: Int, text: Substring)> {
    lines.enumerated().lazy.dropFirst().map { (number: $0.offset + 1, text: $0.element) }
  }
}

extension Substring {
  fileprivate var trimmingBlanks: Substring {
    var text = drop { $0 == " " || $0 == "\t" }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return text
  }
}
