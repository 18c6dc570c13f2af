import GRPCCore
import Logging
import ReeveCore
import ReeveModel
import ReeveShell
import ReeveWire

/// Keeps the node's stream to its rack scheduler open: asks a master where it is, again and again with back-off.
struct RackLine: Sendable {
  let shell: AgentShell
  let log: Logger

  /// The rack scheduler counts as gone after so long without a beat.
  private static let silenceMax = TimeSpan.seconds(3)

  @concurrent func keep() async {
    let options = shell.options
    await keepOpen("the rack scheduler", log: log) {
      let place = try await withChannel(to: options.master, token: options.token) { channel in
        try await locate(on: channel)
      }
      shell.node.value = NodeNumber(place.node)
      shell.post(.placed(NodeNumber(place.node)))
      let address = try Address(parsing: place.address)
      try await withChannel(to: address, token: options.token) { channel in
        try await open(on: channel, cluster: ClusterID(bytes: place.cluster))
      }
    }
  }

  @concurrent private func locate(on channel: Channel) async throws -> Reeve_V1_LocateReply {
    var request = Reeve_V1_LocateRequest()
    request.node = shell.options.node
    request.rack = shell.options.rack ?? ""
    var options = callOptions
    options.timeout = .seconds(5)
    return try await Reeve_V1_Directory.Client(wrapping: channel).locate(request, options: options)
  }

  @concurrent private func open(on channel: Channel, cluster: ClusterID?) async throws {
    let session = SessionNumber(shell.sessions.next())
    let outbox = Outbox<AgentShell.RackMessage>()
    shell.racks.insert(outbox, for: session)
    defer {
      _ = shell.racks.remove(session)
      shell.post(.rackDisconnected(session))
    }
    shell.post(.rackConnected(session))
    try await openStream(answeredWithin: Self.silenceMax) { answered in
      try await Reeve_V1_NodeSession.Client(wrapping: channel).open(
        options: callOptions,
        requestProducer: { writer in
          try await pump(outbox) { try await writer.write($0.wire(cluster)) }
        },
        onResponse: { response in
          answered.value = true
          try await converse(
            outbox: Outbox<Void>(),
            heartbeat: (),
            silenceMax: Self.silenceMax,
            inbound: response.messages,
            write: { _ in outbox.post(.heartbeat) },
            hear: { try hear($0, on: session) }
          )
        }
      )
    }
  }

  private func hear(_ message: Reeve_V1_NodeDown, on session: SessionNumber) throws {
    switch message.message {
    case .welcome(let wire):
      shell.post(.rackWelcomed(session, try Generation(wire: wire.generation)))
    case .orders(let wire): shell.post(.rackOrdered(session, try NodeOrders(wire: wire)))
    case .heartbeat: break
    case nil:
      throw RPCError(code: .invalidArgument, message: "The rack scheduler sent a message without content.")
    }
  }
}

extension AgentShell.RackMessage {
  fileprivate func wire(_ cluster: ClusterID?) -> Reeve_V1_NodeUp {
    var up = Reeve_V1_NodeUp()
    switch self {
    case .statement(let statement):
      up.statement = Reeve_V1_NodeStatement(statement)
      up.statement.`protocol` = protocolVersion
      up.statement.cluster = .init(cluster?.bytes ?? [])
    case .report(let report): up.report = Reeve_V1_NodeReport(report)
    case .heartbeat: up.heartbeat = Reeve_V1_Heartbeat()
    }
    return up
  }
}
