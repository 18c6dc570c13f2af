import ArgumentParser

struct Completions: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions",
    abstract: "Prints what makes a shell complete the words of reeve.",
    discussion: """
      bash: source <(reeve completions bash)
      zsh:  reeve completions zsh > "${fpath[1]}/_reeve"
      fish: reeve completions fish > ~/.config/fish/completions/reeve.fish

      Jobs are completed from the cluster that this shell finds.
      """
  )

  enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

  @Argument(help: "The shell.") var shell: Shell

  func run() throws {
    guard let shell = CompletionShell(rawValue: shell.rawValue) else {
      throw UsageError("the completions of \(shell.rawValue) are not known.")
    }
    StandardOutput.write(Reeve.completionScript(for: shell) + "\n")
  }
}

/// What only the cluster knows: it is asked when somebody presses the key, and for a moment only.
extension CompletionKind {
  static let jobs = CompletionKind.shellCommand(
    "echo last; timeout 2 reeve ps --all --limit 200 -o name 2>/dev/null"
  )
  static let nodes = CompletionKind.shellCommand("timeout 2 reeve nodes -o name 2>/dev/null")
}
