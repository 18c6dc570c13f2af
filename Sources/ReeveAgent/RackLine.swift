import GRPCCore
import Logging
import ReeveCore
import ReeveModel
import ReeveShell
import ReeveWire

/// Keeps the node's stream to its rack scheduler open: asks a master where it is, again and again with back-off.
struct RackLine<Tasks: Executor>: Sendable {
  let shell: AgentShell<Tasks>
  let log: Logger

  /// The rack scheduler counts as gone after so long without a beat.
  private static var silenceMax: TimeSpan { .seconds(3) }

  @concurrent func keep() async {
    await keepOpen("the rack scheduler", log: log) {
      let place = try await locate()
      guard let cluster = ClusterID(bytes: place.cluster) else {
        throw RPCError(code: .dataLoss, message: "The master does not say which cluster it leads.")
      }
      try shell.fence.belong(to: cluster)
      shell.node.value = NodeNumber(place.node)
      shell.post(.placed(NodeNumber(place.node)))
      let address = try Address(parsing: place.address)
      let orphaned = Outbox<Void>()
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          try await withChannel(to: address, token: shell.place.token) { channel in
            try await open(on: channel, place: place, cluster: cluster, orphaned: orphaned)
          }
        }
        group.addTask { try await awaitSuccessor(of: place, orphaned) }
        defer { group.cancelAll() }
        try await group.next()
      }
    }
  }

  /// Returns when a master names another that has this node by now. None is asked as long as the rack
  /// scheduler hears one.
  @concurrent private func awaitSuccessor(of place: Reeve_V1_LocateReply, _ orphaned: Outbox<Void>)
    async throws
  {
    let generation = try Generation(wire: place.generation)
    var backoff = Backoff()
    while await orphaned.next() != nil {
      // A master that does not answer either leaves things as they are.
      if let now = try? await locate(), try Generation(wire: now.generation) > generation {
        log.notice("the rack scheduler has lost its master, and this node has another by now")
        return
      }
      try await Task.sleep(for: backoff.delay())
    }
  }

  @concurrent private func locate() async throws -> Reeve_V1_LocateReply {
    try await withChannel(to: shell.place.master, token: shell.place.token) { try await locate(on: $0) }
  }

  @concurrent private func locate(on channel: Channel) async throws -> Reeve_V1_LocateReply {
    var request = Reeve_V1_LocateRequest()
    request.node = shell.place.node
    request.rack = shell.place.rack ?? ""
    request.cluster = .init(shell.fence.cluster?.bytes ?? [])
    var options = callOptions
    options.timeout = .seconds(5)
    return try await Reeve_V1_Directory.Client(wrapping: channel).locate(request, options: options)
  }

  @concurrent private func open(
    on channel: Channel,
    place: Reeve_V1_LocateReply,
    cluster: ClusterID,
    orphaned: Outbox<Void>
  ) async throws {
    let session = SessionNumber(shell.sessions.next())
    let outbox = Outbox<RackMessage>()
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
          try await pump(outbox) { try await writer.write($0) { $0.wire(rack: place.rack, cluster) } }
        },
        onResponse: { response in
          answered.value = true
          try await converse(
            outbox: Outbox<Void>(),
            heartbeat: (),
            silenceMax: Self.silenceMax,
            inbound: response.messages,
            write: { _ in outbox.post(.heartbeat) },
            hear: { try hear($0, on: session, orphaned) }
          )
        }
      )
    }
  }

  private func hear(
    _ message: Reeve_V1_NodeDown,
    on session: SessionNumber,
    _ orphaned: Outbox<Void>
  ) throws {
    switch message.message {
    case .welcome(let wire):
      shell.post(.rackWelcomed(session, try Generation(wire: wire.generation)))
    case .orders(let wire): shell.post(.rackOrdered(session, try NodeOrders(wire: wire)))
    case .heartbeat(let beat): if beat.withoutMaster { orphaned.post(()) }
    case nil:
      throw RPCError(code: .invalidArgument, message: "The rack scheduler sent a message without content.")
    }
  }
}

extension RackMessage {
  fileprivate func wire(rack: UInt32, _ cluster: ClusterID) -> Reeve_V1_NodeUp {
    var up = Reeve_V1_NodeUp()
    switch self {
    case .statement(let statement):
      up.statement = Reeve_V1_NodeStatement(statement)
      up.statement.`protocol` = protocolVersion
      up.statement.cluster = .init(cluster.bytes)
      up.statement.rack = rack
    case .report(let report): up.report = Reeve_V1_NodeReport(report)
    case .heartbeat: up.heartbeat = Reeve_V1_Heartbeat()
    }
    return up
  }
}
