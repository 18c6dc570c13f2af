import Foundation
import Logging
import ReeveCore
import ReeveModel
import ReeveShell

/// Holds what one agent's parts share: the way to its core, what runs its tasks, and the stream to its rack.
final class AgentShell<Tasks: Executor>: Sendable {
  let place: AgentPlace
  let fence: Fence
  let sessions = Counter()
  let racks = Registry<SessionNumber, Outbox<RackMessage>>()
  let node = Heard<NodeNumber>()
  /// Tells the core.
  let post: @Sendable (AgentEvent) -> Void
  private let tasks: Tasks
  private let log: Logger

  init(
    _ place: AgentPlace,
    tasks: Tasks,
    fence: Fence,
    log: Logger,
    post: @escaping @Sendable (AgentEvent) -> Void
  ) {
    self.place = place
    self.tasks = tasks
    self.fence = fence
    self.log = log
    self.post = post
  }

  /// Does what the core wants done, on the core's thread.
  func carryOut(_ effect: AgentEffect) {
    switch effect {
    case .obey(let generation):
      do { try fence.obey(generation) } catch {
        log.critical(
          "this agent ends, for it may not obey what it cannot write down",
          metadata: ["reason": "\(error)"]
        )
        exit(1)
      }
    case .state(let session, let statement): racks[session]?.post(.statement(statement))
    case .report(let session, let report): racks[session]?.post(.report(report))
    case .spawn(let spawns): tasks.spawn(spawns, on: node.value ?? NodeNumber(0))
    case .tell(let messages): tasks.tell(messages)
    case .warn(let attempt, let signal): tasks.signal(attempt, signal)
    case .kill(let attempt, let reason, let grace): tasks.kill(attempt, reason, grace: grace)
    case .forget(let attempts): tasks.forget(attempts)
    case .disconnect(let session, let reason):
      log.warning("leaving the rack scheduler", metadata: ["reason": "\(reason)"])
      racks[session]?.close()
    }
  }
}

/// What goes up to the rack, turned into bytes by the stream's own task.
enum RackMessage: Sendable {
  case statement(NodeStatement)
  case report(NodeReport)
  case heartbeat
}
