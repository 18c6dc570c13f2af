import GRPCCore
import Logging
import ReeveCore
import ReeveModel
import ReeveShell
import ReeveWire

/// The upper end of frameworks' streams.
struct FrameworkSessionService: Reeve_V1_FrameworkSession.SimpleServiceProtocol {
  let shell: MasterShell

  /// Heartbeats go both ways once a second; a framework that has said nothing for so long counts as gone.
  private static let silenceMax = TimeSpan.seconds(10)
  /// What a framework may want at one time.
  private static let shapesMax = 256

  @concurrent func open(
    request: RPCAsyncSequence<Reeve_V1_FrameworkUp, any Error>,
    response: RPCWriter<Reeve_V1_FrameworkDown>,
    context: ServerContext
  ) async throws {
    let session = SessionNumber(shell.sessions.next())
    let outbox = Outbox<MasterShell.FrameworkMessage>()
    shell.frameworks.insert(outbox, for: session)
    let subscription = Heard<Subscription>()
    defer {
      _ = shell.frameworks.remove(session)
      shell.post(.frameworkDisconnected(session))
    }
    do {
      try await converse(
        outbox: outbox,
        heartbeat: .heartbeat,
        silenceMax: Self.silenceMax,
        inbound: request,
        write: {
          let mayGather = subscription.value?.mayGather ?? false
          try await response.write(
            $0,
            as: { try $0.wire() },
            gather: { mayGather ? try Reeve_V1_FrameworkDown.gather($0) : $0 }
          )
        },
        hear: { message in
          if let subscription = subscription.value {
            shell.post(
              try message.separate().compactMap { hear($0, of: subscription.info, on: session, outbox) }
            )
          } else {
            subscription.value = try hear(subscription: message, on: session)
          }
        }
      )
    } catch {
      shell.log.notice(
        "a framework's stream ended",
        metadata: [
          "framework": "\(subscription.value?.info.id.text ?? "?")", "session": "\(session)",
          "reason": "\(error)",
        ]
      )
      throw rpcError(for: error is WireError ? Refusal(ofRequest: error) : error)
    }
  }

  /// Who is at the other end.
  private struct Subscription {
    let info: FrameworkInfo
    /// It takes several messages as one.
    let mayGather: Bool
  }

  private func hear(subscription message: Reeve_V1_FrameworkUp, on session: SessionNumber) throws
    -> Subscription
  {
    guard case .subscribe(let wire)? = message.message else {
      throw RPCError(code: .invalidArgument, message: "A framework's stream begins with its subscription.")
    }
    guard wire.`protocol` == protocolVersion else {
      throw RPCError(
        code: .failedPrecondition,
        message: "The framework speaks protocol \(wire.`protocol`), this master \(protocolVersion)."
      )
    }
    let info = try FrameworkInfo(wire: wire)
    try info.validate()
    shell.log.info(
      "framework",
      metadata: ["framework": "\(info.id)", "role": "\(info.role)", "session": "\(session)"]
    )
    shell.post(.frameworkSubscribed(session, info))
    return Subscription(info: info, mayGather: wire.capabilities.contains("batches"))
  }

  /// A message that is wrong is answered, and changes nothing: the stream goes on.
  /// - Returns: what the core is to decide about.
  private func hear(
    _ message: Reeve_V1_FrameworkUp,
    of info: FrameworkInfo,
    on session: SessionNumber,
    _ outbox: Outbox<MasterShell.FrameworkMessage>
  ) -> MasterEvent? {
    if case .heartbeat? = message.message { return nil }
    do {
      let request = try request(message, of: info)
      return try shell.hear(request, serial: message.serial, on: session)
    } catch {
      outbox.post(.reply(message.serial, .failure(Refusal(ofRequest: error))))
      return nil
    }
  }

  private func request(_ message: Reeve_V1_FrameworkUp, of info: FrameworkInfo) throws -> FrameworkRequest {
    switch message.message {
    case .demand(let demand): return .demand(try demand.checked(shapesMax: Self.shapesMax))
    case .accept(let accept):
      let spec = try JobSpec(wire: accept.tasks)
      guard spec.id == info.id, !spec.addition.isEmpty else {
        throw Refusal(
          .invalid,
          field: "tasks",
          "the tasks are of job \(spec.id.text.quoted) and addition \(spec.addition.quoted). Their id is the framework's, "
            + "\"\(info.id)\", and the addition names this accept, such as \"accept-1\"."
        )
      }
      try spec.validate()
      return .accept(accept.offers.map { OfferID($0) }, spec, hasRoom: true)
    case .decline(let decline): return .decline(decline.offers.map { OfferID($0) })
    case .kill(let kill):
      guard !kill.tasks.isEmpty else {
        throw Refusal(.invalid, field: "tasks", "no task is named. Name those that are to end.")
      }
      return .kill(try kill.tasks.checked())
    case .acknowledge(let acknowledge): return .acknowledge(acknowledge.ids)
    case .reconcile(let reconcile): return .reconcile(try reconcile.tasks.checked())
    case .tearDown: return .tearDown
    case .subscribe:
      throw Refusal(.invalid, field: "subscribe", "a subscription is said once, at the start of a stream.")
    case .taskMessage(let message):
      try TaskName.validate(message.task, of: "task", field: "task")
      let line = [UInt8](message.data)
      try TaskMessage.validate(line)
      return .message(message.task, line)
    case .heartbeat, .batch, nil:
      throw Refusal(.invalid, field: "message", "there is none in it that this version knows.")
    }
  }
}

extension Reeve_V1_Demand {
  fileprivate func checked(shapesMax: Int) throws -> [ShapeDemand] {
    guard shapes.count <= shapesMax else {
      throw Refusal(
        .tooLarge,
        field: "shapes",
        "\(shapes.count) shapes are demanded; the most is \(shapesMax). Leave out what can wait."
      )
    }
    var keys: Set<UInt32> = []
    return try zip(try [ShapeDemand](wire: self), shapes).enumerated().map { i, pair in
      let (demand, wire) = pair
      guard keys.insert(demand.key).inserted else {
        throw Refusal(
          .duplicate,
          field: "shapes[\(i)].key",
          "key \(demand.key) is that of an earlier shape. Give each its own."
        )
      }
      guard demand.resources.cpuMillis > 0 || demand.resources.memory > 0 else {
        throw Refusal(
          .invalid,
          field: "shapes[\(i)].shape",
          "the shape has neither cpu nor memory. Say what a task needs."
        )
      }
      if case .UNRECOGNIZED(let kind) = wire.kind {
        throw Refusal(
          .invalid,
          field: "shapes[\(i)].kind",
          "\(kind) is no kind of slice that this version knows. Use pooled (0) or pinned (1)."
        )
      }
      try demand.constraints.validate(field: "shapes[\(i)].constraints")
      return demand
    }
  }
}

extension [String] {
  fileprivate func checked() throws -> [String] {
    for (i, name) in enumerated() { try TaskName.validate(name, of: "task", field: "tasks[\(i)]") }
    return self
  }
}

extension MasterShell.FrameworkMessage {
  fileprivate func wire() throws -> Reeve_V1_FrameworkDown {
    var down = Reeve_V1_FrameworkDown()
    switch self {
    case .welcome(let welcome):
      down.subscribed.framework = welcome.framework.text
      down.subscribed.job = welcome.framework.text
      down.subscribed.term = welcome.term.rawValue
      down.subscribed.resumed = welcome.isResumed
      down.subscribed.capabilities = ["batches", "messages", "pinned"]
      down.subscribed.heartbeatMicros = 1_000_000
    case .offers(let offers): down.offers.offers = offers.map { Reeve_V1_Offer($0) }
    case .rescinded(let offers, let reason):
      down.rescind.offers = offers.map(\.rawValue)
      down.rescind.reason = reason.rawValue
    case .updates(let updates): down.updates = Reeve_V1_TaskUpdates(updates)
    case .reply(let serial, let result): down.reply = Reeve_V1_FrameworkReply(serial, result)
    case .heartbeat: down.heartbeat = Reeve_V1_Heartbeat()
    // Aborted: not to be tried again. Who is to come later is told so.
    case .refused(let refusal):
      throw RPCError(refusal, as: refusal.code == .unavailable ? .unavailable : .aborted)
    }
    return down
  }
}
