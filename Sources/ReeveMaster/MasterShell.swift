import Foundation
import Glibc
import Logging
import ReeveCore
import ReeveModel
import ReeveReplication
import ReeveShell
import ReeveWire

/// Holds what the master's streams share: its core's loop, and who waits for its effects.
final class MasterShell: Sendable {
  let log: Logger
  let cluster: ClusterID
  let token: Token
  let requests = Counter()
  let sessions = Counter()
  let racks = Registry<SessionNumber, Outbox<RackMessage>>()
  private let submissions = Registry<RequestNumber, PendingSubmission>()
  let orders = Registry<RequestNumber, Reply<Result<Int, Refusal>>>()
  let forgets = Registry<RequestNumber, Reply<Result<Int, Refusal>>>()
  let answers = Registry<RequestNumber, Reply<Answer>>()
  let places = Registry<RequestNumber, Reply<Result<NodePlace, Refusal>>>()
  let watches = Registry<RequestNumber, Outbox<WatchMessage>>()
  let follows = Registry<RequestNumber, Outbox<FollowMessage>>()
  let frameworks = Registry<SessionNumber, Outbox<FrameworkMessage>>()
  private let said = Registry<RequestNumber, PendingRequest>()
  let nodes: NodeChannels
  let history: FileHistory
  private let room: JournalRoom
  private let clock: BootClock
  private let loop: CoreLoop<MasterCore>

  /// What goes down to a rack, turned into bytes by the stream's own task.
  enum RackMessage: Sendable {
    case assignment(RackAssignment)
    case orders(RackOrders)
    case heartbeat
    case refused(String)
  }

  enum WatchMessage: Sendable {
    case progress(JobProgress)
    case ended(Refusal?)
  }

  enum FollowMessage: Sendable {
    case changed(TaskView, nodeAddress: String)
    case refused(Refusal)
  }

  /// What goes down to a framework, turned into bytes by the stream's own task.
  enum FrameworkMessage: Sendable {
    case welcome(FrameworkWelcome)
    case offers([FrameworkOffer])
    case rescinded([OfferID], RescindReason)
    case updates([TaskUpdate])
    case reply(UInt64, Result<Int, Refusal>)
    case heartbeat
    case refused(Refusal)
  }

  /// What a framework has said and is not answered.
  private struct PendingRequest: Sendable {
    let session: SessionNumber
    /// The framework's own number for it; 0 where it wants to know of an error only.
    let serial: UInt64
    /// What the journal has promised for it.
    let room: Int
  }

  private struct PendingSubmission: Sendable {
    let reply: Reply<Result<Submission, Refusal>>
    /// What the journal has promised for it.
    let room: Int
  }

  init(
    cluster: ClusterID,
    token: Token,
    room: JournalRoom,
    history: FileHistory,
    clock: BootClock,
    log: Logger
  ) {
    self.log = log
    self.cluster = cluster
    self.token = token
    self.room = room
    self.history = history
    self.clock = clock
    nodes = NodeChannels(token: token)
    loop = CoreLoop(clock: clock)
  }

  /// Replays the journal after the snapshot, then decides, one term higher than any before.
  func start(_ files: sending MasterFiles, _ compactor: Compactor) throws -> JournalWriter {
    var core = MasterCore(restoring: files.takeState())
    clock.goOn(after: files.restored.wall)
    try files.replay { position, facts, wall, bytes in
      for fact in facts { core.replay(fact) }
      clock.goOn(after: wall)
      compactor.appended(bytes: bytes, at: position)
    }
    if let warning = clockWarning(clock) { log.warning("clock", metadata: ["warning": "\(warning)"]) }
    let term = Term(core.durable.term.rawValue + 1)
    let writer = JournalWriter(
      clock: clock,
      compactor: compactor,
      tellDisk: { [self] in diskChanged($0) },
      carryOut: { [self] in carryOut($0) }
    ) { [log] error in
      log.critical("the journal cannot be written, this master ends", metadata: ["reason": "\(error)"])
      exit(1)
    }
    let snapshot = files.restored.position
    writer.start(files)
    compactor.start()
    log.info(
      "leading",
      metadata: [
        "term": "\(term)", "snapshot": "\(snapshot)", "jobs": "\(core.durable.jobs.jobs.count)",
        "tasks": "\(core.durable.jobs.taskCount)",
      ]
    )
    post(.leading(term))
    loop.start("master core", core: core) { writer.submit($0) }
    return writer
  }

  private func diskChanged(_ shortage: JournalError?) {
    if let shortage {
      log.error("the disk is low: nothing new is taken or started", metadata: ["reason": "\(shortage)"])
    } else {
      log.info("the disk has room again")
    }
    post(.diskChanged(isLow: shortage != nil))
  }

  func stop() { loop.stop() }
  func post(_ event: MasterEvent) { loop.post(event) }
  func post(_ events: [MasterEvent]) { loop.post(events) }

  /// Has a job decided about that has been validated on its own.
  func submit(_ spec: JobSpec, _ reply: Reply<Result<Submission, Refusal>>) {
    let bytes = spec.wireBytesMax
    if let refusal = Self.refusal(ofBytes: bytes) { return reply.give(.failure(refusal)) }
    let number = nextRequest()
    let hasRoom = room.promise(bytes)
    submissions.insert(PendingSubmission(reply: reply, room: hasRoom ? bytes : 0), for: number)
    post(.submitted(number, spec, hasRoom: hasRoom))
  }

  /// Takes in what a framework says, and that has been validated on its own; its answer is given when it is decided about.
  /// - Returns: what is to be posted.
  func hear(_ request: FrameworkRequest, serial: UInt64, on session: SessionNumber) throws(Refusal)
    -> MasterEvent
  {
    var (request, promised) = (request, 0)
    if case .accept(let offers, let spec, _) = request {
      let bytes = spec.wireBytesMax
      if let refusal = Self.refusal(ofBytes: bytes) { throw refusal }
      let hasRoom = room.promise(bytes)
      promised = hasRoom ? bytes : 0
      request = .accept(offers, spec, hasRoom: hasRoom)
    }
    let number = nextRequest()
    said.insert(PendingRequest(session: session, serial: serial, room: promised), for: number)
    return .frameworkSaid(session, number, request)
  }

  private func reply(_ request: RequestNumber, _ result: Result<Int, Refusal>) {
    guard let pending = said.remove(request) else { return }
    room.release(pending.room)
    if case .success = result, pending.serial == 0 { return }
    frameworks[pending.session]?.post(.reply(pending.serial, result))
  }

  private static func refusal(ofBytes bytes: Int) -> Refusal? {
    guard bytes > JournalRoom.payloadBytesMax else { return nil }
    return Refusal(
      .tooLarge,
      "The job takes up to \(bytes >> 20) MiB in the journal; the most is \(JournalRoom.payloadBytesMax >> 20) MiB. Split "
        + "it into several jobs."
    )
  }

  private func answer(_ request: RequestNumber, _ result: Result<Submission, Refusal>) {
    guard let submission = submissions.remove(request) else { return }
    room.release(submission.room)
    submission.reply.give(result)
  }

  /// Has the core asked under a number of its own, and gives what will hold the answer: one more of those who wait for
  /// answers of this kind.
  func ask<Value: Sendable>(
    _ waiting: Registry<RequestNumber, Reply<Value>>,
    _ event: (RequestNumber) -> MasterEvent
  ) -> Reply<Value> {
    let number = nextRequest()
    let reply = Reply<Value>()
    waiting.insert(reply, for: number)
    post(event(number))
    return reply
  }

  func nextRequest() -> RequestNumber { RequestNumber(requests.next()) }

  private func carryOut(_ effect: MasterEffect) {
    switch effect {
    case .record: break
    case .assign(let session, let assignment):
      log.notice(
        "a rack is given out",
        metadata: [
          "rack": "\(assignment.name)", "generation": "\(assignment.generation)", "session": "\(session)",
        ]
      )
      racks[session]?.post(.assignment(assignment))
    case .order(let session, let orders): racks[session]?.post(.orders(orders))
    case .refuseRack(let session, let reason): racks[session]?.post(.refused(reason))
    case .located(let request, let place): places.remove(request)?.give(place)
    case .submitted(let request, let result): answer(request, result)
    case .obeyed(let request, let result): orders.remove(request)?.give(result)
    case .forgotten(let request, let result): forgets.remove(request)?.give(result)
    case .answered(let request, let answer): answers.remove(request)?.give(answer)
    case .progress(let request, let progress): watches[request]?.post(.progress(progress))
    case .welcomed(let session, let welcome): frameworks[session]?.post(.welcome(welcome))
    case .offered(let session, let offers): frameworks[session]?.post(.offers(offers))
    case .rescinded(let session, let offers, let reason):
      frameworks[session]?.post(.rescinded(offers, reason))
    case .updated(let session, let updates): frameworks[session]?.post(.updates(updates))
    case .replied(let request, let result): reply(request, result)
    case .refuseFramework(let session, let refusal): frameworks[session]?.post(.refused(refusal))
    case .watchEnded(let request, let refusal): watches[request]?.post(.ended(refusal))
    case .followed(let request, let task, let address):
      follows[request]?.post(.changed(task, nodeAddress: address))
    case .followRefused(let request, let refusal): follows[request]?.post(.refused(refusal))
    }
  }
}
