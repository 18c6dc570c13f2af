import GRPCCore
import Logging
import ReeveCore
import ReeveModel
import ReeveShell
import ReeveWire

/// The upper end of the nodes' streams.
struct NodeSessionService: Reeve_V1_NodeSession.SimpleServiceProtocol {
  let process: RackProcess

  /// After so long without a beat the stream is ended; the core's own clock decides when the node is lost.
  private static let silenceMax = TimeSpan.seconds(5)

  @concurrent func open(
    request: RPCAsyncSequence<Reeve_V1_NodeUp, any Error>,
    response: RPCWriter<Reeve_V1_NodeDown>,
    context: ServerContext
  ) async throws {
    let session = SessionNumber(process.sessions.next())
    let outbox = Outbox<RackShell.NodeMessage>()
    let node = Heard<(NodeNumber, RackShell)>()
    defer {
      if let (number, shell) = node.value {
        _ = shell.nodes.remove(session)
        shell.post(.nodeDisconnected(session, number))
      }
    }
    do {
      try await converse(
        outbox: outbox,
        heartbeat: .heartbeat,
        silenceMax: Self.silenceMax,
        inbound: request,
        write: {
          let isWithoutMaster = node.value?.1.master.isEmpty ?? false
          try await response.write($0) { try $0.wire(isWithoutMaster: isWithoutMaster) }
        },
        hear: { message in
          if let (number, shell) = node.value {
            try hear(message, of: number, on: session, at: shell)
          } else {
            node.value = try hear(statement: message, on: session, answering: outbox)
          }
        }
      )
    } catch {
      process.log.notice(
        "a node's stream ended",
        metadata: ["node": "\(node.value?.0.description ?? "?")", "reason": "\(error)"]
      )
      throw rpcError(for: error is WireError ? Refusal(ofRequest: error) : error)
    }
  }

  private func hear(
    statement message: Reeve_V1_NodeUp,
    on session: SessionNumber,
    answering outbox: Outbox<RackShell.NodeMessage>
  ) throws -> (NodeNumber, RackShell) {
    guard case .statement(let wire)? = message.message else {
      throw RPCError(code: .invalidArgument, message: "A node's stream begins with its statement.")
    }
    guard wire.`protocol` == protocolVersion else {
      throw RPCError(
        code: .failedPrecondition,
        message: "The agent speaks protocol \(wire.`protocol`), this rack scheduler \(protocolVersion)."
      )
    }
    guard let own = process.cluster.value else {
      throw RPCError(code: .unavailable, message: "The rack scheduler has not heard from a master yet.")
    }
    guard ClusterID(bytes: wire.cluster) == own else {
      throw RPCError(code: .failedPrecondition, message: "The node belongs to another cluster.")
    }
    guard let shell = process.racks[RackNumber(wire.rack)] else {
      throw RPCError(code: .unavailable, message: "This process does not serve rack \(wire.rack).")
    }
    let statement = try NodeStatement(wire: wire)
    _ = try Address(parsing: statement.address)
    shell.nodes.insert(outbox, for: session)
    // It may have been let go of meanwhile, and then ends no stream any more.
    guard process.racks[RackNumber(wire.rack)] === shell else {
      throw RPCError(code: .unavailable, message: "This process does not serve rack \(wire.rack) any more.")
    }
    shell.post(.nodeConnected(session, statement))
    return (statement.node, shell)
  }

  private func hear(
    _ message: Reeve_V1_NodeUp,
    of node: NodeNumber,
    on session: SessionNumber,
    at shell: RackShell
  ) throws {
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
