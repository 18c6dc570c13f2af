import ReeveModel

/// An agent keeps each end until it is durable at the master, or moot.
struct Outboxes: Checker {
  static let promise = "no end is thrown away before it counts"

  mutating func see(_ sight: Sight, _ books: Books) -> [String] {
    guard case .forgotten(let agent, let attempt) = sight, books.isCurrent(attempt) else { return [] }
    return ["node \(agent) forgets the end of \(attempt), which is not durable"]
  }
}
