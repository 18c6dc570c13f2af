/// In which order tasks are considered.
package enum QueueOrder: UInt8, Sendable, CaseIterable {
  /// First come, first served: by submission, and within a job as its tasks were given.
  case fcfs
  /// The higher priority first; among equals first come, first served.
  case priority

  /// As users write it.
  package var word: String { "\(self)" }

  /// All of them, for a message.
  package static var words: String { allCases.map(\.word).joined(separator: ", ") }

  package init?(word: String) {
    guard let order = Self.allCases.first(where: { $0.word == word }) else { return nil }
    self = order
  }
}
