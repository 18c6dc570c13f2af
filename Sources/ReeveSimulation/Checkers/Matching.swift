import ReeveCore
import ReeveModel

/// What a task's constraints ask for is what its node is, by the node's latest word.
struct Matching: Checker {
  static let promise = "an attempt begins on a node that meets its task's constraints"

  /// By agent. The rack is looked at by no constraint of these worlds.
  private var nodes: [Int: NodeAttributes] = [:]

  mutating func see(_ sight: Sight, _ books: Books) -> [String] {
    switch sight {
    case .stated(let agent, let said):
      nodes[agent] = NodeAttributes(node: said.name, rack: "", own: said.attributes)
    case .spawned(let agent, let spawn, _, _, _):
      guard let constraints = books.task(spawn.task)?.template.constraints, let node = nodes[agent],
        !constraints.areMet(by: node)
      else { break }
      return ["\(spawn.attempt) with \(constraints.map(\.text)) on \(node.node), which has \(node.own)"]
    default: break
    }
    return []
  }
}
