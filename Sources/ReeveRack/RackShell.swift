import Logging
import ReeveCore
import ReeveModel
import ReeveShell

/// Holds what one rack's streams share: its core's loop, and who waits for its effects.
final class RackShell: Sendable {
  private let loop: CoreLoop<RackCore>
  private let log: Logger
  let master = Registry<SessionNumber, Outbox<MasterMessage>>()
  let nodes = Registry<SessionNumber, Outbox<NodeMessage>>()

  /// What goes up to the master, turned into bytes by the stream's own task.
  enum MasterMessage: Sendable {
    case statement(RackReport)
    case report(RackReport)
    case heartbeat
  }

  /// What goes down to a node.
  enum NodeMessage: Sendable {
    case welcome(Generation)
    case orders(NodeOrders)
    case heartbeat
    case refused(String)
  }

  init(log: Logger) {
    self.log = log
    loop = CoreLoop(clock: BootClock())
  }

  func start() {
    loop.start("rack core", core: RackCore()) { [self] effects in
      for effect in effects { carryOut(effect) }
    }
  }

  /// Ends the core, and the streams of its nodes.
  func stop() {
    loop.stop()
    for node in nodes.removeAll() { node.close() }
  }

  func post(_ event: RackEvent) { loop.post(event) }

  private func carryOut(_ effect: RackEffect) {
    switch effect {
    case .state(let session, let report): master[session]?.post(.statement(report))
    case .report(let session, let report): master[session]?.post(.report(report))
    case .welcome(let session, _, let generation): nodes[session]?.post(.welcome(generation))
    case .order(let session, _, let orders): nodes[session]?.post(.orders(orders))
    case .refuse(let session, let node, let reason):
      log.warning("node refused", metadata: ["node": "\(node)", "reason": "\(reason)"])
      nodes[session]?.post(.refused(reason))
    }
  }
}
