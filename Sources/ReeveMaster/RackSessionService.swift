import GRPCCore
import Logging
import ReeveCore
import ReeveModel
import ReeveShell
import ReeveWire

/// The upper end of the racks' streams.
struct RackSessionService: Reeve_V1_RackSession.SimpleServiceProtocol {
  let shell: MasterShell

  /// A rack's process counts as gone after so long without a beat.
  private static let silenceMax = TimeSpan.seconds(3)

  @concurrent func open(
    request: RPCAsyncSequence<Reeve_V1_RackUp, any Error>,
    response: RPCWriter<Reeve_V1_RackDown>,
    context: ServerContext
  ) async throws {
    let session = SessionNumber(shell.sessions.next())
    let outbox = Outbox<MasterShell.RackMessage>()
    shell.racks.insert(outbox, for: session)
    let name = Heard<String>()
    defer {
      _ = shell.racks.remove(session)
      shell.post(.rackDisconnected(session))
    }
    do {
      try await converse(
        outbox: outbox,
        heartbeat: .heartbeat,
        silenceMax: Self.silenceMax,
        inbound: request,
        write: { [cluster = shell.cluster] in try await response.write($0) { try $0.wire(cluster) } },
        hear: { message in
          if name.value == nil {
            name.value = try hear(hello: message, on: session)
          } else {
            try hear(message, on: session)
          }
        }
      )
    } catch {
      shell.log.notice(
        "a rack's stream ended",
        metadata: ["rack": "\(name.value ?? "?")", "session": "\(session)", "reason": "\(error)"]
      )
      throw rpcError(for: error is WireError ? Refusal(ofRequest: error) : error)
    }
  }

  private func hear(hello message: Reeve_V1_RackUp, on session: SessionNumber) throws -> String {
    guard case .hello(let wire)? = message.message else {
      throw RPCError(code: .invalidArgument, message: "A rack's stream begins with its hello.")
    }
    guard wire.`protocol` == protocolVersion else {
      throw RPCError(
        code: .failedPrecondition,
        message: "The rack scheduler speaks protocol \(wire.`protocol`), this master \(protocolVersion)."
      )
    }
    guard wire.cluster.isEmpty || ClusterID(bytes: wire.cluster) == shell.cluster else {
      throw RPCError(code: .failedPrecondition, message: "The rack scheduler belongs to another cluster.")
    }
    let hello = try RackHello(wire: wire)
    _ = try Address(parsing: hello.address)
    shell.log.info(
      "rack scheduler",
      metadata: [
        "rack": "\(hello.rack)", "claim": "\(hello.claim)", "address": "\(hello.address)",
        "session": "\(session)",
      ]
    )
    shell.post(.rackConnected(session, hello))
    return hello.rack
  }

  private func hear(_ message: Reeve_V1_RackUp, on session: SessionNumber) throws {
    switch message.message {
    case .statement(let report): shell.post(.rackStated(session, try RackReport("statement", wire: report)))
    case .report(let report): shell.post(.rackReported(session, try RackReport("report", wire: report)))
    case .heartbeat: break
    case .hello, nil:
      throw RPCError(code: .invalidArgument, message: "A hello is said once, at the start of a stream.")
    }
  }
}

extension MasterShell.RackMessage {
  fileprivate func wire(_ cluster: ClusterID) throws -> Reeve_V1_RackDown {
    var down = Reeve_V1_RackDown()
    switch self {
    case .assignment(let assignment):
      down.assignment = Reeve_V1_RackAssignment(assignment)
      down.assignment.cluster = .init(cluster.bytes)
    case .orders(let orders): down.orders = Reeve_V1_RackOrders(orders)
    case .heartbeat: down.heartbeat = Reeve_V1_Heartbeat()
    case .refused(let reason): throw RPCError(code: .aborted, message: reason)
    }
    return down
  }
}

/// Tells nodes where their rack scheduler is.
struct DirectoryService: Reeve_V1_Directory.SimpleServiceProtocol {
  let shell: MasterShell

  @concurrent func locate(request: Reeve_V1_LocateRequest, context: ServerContext) async throws
    -> Reeve_V1_LocateReply
  {
    try TaskName.validate(request.node, of: "node", field: "node")
    if !request.rack.isEmpty { try TaskName.validate(request.rack, of: "rack", field: "rack") }
    let cluster = ClusterID(bytes: request.cluster)
    guard request.cluster.isEmpty || cluster == shell.cluster else {
      throw RPCError(
        code: .failedPrecondition,
        message:
          "The data of node \"\(request.node)\" belong to cluster \(cluster?.description ?? "?"), and this master is of "
          + "cluster \(shell.cluster). Start the agent with another --data directory, or with its own master."
      )
    }
    let rack = request.rack.isEmpty ? nil : request.rack
    switch await shell.ask(shell.places, { .nodeLocated($0, node: request.node, rack: rack) }).value {
    case .failure(let refusal): throw refusal
    case .success(let place):
      var answer = Reeve_V1_LocateReply()
      answer.node = place.node.rawValue
      answer.rack = place.rack.rawValue
      answer.address = place.address
      answer.generation = Reeve_V1_Generation(place.generation)
      answer.cluster = .init(shell.cluster.bytes)
      return answer
    }
  }
}
