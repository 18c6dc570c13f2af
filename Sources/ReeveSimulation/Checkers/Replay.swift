import ReeveCore
import ReeveModel

/// Replaying the journal gives the durable half of the leader's core again, and its books balance.
struct Replay: Checker {
  static let promise = "replay of the journal gives the durable half of the core"
  /// Every so many turns.
  let interval: Int
  /// The leader's records applied one after the other, as a replay would.
  private var leading = DurableState()
  /// The same of what is durable.
  private var durable = DurableState()
  private var turns = 0

  init(interval: Int) { self.interval = interval }

  mutating func see(_ sight: Sight, _ books: Books) -> [String] {
    switch sight {
    case .recorded(let fact): leading.apply(fact)
    case .durable(let fact): durable.apply(fact)
    case .crashed: leading = durable
    case .replayed(let state):
      if state != durable { return ["a new master has replayed something else"] }
    case .decided(let core, _):
      turns += 1
      guard turns % interval == 0 else { return [] }
      return core.violations() + (core.durable == leading ? [] : ["the core is not what its records say"])
    default: break
    }
    return []
  }
}
