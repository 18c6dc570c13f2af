import ReeveCore
import ReeveModel

/// What runs on a node is never more than the node has.
struct Capacity: Checker {
  static let promise = "what runs on a node fits in it"

  mutating func see(_ sight: Sight, _ books: Books) -> [String] {
    guard case .spawned(let agent, let spawn, _, let used, let total) = sight, !used.fits(in: total) else {
      return []
    }
    return ["with \(spawn.attempt) node \(agent) runs \(used), and has \(total)"]
  }
}
