import ReeveCore
import ReeveModel

/// An attempt that runs is lost only with its node: somebody has taken that for lost since the attempt was made.
struct Losses: Checker {
  static let promise = "what runs is not given up while its node is there"
  private var running: [AttemptID: Int] = [:]
  /// What every attempt that is not over has been through: how many declarations had been made when it was assigned.
  private var assignedAt: [AttemptID: Int] = [:]
  private var declaredAt: [String: Int] = [:]
  private var declarations = 0

  mutating func see(_ sight: Sight, _ books: Books) -> [String] {
    switch sight {
    case .durable(.assigned(_, let first, let tasks)):
      for k in tasks.indices { assignedAt[first.advanced(by: k)] = declarations }
    case .durable(.lost(let attempts)): return attempts.compactMap { hasNoCause($0.attempt) }
    case .declaredLost(let node, _, _):
      declarations += 1
      if let name = books.nodeNames[node] { declaredAt[name] = declarations }
    case .spawned(let agent, let spawn, _, _, _): running[spawn.attempt] = agent
    case .exited(_, let end): running[end.attempt] = nil
    case .nodeDied(let agent, _): running = running.filter { $0.value != agent }
    default: break
    }
    return []
  }

  private func hasNoCause(_ attempt: AttemptID) -> String? {
    guard let agent = running[attempt], let assigned = assignedAt[attempt] else { return nil }
    if let declared = declaredAt["n\(agent)"], declared > assigned { return nil }
    return "\(attempt) is given up, and runs on node \(agent), which nobody has taken for lost"
  }
}
