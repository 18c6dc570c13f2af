import ReeveCore
import ReeveModel

/// A process begins only under an attempt that is durable, only one at a time under one attempt, and never again under one
/// whose end was seen.
struct Launches: Checker {
  static let promise = "an attempt is launched once"
  private var running: [AttemptID: Int] = [:]
  private var ended: Set<AttemptID> = []

  mutating func see(_ sight: Sight, _ books: Books) -> [String] {
    switch sight {
    case .spawned(let agent, let spawn, _, _, _):
      defer { running[spawn.attempt] = agent }
      if let other = running[spawn.attempt] {
        return ["\(spawn.attempt) is launched on node \(agent), and runs on node \(other)"]
      }
      if ended.contains(spawn.attempt) { return ["\(spawn.attempt) is launched again after its end"] }
      let task = books.task(of: spawn.attempt)
      return task == spawn.task
        ? [] : ["\(spawn.attempt) of task \(spawn.task) is launched, and not on record"]
    case .exited(_, let end):
      running[end.attempt] = nil
      ended.insert(end.attempt)
    case .nodeDied(let agent, _): running = running.filter { $0.value != agent }
    default: break
    }
    return []
  }
}
