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
  try checkBindAddress(options.reach.address, insecure: options.reach.insecure)
  let place = options.place
  let log = Logger(label: "reeve.agent.\(place.node)")
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
  let loop = CoreLoop<AgentCore>(clock: clock)
  let processes = ProcessExecutor(
    supervisor,
    options: options,
    sandboxes: sandboxes,
    tags: recovered.tags,
    log: log,
    post: { loop.post($0) }
  )
  let shell = AgentShell(place, tasks: processes, fence: fence, log: log, post: { loop.post($0) })
  let listener = makeListener(
    at: options.reach.address,
    services: [NodeFilesService(sandboxes: sandboxes)],
    check: TokenCheck(place.token, log: log)
  )
  let (incarnation, start) = try countStart(options.data + "/incarnation")
  try await serve(listener, reachedAt: options.reach) { own in
    let core = AgentCore(
      name: place.node,
      address: own.description,
      incarnation: incarnation,
      start: start,
      total: place.resources,
      attributes: place.attributes,
      obeyed: fence.obeyed,
      running: recovered.running,
      ends: [],
      at: clock.now()
    )
    loop.start("agent core", core: core) { effects in
      for effect in effects { shell.carryOut(effect) }
    }
    for end in found.ended { processes.hear([.ended(end)]) }
    for failure in found.failed { processes.hear([.failed(failure)]) }
    early.open { processes.hear($0) }
    await RackLine(shell: shell, log: log).keep()
  }
  loop.stop()
  processes.close()
}

/// Serves until SIGTERM, or until `body` ends, which is told where others reach this process.
@concurrent func serve(
  _ listener: Listener,
  reachedAt reach: AgentReach,
  _ body: @escaping @concurrent @Sendable (Address) async throws -> Void
) async throws {
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await listener.serve() }
    group.addTask { await waitForTermination() }
    guard let port = try await listeningPort(of: listener) else { return }
    group.addTask { try await body(reach.advertised ?? Address(host: reach.address.host, port: port)) }
    defer { group.cancelAll() }
    try await group.next()
    leaveSoon()
    listener.beginGracefulShutdown()
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
          warning: tag.warning,
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

/// The node's incarnation, made when it is not there yet, and how many agents have come up under it: on disk before it counts.
private func countStart(_ path: String) throws -> (incarnation: UInt64, start: UInt32) {
  let lines = (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: "\n") ?? []
  let incarnation = lines.first.flatMap { UInt64($0, radix: 16) } ?? .random(in: 1 ... .max)
  let start = (lines.dropFirst().first.flatMap { UInt32($0) } ?? 0) + 1
  try writeWhole("\(String(incarnation, radix: 16))\n\(start)\n", to: path)
  return (incarnation, start)
}
