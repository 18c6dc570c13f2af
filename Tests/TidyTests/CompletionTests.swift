import Foundation
import Testing

/// Each shell takes its script and completes a verb, an option and a value with it. `Scripts/test` installs the shells.
@Suite("Completions") struct CompletionTests {
  private func withScript<Result>(_ shell: String, _ body: (URL, URL) throws -> Result) throws -> Result {
    let run = try Program.run(["completions", shell])
    try #require(run.status == 0 && run.errors.isEmpty && run.output.count > 1_000)
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "reeve-completions-\(UUID().uuidString)"
    )
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let script = folder.appending(path: shell == "zsh" ? "_reeve" : "reeve.\(shell)")
    try run.output.write(to: script, atomically: true, encoding: .utf8)
    return try body(script, folder)
  }

  private func run(_ shell: String, _ line: String, in folder: URL) throws -> String {
    let path = "\(try Program.directory.path):/usr/bin:/bin"
    let environment = ["PATH": path, "HOME": folder.path, "TERM": "dumb"]
    let program = try #require(
      ["/usr/bin/\(shell)", "/bin/\(shell)"].first { FileManager.default.isExecutableFile(atPath: $0) },
      "\(shell) is not installed; Scripts/test does that"
    )
    let run = try Program.run(URL(filePath: program), ["-c", line], in: folder, environment: environment)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
    return run.output
  }

  private static let words = [
    ("su", "submit"), ("submit --on-node", "--on-node-loss"), ("submit --on-node-loss w", "wait"),
    ("ps --state comp", "completed"), ("completions f", "fish"),
  ]

  @Test(arguments: words) func `bash completes`(typed: String, word: String) throws {
    try withScript("bash") { script, folder in
      _ = try run("bash", "bash -n '\(script.path)'", in: folder)
      let words = typed.split(separator: " ")
      let line = """
        source '\(script.path)'
        COMP_WORDS=(reeve \(typed)) COMP_CWORD=\(words.count) COMP_LINE='reeve \(typed)' COMP_POINT=\(typed.count + 6)
        \(try completingFunction(script)) reeve '\(words.last ?? "")' '\(words.dropLast().last ?? "reeve")'
        printf '%s\\n' "${COMPREPLY[@]}"
        """
      let replies = try run("bash", line, in: folder).split(whereSeparator: \.isWhitespace)
      #expect(replies.contains(Substring(word)), "\(replies)")
    }
  }

  private func completingFunction(_ script: URL) throws -> String {
    let text = try String(contentsOf: script, encoding: .utf8)
    return String(try #require(text.firstMatch(of: /complete .*-F (\w+) reeve/)).output.1)
  }

  @Test(arguments: words) func `fish completes`(typed: String, word: String) throws {
    try withScript("fish") { script, folder in
      let line = "source '\(script.path)'; complete -C 'reeve \(typed)'"
      let replies = try run("fish", line, in: folder).split(separator: "\n").map { $0.prefix { $0 != "\t" } }
      #expect(replies.contains(Substring(word)), "\(replies)")
    }
  }

  /// What zsh would write when the key is pressed is read off a terminal of its own.
  @Test(arguments: words) func `zsh completes`(typed: String, word: String) throws {
    try withScript("zsh") { script, folder in
      _ = try run("zsh", "zsh -n '\(script.path)'", in: folder)
      let line = """
        zmodload zsh/zpty
        zpty -b z "PS1=READY zsh -f -i"
        zpty -w z "unsetopt zle_bracketed_paste; fpath=('\(folder.path)' \\$fpath); autoload -U compinit; compinit -u -D"
        zpty -w z "echo LOADED\\$((1))"
        zpty -r -m z line '*LOADED1*' || exit 1
        zpty -n -w z $'reeve \(typed)\\t'
        zpty -r -m z line '*\(word)*' || exit 1
        print -r -- "$line"
        zpty -d z
        """
      #expect(try run("zsh", line, in: folder).contains(word))
    }
  }
}
