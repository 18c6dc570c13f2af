import Foundation
import Logging
import ReeveCore
import ReeveExecution
import ReeveModel
import ReeveShell
import Synchronization

/// Holds what an agent's parts share: its core's loop, the supervisor, and the stream to its rack.
final class AgentShell: Sendable {
  let options: AgentOptions
  let sandboxes: Sandboxes
  let fence: Fence
  let sessions = Counter()
  let racks = Registry<SessionNumber, Outbox<RackMessage>>()
  let node = Heard<NodeNumber>()
  private let supervisor: Supervisor
  private let tags: Mutex<[AttemptID: SpawnTag]>
  private let loop: CoreLoop<AgentCore>
  private let log: Logger

  /// What goes up to the rack, turned into bytes by the stream's own task.
  enum RackMessage: Sendable {
    case statement(NodeStatement)
    case report(NodeReport)
    case heartbeat
  }

  init(
    options: AgentOptions,
    supervisor: Supervisor,
    sandboxes: Sandboxes,
    fence: Fence,
    tags: [AttemptID: SpawnTag],
    clock: BootClock,
    log: Logger
  ) {
    self.options = options
    self.supervisor = supervisor
    self.sandboxes = sandboxes
    self.fence = fence
    self.tags = Mutex(tags)
    self.log = log
    loop = CoreLoop(clock: clock)
  }

  func start(_ core: sending AgentCore) {
    loop.start("agent core", core: core) { [self] effects in
      for effect in effects { carryOut(effect) }
    }
  }

  func stop() {
    loop.stop()
    supervisor.close()
  }

  func post(_ event: AgentEvent) { loop.post(event) }

  private func carryOut(_ effect: AgentEffect) {
    switch effect {
    case .obey(let generation):
      do { try fence.obey(generation) } catch {
        log.critical(
          "this agent ends, for it may not obey what it cannot write down",
          metadata: ["reason": "\(error)"]
        )
        exit(1)
      }
    case .state(let session, let statement): racks[session]?.post(.statement(statement))
    case .report(let session, let report): racks[session]?.post(.report(report))
    case .spawn(let spawns): spawn(spawns)
    case .kill(let attempt, let reason, let grace):
      supervisor.kill([
        ReeveExecution.KillOrder(
          attempt: attempt.rawValue,
          reason: reason.rawValue,
          grace: .microseconds(grace.microseconds)
        )
      ])
    case .forget(let attempts): supervisor.forget(attempts.map(\.rawValue))
    case .disconnect(let session, let reason):
      log.warning("leaving the rack scheduler", metadata: ["reason": "\(reason)"])
      racks[session]?.close()
    }
  }

  private func spawn(_ spawns: [AgentEffect.Spawn]) {
    supervisor.spawn(
      spawns.compactMap { spawn in
        do {
          let slot = try sandboxes.take(for: spawn.attempt)
          return request(for: spawn, in: slot)
        } catch {
          post(.ended(couldNotStart(spawn, "\(error)")))
          return nil
        }
      }
    )
  }

  private func request(for spawn: AgentEffect.Spawn, in slot: Slot) -> SpawnRequest {
    let template = spawn.template
    let tag = SpawnTag(
      task: spawn.task,
      node: node.value ?? NodeNumber(0),
      resources: template.resources,
      timeLimit: template.timeLimit,
      grace: template.grace,
      name: "\(spawn.job)/\(spawn.name)"
    )
    tags.withLock { $0[spawn.attempt] = tag }
    return SpawnRequest(
      attempt: spawn.attempt.rawValue,
      slot: slot.path,
      directory: template.directory ?? "",
      arguments: template.command + spawn.arguments,
      environment: TaskEnvironment(spawn, node: options.node, slot: "\(options.data)/\(slot.path)").variables,
      tag: tag.bytes
    )
  }

  private func couldNotStart(_ spawn: AgentEffect.Spawn, _ message: String) -> TaskEnd {
    let now = WallTime(microseconds: Int64(Date().timeIntervalSince1970 * 1e6))
    return TaskEnd(
      attempt: spawn.attempt,
      task: spawn.task,
      node: node.value ?? NodeNumber(0),
      reason: .couldNotStart,
      started: now,
      ended: now,
      detail: TaskEnd.Detail(message: message)
    )
  }

  // MARK: What the supervisor says, on its reader's thread.

  func hear(_ events: [SupervisorEvent]) {
    for event in events {
      switch event {
      case .started(let attempt, _, let micros):
        post(.started(AttemptID(attempt), WallTime(microseconds: Int64(clamping: micros))))
      case .ended(let end): ended(end)
      case .failed(let failure): failed(failure)
      case .disconnected:
        log.critical("the supervisor is gone, this agent ends and its next start asks what is left")
        exit(1)
      }
    }
  }

  private func ended(_ process: ProcessEnd) {
    let attempt = AttemptID(process.attempt)
    let tag = tags.withLock { $0.removeValue(forKey: attempt) }
    guard let tag = tag ?? SpawnTag(bytes: process.tag) else { return }
    var end = TaskEnd(process, tag: tag)
    if end.reason != .none {
      let tails =
        process.stdoutBytes + process.stderrBytes > 0
        ? sandboxes.tails(of: attempt, name: tag.name) : ([], [])
      end.detail = TaskEnd.Detail(stdoutTail: tails.0, stderrTail: tails.1)
    }
    sandboxes.giveBack(attempt, touched: process.touchedSlot, name: tag.name)
    post(.ended(end))
  }

  private func failed(_ failure: ProcessFailure) {
    let attempt = AttemptID(failure.attempt)
    let tag = tags.withLock { $0.removeValue(forKey: attempt) }
    guard let tag = tag ?? SpawnTag(bytes: failure.tag) else { return }
    sandboxes.giveBack(attempt, touched: false, name: tag.name)
    post(.ended(TaskEnd(failure, tag: tag)))
  }
}
