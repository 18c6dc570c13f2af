import GRPCCore
import GRPCNIOTransportHTTP2
import Logging
import ReeveCore
import ReeveModel
import ReeveShell
import ReeveWire

/// Keeps the rack's stream to the master open, again and again with back-off.
struct MasterLink: Sendable {
  let options: RackOptions
  let own: Address
  let shell: RackShell
  let log: Logger
  private let incarnation = UInt64.random(in: 1 ... .max)

  private static let silenceMax = TimeSpan.seconds(5)

  init(options: RackOptions, own: Address, shell: RackShell, log: Logger) {
    self.options = options
    self.own = own
    self.shell = shell
    self.log = log
  }

  @concurrent func keep() async {
    await keepOpen("the master", log: log) {
      try await withChannel(to: options.master, token: options.token) { channel in
        try await open(on: channel)
      }
    }
  }

  @concurrent private func open(on channel: Channel) async throws {
    let session = SessionNumber(shell.sessions.next())
    let outbox = Outbox<RackShell.MasterMessage>()
    shell.master.insert(outbox, for: session)
    defer {
      _ = shell.master.remove(session)
      shell.post(.masterDisconnected(session))
    }
    try await openStream(answeredWithin: Self.silenceMax) { answered in
      try await Reeve_V1_RackSession.Client(wrapping: channel).open(
        options: callOptions,
        requestProducer: { writer in
          try await writer.write(hello)
          try await pump(outbox) { try await writer.write($0.wire()) }
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

  private var hello: Reeve_V1_RackUp {
    var up = Reeve_V1_RackUp()
    up.hello = Reeve_V1_RackHello(
      RackHello(rack: options.name, address: own.description, incarnation: incarnation)
    )
    up.hello.`protocol` = protocolVersion
    up.hello.cluster = .init(shell.cluster.value?.bytes ?? [])
    return up
  }

  private func hear(_ message: Reeve_V1_RackDown, on session: SessionNumber) throws {
    switch message.message {
    case .assignment(let wire):
      let assignment = try RackAssignment(wire: wire)
      shell.cluster.value = ClusterID(bytes: wire.cluster)
      shell.post(.masterConnected(session, assignment))
    case .orders(let wire): shell.post(.masterOrdered(session, try RackOrders(wire: wire)))
    case .heartbeat: break
    case nil: throw RPCError(code: .invalidArgument, message: "The master sent a message without content.")
    }
  }
}

extension RackShell.MasterMessage {
  fileprivate func wire() -> Reeve_V1_RackUp {
    var up = Reeve_V1_RackUp()
    switch self {
    case .statement(let report): up.statement = Reeve_V1_RackReport(report)
    case .report(let report): up.report = Reeve_V1_RackReport(report)
    case .heartbeat: up.heartbeat = Reeve_V1_Heartbeat()
    }
    return up
  }
}
