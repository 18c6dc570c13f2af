import GRPCCore
import GRPCNIOTransportHTTP2
import Logging
import ReeveCore
import ReeveModel
import ReeveShell
import ReeveWire

/// Runs one rack's scheduler, and keeps its stream to the master open, again and again with back-off.
struct MasterLink: Sendable {
  /// Whose rack it is.
  enum Tenure: Sendable {
    /// The process's, by this name.
    case own(String)
    /// One that the master gives it; the closure is called when it has.
    case spare(@Sendable () -> Void)
  }

  private let tenure: Tenure
  private let process: RackProcess
  private let options: RackOptions
  private let address: Address
  private let shell: RackShell
  private let log: Logger
  /// What the master has given it.
  private let assigned = Heard<RackAssignment>()
  private let incarnation = UInt64.random(in: 1 ... .max)

  private static let silenceMax = TimeSpan.seconds(5)

  init(_ tenure: Tenure, of process: RackProcess, _ options: RackOptions, reachedAt address: Address) {
    self.tenure = tenure
    self.process = process
    self.options = options
    self.address = address
    log = process.log
    shell = RackShell(log: log)
  }

  /// In logs: the other end, and for which rack.
  private var peer: String {
    switch tenure {
    case .own(let name): "the master for rack \(name)"
    case .spare: "the master for a rack to be given"
    }
  }

  /// Ends when cancelled, or when the master has given the rack to another.
  @concurrent func keep() async {
    shell.start()
    await keepOpen(peer, log: log) {
      do {
        try await withChannel(to: options.master, token: options.token) { channel in
          try await open(on: channel)
        }
      } catch let error as RPCError where error.code == .aborted {
        guard case .spare = tenure, assigned.value != nil else { throw error }
        throw Dismissal(reason: error.message)
      }
    }
    if let rack = assigned.value?.rack { process.racks.end(shell, rack) }
    shell.stop()
  }

  @concurrent private func open(on channel: Channel) async throws {
    let session = SessionNumber(process.sessions.next())
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
          try await pump(outbox) { try await writer.write($0) { $0.wire() } }
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
    let (name, claim): (String, RackHello.Claim) =
      switch tenure {
      case .own(let name): (name, .own)
      case .spare: assigned.value.map { ($0.name, .adopted) } ?? ("", .spare)
      }
    up.hello = Reeve_V1_RackHello(
      RackHello(rack: name, claim: claim, address: address.description, incarnation: incarnation)
    )
    up.hello.`protocol` = protocolVersion
    up.hello.cluster = .init(process.cluster.value?.bytes ?? [])
    return up
  }

  private func hear(_ message: Reeve_V1_RackDown, on session: SessionNumber) throws {
    switch message.message {
    case .assignment(let wire):
      let assignment = try RackAssignment(wire: wire)
      process.cluster.value = ClusterID(bytes: wire.cluster)
      if case .spare(let adopted) = tenure, assigned.value == nil {
        log.notice("this process serves one more rack", metadata: ["rack": "\(assignment.name)"])
        adopted()
      }
      assigned.value = assignment
      process.racks.begin(shell, assignment)
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
