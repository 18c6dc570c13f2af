/// What becomes of a task whose node is lost while an attempt may be on it.
package enum NodeLossChoice: UInt8, Sendable, CaseIterable {
  /// It is queued again: the lost attempt may still run somewhere, and nothing that it does counts any more.
  case requeue
  /// It waits until the node is back with it or without it, or is struck off: two attempts never overlap in time.
  case wait
  /// It fails.
  case fail

  /// As users write it.
  package var word: String { "\(self)" }

  package init?(word: String) {
    guard let choice = Self.allCases.first(where: { $0.word == word }) else { return nil }
    self = choice
  }
}
