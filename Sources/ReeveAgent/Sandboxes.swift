import Logging
import ReeveExecution
import ReeveModel
import ReeveShell
import Synchronization

/// The slots of a node's tasks and who reads their output: reached from the core's loop, which starts tasks, from the
/// supervisor's reader, which ends them, and from readers of logs.
final class Sandboxes: Sendable {
  private struct State: ~Copyable {
    var slots: SlotPool
    var running: [AttemptID: Slot]
    var readers: [AttemptID: [Outbox<Bool>]] = [:]
  }

  private let directory: String
  private let state: Mutex<State>
  private let output: OutputLog
  private let log: Logger

  init(directory: String, running: [AttemptID: Slot], log: Logger) throws {
    self.directory = directory
    let slots = try SlotPool(directory: directory, inUse: Set(running.values))
    state = Mutex(State(slots: slots, running: running))
    output = OutputLog(directory: directory)
    self.log = log
  }

  func take(for attempt: AttemptID) throws -> Slot {
    try state.withLock { state in
      let slot = try state.slots.take()
      state.running[attempt] = slot
      return slot
    }
  }

  /// Appends a line to what an attempt can read; one that has ended is told nothing.
  func tell(_ message: TaskMessage) throws {
    // Under the lock: after a look the slot could become another attempt's.
    try state.withLock { state in
      guard let slot = state.running[message.attempt] else { return }
      try slot.tell(message.line, in: directory)
    }
  }

  /// The last of each stream of an attempt that has ended, whether or not its slot was given back.
  func tails(of attempt: AttemptID, name: String) -> (stdout: [UInt8], stderr: [UInt8]) {
    let place: OutputLog.Place =
      state.withLock { $0.running[attempt] }.map { .slot($0) } ?? .kept(task: name, attempt: "\(attempt)")
    return ((try? output.tail(.stdout, at: place)) ?? [], (try? output.tail(.stderr, at: place)) ?? [])
  }

  /// Takes the slot of an ended attempt back; what it wrote is kept under the attempt's name.
  func giveBack(_ attempt: AttemptID, touched: Bool, name: String) {
    let readers = state.withLock { state -> [Outbox<Bool>] in
      guard let slot = state.running.removeValue(forKey: attempt) else { return [] }
      do {
        try state.slots.giveBack(slot, end: touched, keepAs: name, attempt: "\(attempt)")
      } catch {
        log.error("a slot is lost", metadata: ["attempt": "\(attempt)", "reason": "\(error)"])
      }
      return state.readers.removeValue(forKey: attempt) ?? []
    }
    for reader in readers { reader.post(true) }
  }

  /// Up to `count` bytes of an attempt's output from `offset` on, wherever it is by now.
  func read(
    _ stream: OutputLog.Stream,
    of attempt: AttemptID,
    name: String,
    from offset: UInt64,
    count: Int
  ) throws -> [UInt8] {
    // Under the lock: between a look and the reading the slot could become another attempt's.
    try state.withLock { state in
      let place: OutputLog.Place =
        state.running[attempt].map { .slot($0) } ?? .kept(task: name, attempt: "\(attempt)")
      return try output.read(stream, at: place, from: offset, atMost: count)
    }
  }

  /// Posts `true` when the attempt ends, at once if it has ended.
  func follow(_ attempt: AttemptID, _ reader: Outbox<Bool>) {
    let hasEnded = state.withLock { state in
      guard state.running[attempt] != nil else { return true }
      state.readers[attempt, default: []].append(reader)
      return false
    }
    if hasEnded { reader.post(true) }
  }

  func unfollow(_ attempt: AttemptID, _ reader: Outbox<Bool>) {
    state.withLock { state in
      state.readers[attempt]?.removeAll { $0 === reader }
      if state.readers[attempt]?.isEmpty == true { state.readers[attempt] = nil }
    }
  }
}
