import Foundation
import Logging
import ReeveCore
import ReeveExecution
import ReeveModel
import Synchronization

/// Runs tasks as processes under the supervisor, each in a slot of its own.
final class ProcessExecutor: Executor {
  private let options: AgentOptions
  private let supervisor: Supervisor
  private let sandboxes: Sandboxes
  private let tags: Mutex<[AttemptID: SpawnTag]>
  private let post: @Sendable (AgentEvent) -> Void
  private let log: Logger

  init(
    _ supervisor: Supervisor,
    options: AgentOptions,
    sandboxes: Sandboxes,
    tags: [AttemptID: SpawnTag],
    log: Logger,
    post: @escaping @Sendable (AgentEvent) -> Void
  ) {
    self.options = options
    self.supervisor = supervisor
    self.sandboxes = sandboxes
    self.tags = Mutex(tags)
    self.log = log
    self.post = post
  }

  func close() { supervisor.close() }

  func spawn(_ spawns: [AgentEffect.Spawn], on node: NodeNumber) {
    supervisor.spawn(
      spawns.compactMap { spawn in
        do {
          let slot = try sandboxes.take(for: spawn.attempt)
          return request(for: spawn, on: node, in: slot)
        } catch {
          post(.ended(couldNotStart(spawn, on: node, "\(error)")))
          return nil
        }
      }
    )
  }

  func kill(_ attempt: AttemptID, _ reason: FailureReason, grace: TimeSpan) {
    supervisor.kill([
      ReeveExecution.KillOrder(
        attempt: attempt.rawValue,
        reason: reason.rawValue,
        grace: .microseconds(grace.microseconds)
      )
    ])
  }

  func signal(_ attempt: AttemptID, _ number: Int32) {
    supervisor.signal(attempt.rawValue, UInt8(clamping: number))
  }

  func tell(_ messages: [TaskMessage]) {
    for message in messages {
      do { try sandboxes.tell(message) } catch {
        log.warning(
          "a message to a task is lost",
          metadata: ["attempt": "\(message.attempt)", "reason": "\(error)"]
        )
      }
    }
  }

  func forget(_ attempts: [AttemptID]) { supervisor.forget(attempts.map(\.rawValue)) }

  private func request(for spawn: AgentEffect.Spawn, on node: NodeNumber, in slot: Slot) -> SpawnRequest {
    let template = spawn.template
    let tag = SpawnTag(
      task: spawn.task,
      node: node,
      resources: template.resources,
      timeLimit: template.timeLimit,
      grace: template.grace,
      warning: template.warning,
      name: "\(spawn.job)/\(spawn.name)"
    )
    tags.withLock { $0[spawn.attempt] = tag }
    let placeholders = spawn.placeholders
    return SpawnRequest(
      attempt: spawn.attempt.rawValue,
      slot: slot.path,
      directory: template.directory.map(placeholders.expand) ?? "",
      arguments: (template.command + spawn.arguments).map(placeholders.expand),
      environment: TaskEnvironment(
        spawn,
        placeholders,
        node: options.place.node,
        slot: slot,
        in: options.data
      ).variables,
      tag: tag.bytes
    )
  }

  private func couldNotStart(_ spawn: AgentEffect.Spawn, on node: NodeNumber, _ message: String) -> TaskEnd {
    let now = WallTime(microseconds: Int64(Date().timeIntervalSince1970 * 1e6))
    return TaskEnd(
      attempt: spawn.attempt,
      task: spawn.task,
      node: node,
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
