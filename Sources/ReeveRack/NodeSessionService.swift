import GRPCCore
import Logging
import ReeveCore
import ReeveModel
import ReeveShell
import ReeveWire

/// The upper end of the nodes' streams.
struct NodeSessionService: Reeve_V1_NodeSession.SimpleServiceProtocol {
  let shell: RackShell

  /// After so long without a beat the stream is ended; the core's own clock decides when the node is lost.
  private static let silenceMax = TimeSpan.seconds(5)

  @concurrent func open(
    request: RPCAsyncSequence<Reeve_V1_NodeUp, any Error>,
    response: RPCWriter<Reeve_V1_NodeDown>,
    context: ServerContext
  ) async throws {
    let session = SessionNumber(shell.sessions.next())
    let outbox = Outbox<RackShell.NodeMessage>()
    shell.nodes.insert(outbox, for: session)
    let node = Heard<NodeNumber>()
    defer {
      _ = shell.nodes.remove(session)
      if let node = node.value { shell.post(.nodeDisconnected(session, node)) }
    }
    do {
      try await converse(
        outbox: outbox,
        heartbeat: .heartbeat,
        silenceMax: Self.silenceMax,
        inbound: request,
        write: { try await response.write(try $0.wire(isWithoutMaster: shell.master.isEmpty)) },
        hear: { message in
          if let number = node.value {
            try hear(message, of: number, on: session)
          } else {
            node.value = try hear(statement: message, on: session)
          }
        }
      )
    } catch {
      shell.log.notice(
        "a node's stream ended",
        metadata: ["node": "\(node.value.map(String.init(describing:)) ?? "?")", "reason": "\(error)"]
      )
      throw error
    }
  }

  private func hear(statement message: Reeve_V1_NodeUp, on session: SessionNumber) throws -> NodeNumber {
    guard case .statement(let wire)? = message.message else {
      throw RPCError(code: .invalidArgument, message: "A node's stream begins with its statement.")
    }
    guard wire.`protocol` == protocolVersion else {
      throw RPCError(
        code: .failedPrecondition,
        message: "The agent speaks protocol \(wire.`protocol`), this rack scheduler \(protocolVersion)."
      )
    }
    guard let own = shell.cluster.value else {
      throw RPCError(code: .unavailable, message: "The rack scheduler has not heard from a master yet.")
    }
    guard ClusterID(bytes: wire.cluster) == own else {
      throw RPCError(code: .failedPrecondition, message: "The node belongs to another cluster.")
    }
    let statement = try NodeStatement(wire: wire)
    shell.post(.nodeConnected(session, statement))
    return statement.node
  }

  private func hear(_ message: Reeve_V1_NodeUp, of node: NodeNumber, on session: SessionNumber) throws {
    switch message.message {
    case .report(let report): shell.post(.nodeReported(session, node, try NodeReport(wire: report)))
    case .heartbeat: shell.post(.nodeBeat(session, node))
    case .statement, nil:
      throw RPCError(code: .invalidArgument, message: "A statement is made once, at the start of a stream.")
    }
  }
}

extension RackShell.NodeMessage {
  fileprivate func wire(isWithoutMaster: Bool) throws -> Reeve_V1_NodeDown {
    var down = Reeve_V1_NodeDown()
    switch self {
    case .welcome(let generation): down.welcome.generation = Reeve_V1_Generation(generation)
    case .orders(let orders): down.orders = Reeve_V1_NodeOrders(orders)
    case .heartbeat: down.heartbeat.withoutMaster = isWithoutMaster
    case .refused(let reason): throw RPCError(code: .aborted, message: reason)
    }
    return down
  }
}
