import ReeveCore
import ReeveModel

/// Of a task that waits for its node, no attempt starts anywhere while another may still run.
struct Overlaps: Checker {
  static let promise = "attempts of a task that waits for its node never overlap"
  private var running: [AttemptID: (agent: Int, task: TaskNumber)] = [:]

  mutating func see(_ sight: Sight, _ books: Books) -> [String] {
    switch sight {
    case .spawned(let agent, let spawn, _, _, _):
      guard spawn.template.onNodeLoss == .wait else { return [] }
      let other = running.first { $0.value.task == spawn.task && $0.key != spawn.attempt }
      running[spawn.attempt] = (agent, spawn.task)
      if let other { return ["\(spawn.attempt) starts while \(other.key) runs on node \(other.value.agent)"] }
    case .exited(_, let end): running[end.attempt] = nil
    case .nodeDied(let agent, _): running = running.filter { $0.value.agent != agent }
    default: break
    }
    return []
  }
}
