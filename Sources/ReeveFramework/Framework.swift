import GRPCCore
import GRPCNIOTransportHTTP2
import ReeveClient
import ReeveModel
import ReeveShell
import ReeveWire
import Synchronization

/// A framework on a Reeve cluster: it says what it wants, is offered slices that fit, puts tasks into them and is told how
/// they go.
///
///     try await Framework.with(FrameworkOptions(id: "words")) { framework in
///       try await framework.demand([Demand(shape: Resources(cpus: 1), count: 10)])
///       for await offers in framework.offers { … try await framework.accept(offers, tasks) }
///     }
///
/// When its stream breaks it is opened again, at each address of the cluster in turn, and goes on: demand is said again, and
/// what was not answered is asked again. The cluster is found as the command line finds it: by `REEVE_ADDRESS` and
/// `REEVE_TOKEN_FILE`, or the files of this user's data directory.
public final class Framework: Sendable {
  /// What is offered, and neither answered nor void when it is taken out. For one reader.
  public let offers: OfferSequence
  /// What became of tasks. A batch is acknowledged when the next one is asked for. For one reader.
  public let updates: UpdateSequence

  private let options: FrameworkOptions
  private let cluster: ClusterAddress
  private let news: Mailboxes
  private let state = Mutex(State())

  private struct State {
    /// Of the stream that is open.
    var outbox: Outbox<Reeve_V1_FrameworkUp>?
    var lastSerial: UInt64 = 0
    /// What was said and is not answered, by its serial.
    var pending: [UInt64: Pending] = [:]
    /// Less what was accepted for since it was said.
    var demand: [Demand] = []
    /// Why there will be no stream any more.
    var end: FrameworkError?
  }

  private struct Pending {
    let message: Reeve_V1_FrameworkUp
    let reply: Reply<Result<Void, FrameworkError>>
  }

  private init(_ options: FrameworkOptions, _ cluster: ClusterAddress) {
    self.options = options
    self.cluster = cluster
    news = Mailboxes()
    offers = OfferSequence(news: news)
    updates = UpdateSequence(news: news)
  }

  /// Runs `body` with a framework that is subscribed meanwhile. Its tasks outlive it by `failover`, unless it is torn down.
  /// - Throws: `FrameworkError`, and what `body` throws.
  public static func with<R: Sendable>(
    _ options: FrameworkOptions,
    _ body: @Sendable (Framework) async throws -> R
  ) async throws -> R {
    let framework: Framework
    let variable = options.environment.map { all in { all[$0] } } ?? ClusterAddress.variable
    do {
      framework = Framework(options, try ClusterAddress.find(environment: variable))
    } catch { throw FrameworkError(error) }
    let stream = Task { @concurrent in await framework.keepOpen() }
    defer { stream.cancel() }
    return try await body(framework)
  }

  // MARK: What it says

  /// Replaces what was demanded before. What is accepted for is taken off by itself.
  public func demand(_ demands: [Demand]) async throws {
    state.withLock { $0.demand = demands }
    try await say { $0.demand = Reeve_V1_Demand(demands) }
  }

  /// Puts tasks into offers of one rack; what they do not take goes back. Durable when it returns: the tasks will run.
  /// - Parameters:
  ///   - offers: all of them are used up.
  ///   - tasks: one or several for each slice.
  ///   - name: of this accept; the same again is answered as the first time. Random where none is given.
  /// - Throws: `FrameworkError`: `conflict` where an offer is void by now, `too-large` where the tasks do not fit.
  public func accept(_ offers: [Offer], _ tasks: [FrameworkTask], as name: String? = nil) async throws {
    let spec = JobSpec(tasks, of: options.id, addition: name ?? JobID.random().text)
    try await say {
      $0.accept.offers = offers.map(\.id)
      $0.accept.tasks = Reeve_V1_JobSpec(spec)
    }
    guard let offer = offers.first else { return }
    let used = offer.shape.slices(of: tasks.map(\.resources))
    state.withLock { state in
      guard let i = state.demand.firstIndex(where: { $0.key == offer.key }) else { return }
      state.demand[i].count -= min(state.demand[i].count, used)
    }
  }

  /// They are offered again after a while that grows each time; new demand ends it.
  public func decline(_ offers: [Offer]) async throws {
    try await say { $0.decline.offers = offers.map(\.id) }
  }

  /// Ends tasks, by their ids.
  public func kill(_ tasks: [String]) async throws { try await say { $0.kill.tasks = tasks } }

  /// Has the latest of these tasks told again, or of all that have not ended.
  public func reconcile(_ tasks: [String] = []) async throws {
    try await say { $0.reconcile.tasks = tasks }
  }

  /// Sends a line to what runs as a task, which reads it from the file that its `REEVE_MESSAGES` names. It is handed on when this
  /// returns, and lost where the task has ended or its node is away by then; it may arrive twice if the stream breaks meanwhile.
  /// - Parameters:
  ///   - task: its id.
  ///   - data: at most 64 KiB, and no newline in it.
  /// - Throws: `FrameworkError`: `not-found` or `conflict` where no such task runs, `unavailable` where its rack is away.
  public func message(_ task: String, _ data: [UInt8]) async throws {
    try await say {
      $0.taskMessage.task = task
      $0.taskMessage.data = .init(data)
    }
  }

  /// Ends the framework: its tasks are ended, and its id is not taken again.
  public func tearDown() async throws { try await say { $0.tearDown = Reeve_V1_TearDown() } }

  private func say(_ fill: (inout Reeve_V1_FrameworkUp) -> Void) async throws {
    var message = Reeve_V1_FrameworkUp()
    fill(&message)
    let reply = Reply<Result<Void, FrameworkError>>()
    state.withLock { [message] state in
      if let end = state.end { return reply.give(.failure(end)) }
      state.lastSerial += 1
      var message = message
      message.serial = state.lastSerial
      state.pending[message.serial] = Pending(message: message, reply: reply)
      state.outbox?.post(message)
    }
    try await reply.value.get()
  }

  // MARK: Its stream

  private func keepOpen() async {
    var backoff = Backoff()
    var place = 0
    while !Task.isCancelled {
      let opened = BootClock.boot()
      do {
        try await open(cluster.addresses[place])
      } catch {
        if let end = Self.lastWord(error) { return finish(end) }
      }
      state.withLock { $0.outbox = nil }
      if BootClock.boot() - opened > .seconds(5) { backoff.reset() }
      place = (place + 1) % cluster.addresses.count
      try? await Task.sleep(for: backoff.delay())
    }
    finish(FrameworkError(Refusal(.unavailable, "The framework has ended.")))
  }

  /// What ends a framework for good: it was refused, and would be again.
  private static func lastWord(_ error: any Error) -> FrameworkError? {
    guard let refusal = Refusal(error) else { return nil }
    if let status = error as? RPCError, status.code == .aborted || status.code == .unauthenticated {
      return FrameworkError(refusal)
    }
    return refusal.code == .unavailable ? nil : FrameworkError(refusal)
  }

  private func finish(_ end: FrameworkError) {
    let pending = state.withLock { state in
      state.end = end
      state.outbox = nil
      defer { state.pending = [:] }
      return state.pending
    }
    for pending in pending.values { pending.reply.give(.failure(end)) }
    news.close()
  }

  @concurrent private func open(_ address: Address) async throws {
    try await withChannel(to: address, token: cluster.token) { [self] channel in
      let outbox = Outbox<Reeve_V1_FrameworkUp>()
      let master = Heard<Set<String>>()
      defer { outbox.close() }
      try await openStream(answeredWithin: Self.silenceMax) { [self] answered in
        try await Reeve_V1_FrameworkSession.Client(wrapping: channel).open(
          options: callOptions,
          requestProducer: { [self] writer in
            try await writer.write(subscription)
            try await pump(outbox) { messages in
              let mayGather = master.value?.contains("batches") ?? false
              try await writer.write(
                contentsOf: mayGather ? try Reeve_V1_FrameworkUp.gather(messages) : messages
              )
            }
          },
          onResponse: { [self] response in
            answered.value = true
            try await converse(
              outbox: Outbox<Void>(),
              heartbeat: (),
              silenceMax: Self.silenceMax,
              inbound: response.messages,
              write: { _ in outbox.post(Self.beat) },
              hear: { [self] in
                for message in try $0.separate() { try hear(message, of: master, outbox) }
              }
            )
          }
        )
      }
    }
  }

  /// The master says something once a second.
  private static let silenceMax = TimeSpan.seconds(5)

  private static var beat: Reeve_V1_FrameworkUp {
    var up = Reeve_V1_FrameworkUp()
    up.heartbeat = Reeve_V1_Heartbeat()
    return up
  }

  private var subscription: Reeve_V1_FrameworkUp {
    var up = Reeve_V1_FrameworkUp()
    up.subscribe = Reeve_V1_Subscribe(
      FrameworkInfo(
        id: JobID(options.id),
        name: options.name,
        role: options.role,
        user: options.user,
        failover: TimeSpan(microseconds: options.failover.microseconds)
      )
    )
    up.subscribe.`protocol` = protocolVersion
    up.subscribe.capabilities = ["batches"]
    return up
  }

  private func hear(
    _ message: Reeve_V1_FrameworkDown,
    of master: Heard<Set<String>>,
    _ outbox: Outbox<Reeve_V1_FrameworkUp>
  ) throws {
    switch message.message {
    case .subscribed(let wire):
      master.value = Set(wire.capabilities)
      begin(outbox)
    case .offers(let wire): news.offered(try wire.offers.map { Offer(try FrameworkOffer(wire: $0)) })
    case .rescind(let wire): news.rescinded(wire.offers)
    case .updates(let wire): news.updated(try [ReeveModel.TaskUpdate](wire: wire), on: outbox)
    case .reply(let wire): try hear(wire)
    case .heartbeat: break
    case .batch, nil:
      throw RPCError(code: .invalidArgument, message: "The master sent a message without content.")
    }
  }

  private func hear(_ wire: Reeve_V1_FrameworkReply) throws {
    guard let pending = state.withLock({ $0.pending.removeValue(forKey: wire.serial) }) else { return }
    pending.reply.give(
      wire.hasProblem
        ? .failure(FrameworkError(try Refusal(wire: wire.problem))) : .success(())
    )
  }

  /// Says again what still stands: the demand, and what was said and not answered. Offers of the older stream are void, and
  /// what was declined with them.
  private func begin(_ outbox: Outbox<Reeve_V1_FrameworkUp>) {
    news.begin()
    let void = state.withLock { state in
      state.outbox = outbox
      if !state.demand.isEmpty {
        var up = Reeve_V1_FrameworkUp()
        up.demand = Reeve_V1_Demand(state.demand)
        outbox.post(up)
      }
      var void: [Pending] = []
      for (serial, pending) in state.pending.sorted(by: { $0.key < $1.key }) {
        switch pending.message.message {
        case .decline, .demand: void.append(state.pending.removeValue(forKey: serial) ?? pending)
        default: outbox.post(pending.message)
        }
      }
      return void
    }
    for pending in void { pending.reply.give(.success(())) }
  }
}
