import ReeveCore
import ReeveModel

/// Generations only grow; no node obeys a lower one than it has obeyed, or one that is not durable, and none starts an
/// attempt under one. What it has obeyed stands in its statements.
struct Fences: Checker {
  static let promise = "the older generation is never obeyed again"
  private var obeyed: [Int: Generation] = [:]

  mutating func see(_ sight: Sight, _ books: Books) -> [String] {
    switch sight {
    case .durable(.rackGranted(let grant)):
      return grant.generation > books.highestGeneration
        ? [] : ["generation \(grant.generation) follows \(books.highestGeneration)"]
    case .obeyed(let agent, let generation):
      let before = obeyed[agent] ?? .none
      obeyed[agent] = generation
      if generation > books.highestGeneration { return ["node \(agent) obeys \(generation), not durable"] }
      return generation >= before ? [] : ["node \(agent) obeys \(generation) after \(before)"]
    // Racks go by it: an agent that says less may be sent what it had, and has ended, under a higher one.
    case .stated(let agent, let said):
      let highest = obeyed[agent] ?? .none
      return said.obeyed == highest ? [] : ["node \(agent) states \(said.obeyed), and has obeyed \(highest)"]
    case .spawned(let agent, let spawn, let generation, _, _):
      let highest = obeyed[agent] ?? .none
      return generation >= highest
        ? [] : ["node \(agent) starts \(spawn.attempt) under \(generation), and has obeyed \(highest)"]
    case .nodeDied(let agent, wiped: true): obeyed[agent] = nil
    default: break
    }
    return []
  }
}
