import ReeveOutput

/// Shows the same again and again: in place on a terminal, one below the other elsewhere.
struct Screen {
  private let isTerminal = StandardOutput.isTerminal

  /// What is written next is at the top.
  func begin() { if isTerminal { StandardOutput.write("\u{1b}[H\u{1b}[J") } }

  func end() {
    if !isTerminal { StandardOutput.write("\n") }
    StandardOutput.flush()
  }
}
