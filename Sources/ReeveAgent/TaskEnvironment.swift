import Foundation
import ReeveCore
import ReeveExecution
import ReeveModel

/// The whole environment of a task: a few variables that every task gets, and its own.
struct TaskEnvironment {
  let variables: [String]

  /// What tasks get from the agent's own environment, where it is set.
  private static let inherited: [String] = ["HOME", "USER", "LOGNAME", "LANG", "TZ"].compactMap { name in
    ProcessInfo.processInfo.environment[name].map { "\(name)=\($0)" }
  }

  private static let path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

  /// - Parameters:
  ///   - spawn: what is started.
  ///   - placeholders: what stands for what in the values of its own.
  ///   - node: the name.
  ///   - slot: where it runs.
  ///   - directory: the node's, which the slot is in.
  init(
    _ spawn: AgentEffect.Spawn,
    _ placeholders: Placeholders,
    node: String,
    slot: Slot,
    in directory: String
  ) {
    let given =
      [Self.path] + Self.inherited + [
        "REEVE_JOB_ID=\(spawn.job)", "REEVE_TASK_ID=\(spawn.name)", "REEVE_ATTEMPT=\(spawn.attempt)",
        "REEVE_NODE=\(node)", "REEVE_SANDBOX=\(directory)/\(slot.path)/work",
        "REEVE_MESSAGES=\(directory)/\(slot.messages)",
        "REEVE_CPUS=\(spawn.template.resources.cpuMillis >= 1_000 ? spawn.template.resources.cpuMillis / 1_000 : 1)",
      ] + Self.array(spawn)
    let own = spawn.template.environment
    guard !own.isEmpty else {
      variables = given
      return
    }
    let names = Set(own.map(\.name))
    variables =
      given.filter { !names.contains(String($0.prefix { $0 != "=" })) }
      + own.map { "\($0.name)=\(placeholders.expand($0.value))" }
  }

  private static func array(_ spawn: AgentEffect.Spawn) -> [String] {
    guard let index = spawn.index else { return [] }
    return ["REEVE_ARRAY_INDEX=\(index)"] + (spawn.value.map { ["REEVE_ARRAY_VALUE=\($0)"] } ?? [])
  }
}
