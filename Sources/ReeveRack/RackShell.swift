import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import Logging
import ReeveCore
import ReeveModel
import ReeveShell
import ReeveWire

/// Runs one rack's scheduler until SIGTERM.
@concurrent package func runRack(_ options: RackOptions) async throws {
  try checkBindAddress(options.address, insecure: options.insecure)
  let log = Logger(label: "reeve.rack.\(options.name)")
  let shell = RackShell(log: log)
  shell.start()
  let listener = makeListener(
    at: options.address,
    services: [NodeSessionService(shell: shell)],
    check: TokenCheck(options.token, log: log)
  )
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await listener.serve() }
    group.addTask { await waitForTermination() }
    group.addTask {
      guard let port = try await listeningPort(of: listener) else { return }
      let own = options.advertised ?? Address(host: options.address.host, port: port)
      await MasterLink(options: options, own: own, shell: shell, log: log).keep()
    }
    defer { group.cancelAll() }
    try await group.next()
    leaveSoon()
    listener.beginGracefulShutdown()
  }
  shell.stop()
}

/// Holds what a rack's streams share: its core's loop, and who waits for its effects.
final class RackShell: Sendable {
  private let clock = BootClock()
  private let loop: CoreLoop<RackCore>
  let log: Logger
  let sessions = Counter()
  /// Whose rack this is, once a master has said so.
  let cluster = Heard<ClusterID>()
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
    loop = CoreLoop(clock: clock)
  }

  func start() {
    loop.start("rack core", core: RackCore()) { [self] effects in
      for effect in effects { carryOut(effect) }
    }
  }

  func stop() { loop.stop() }
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
