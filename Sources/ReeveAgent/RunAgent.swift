import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import Logging
import ReeveCore
import ReeveExecution
package import ReeveModel
import ReeveShell
import Synchronization

/// What this machine has, less nothing: what an agent offers where it is not told otherwise.
package func discoverMachine(data: String) throws -> Resources {
  let machine = try Machine.discover(directory: data)
  return Resources(
    cpuMillis: Int64(machine.cpuMillis),
    memory: Int64(clamping: machine.memoryBytes),
    disk: Int64(clamping: machine.diskBytes)
  )
}

/// Runs a node's agent until SIGTERM. Its tasks go on without it: the supervisor keeps them.
@concurrent package func runAgent(_ options: AgentOptions) async throws {
  try checkBindAddress(options.address, insecure: options.insecure)
  let log = Logger(label: "reeve.agent.\(options.node)")
  try FileManager.default.createDirectory(
    atPath: options.data,
    withIntermediateDirectories: true,
    attributes: [.posixPermissions: 0o700]
  )
  let clock = BootClock()
  let early = EarlyEvents()
  let (supervisor, found) = try Supervisor.connect(
    directory: options.data,
    executable: options.supervisor,
    onEvents: { early.hear($0) }
  )
  let recovered = Recovered(found, kept: OutputLog(directory: options.data))
  let sandboxes = try Sandboxes(directory: options.data, running: recovered.slots, log: log)
  let fence = try Fence(directory: options.data)
  let shell = AgentShell(
    options: options,
    supervisor: supervisor,
    sandboxes: sandboxes,
    fence: fence,
    tags: recovered.tags,
    clock: clock,
    log: log
  )
  let listener = makeListener(
    at: options.address,
    services: [NodeFilesService(sandboxes: sandboxes)],
    check: TokenCheck(options.token, log: log)
  )
  let incarnation = try readOrCreateIncarnation(options.data + "/incarnation")
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await listener.serve() }
    group.addTask { await waitForTermination() }
    guard let port = try await listener.listeningAddress(options.address.host) else { return }
    let core = AgentCore(
      name: options.node,
      address: (options.advertised ?? port).description,
      incarnation: incarnation,
      total: options.resources,
      obeyed: fence.obeyed,
      running: recovered.running,
      ends: [],
      at: clock.now()
    )
    shell.start(core)
    for end in found.ended { shell.hear([.ended(end)]) }
    for failure in found.failed { shell.hear([.failed(failure)]) }
    early.open { shell.hear($0) }
    group.addTask { await RackLine(shell: shell, log: log).keep() }
    defer { group.cancelAll() }
    try await group.next()
    leaveSoon()
    listener.beginGracefulShutdown()
  }
  shell.stop()
}

extension Listener {
  fileprivate func listeningAddress(_ host: String) async throws -> Address? {
    try await listeningPort(of: self).map { Address(host: host, port: $0) }
  }
}

/// What the supervisor still has of an agent that is gone.
private struct Recovered {
  var running: [RecoveredAttempt] = []
  var slots: [AttemptID: Slot] = [:]
  var tags: [AttemptID: SpawnTag] = [:]

  init(_ state: SupervisorState, kept: OutputLog) {
    for process in state.running {
      let attempt = AttemptID(process.attempt)
      guard let tag = SpawnTag(bytes: process.tag) else { continue }
      tags[attempt] = tag
      slots[attempt] = Slot(path: process.slot)
      running.append(
        RecoveredAttempt(
          start: TaskStart(
            attempt: attempt,
            task: tag.task,
            node: tag.node,
            started: WallTime(microseconds: Int64(clamping: process.startedMicros))
          ),
          resources: tag.resources,
          timeLimit: tag.timeLimit,
          grace: tag.grace,
          kill: FailureReason(rawValue: process.reason) ?? .none
        )
      )
    }
    // Of ends that nobody has acknowledged some were dealt with before: their slots may be others' by now, also of those
    // that run. What was not touched was given back as it is, or is found to be free.
    for end in state.ended where end.touchedSlot {
      guard let tag = SpawnTag(bytes: end.tag) else { continue }
      if !kept.isKept(task: tag.name, attempt: "\(AttemptID(end.attempt))") {
        slots[AttemptID(end.attempt)] = Slot(path: end.slot)
      }
    }
  }
}

/// Keeps what the supervisor says until the shell is there to hear it.
private final class EarlyEvents: Sendable {
  private struct State {
    var waiting: [SupervisorEvent] = []
    var hear: (@Sendable ([SupervisorEvent]) -> Void)?
  }

  private let state = Mutex(State())

  func hear(_ events: [SupervisorEvent]) {
    let hear = state.withLock { state in
      if state.hear == nil { state.waiting += events }
      return state.hear
    }
    hear?(events)
  }

  func open(_ hear: @escaping @Sendable ([SupervisorEvent]) -> Void) {
    // The reader's thread waits meanwhile, so that nothing overtakes what came first.
    state.withLock { state in
      hear(state.waiting)
      state.waiting = []
      state.hear = hear
    }
  }
}

/// Random, and made anew only with the node's directory.
private func readOrCreateIncarnation(_ path: String) throws -> UInt64 {
  if let text = try? String(contentsOfFile: path, encoding: .utf8),
    let value = UInt64(text.trimmingCharacters(in: .whitespacesAndNewlines), radix: 16)
  {
    return value
  }
  let value = UInt64.random(in: 1 ... .max)
  try (String(value, radix: 16) + "\n").write(toFile: path, atomically: true, encoding: .utf8)
  return value
}
