import ReeveCore
import ReeveModel

// The supervisor on each machine: processes, their ends, and what is written down of both.
extension World {
  mutating func spawn(_ spawn: AgentEffect.Spawn, on i: Int) {
    let serial = agents[i].machine.nextSerial
    agents[i].machine.nextSerial += 1
    let wall = wallClock(of: .agent(i))
    agents[i].machine.running.append(
      Machine.Process(serial: serial, spawn: spawn, started: wall, startedAt: now)
    )
    note(.agent(i), 40, "spawns \(spawn.attempt) of task \(spawn.task)")
    let stream = agents[i].launchedOn.removeValue(forKey: spawn.attempt)
    let generation = stream.map { connections[$0.index].generation } ?? .none
    let used = agents[i].machine.used
    if !spawn.template.constraints.isEmpty { promises.tally[.constrained] += 1 }
    see(.spawned(agent: i, spawn, under: generation, used: used, total: agents[i].total))
    queue.schedule(.born(agent: i, serial: serial), at: now + chance.skewedSpan(.zero, .milliseconds(20)))
    let life = TimeSpan.milliseconds(Behaviour(arguments: spawn.arguments).milliseconds)
    queue.schedule(.exit(agent: i, serial: serial), at: now + life)
  }

  mutating func born(_ i: Int, _ serial: Int) {
    guard let process = agents[i].machine.running.first(where: { $0.serial == serial }) else { return }
    guard agents[i].life.isUp else { return }
    post(.born(process.spawn.attempt, process.started), to: .agent(i))
  }

  /// A process is gone, with its whole tree: by itself, or because it was told to.
  mutating func exit(_ i: Int, _ serial: Int) {
    guard let place = agents[i].machine.running.firstIndex(where: { $0.serial == serial }) else { return }
    let process = agents[i].machine.running.remove(at: place)
    let behaviour = Behaviour(arguments: process.spawn.arguments)
    let status = process.kill == .none ? behaviour.status : behaviour.statusWhenTold
    var end = TaskEnd(
      attempt: process.spawn.attempt,
      task: process.spawn.task,
      reason: planted(reason(of: process, status), status),
      status: status,
      started: process.started,
      ended: wallClock(of: .agent(i))
    )
    if process.kill != .none, status == 0 { promises.tally[.endedWellWhenTold] += 1 }
    end.usage.cpu = now - process.startedAt
    if end.reason != .none { end.detail = TaskEnd.Detail(message: "as it was told to") }
    agents[i].machine.ends.append(end)
    note(.agent(i), 41, "\(end.attempt) of task \(end.task) ends: \(end.reason)")
    see(.exited(agent: i, end))
    if agents[i].life.isUp { post(.ended(end), to: .agent(i)) }
  }

  /// An order that came first is the reason, whatever the exit code.
  private func reason(of process: Machine.Process, _ status: Int32) -> FailureReason {
    if process.kill != .none { return process.kill }
    if process.isUnknown { return .exitUnknown }
    return status == 0 ? .none : .exitCode
  }

  /// The supervisor dies, and all that runs under it with it: what is left on the disk says that it ran, and not how it
  /// ended.
  mutating func endAll(on i: Int) -> Bool {
    let serials = agents[i].machine.running.map(\.serial)
    guard !serials.isEmpty else { return false }
    note(.agent(i), 43, "its supervisor dies, with \(serials.count) processes")
    for process in agents[i].machine.running.indices { agents[i].machine.running[process].isUnknown = true }
    for serial in serials { exit(i, serial) }
    return true
  }

  /// Written down before the signal; the first order counts.
  mutating func kill(_ attempt: AttemptID, _ reason: FailureReason, _ grace: TimeSpan, on i: Int) {
    guard let place = agents[i].machine.running.firstIndex(where: { $0.spawn.attempt == attempt }),
      agents[i].machine.running[place].kill == .none
    else { return }
    note(.agent(i), 42, "signals \(attempt): \(reason)")
    agents[i].machine.running[place].kill = reason
    see(.signalled(attempt, reason))
    let serial = agents[i].machine.running[place].serial
    queue.schedule(.exit(agent: i, serial: serial), at: now + chance.skewedSpan(.milliseconds(1), grace))
  }

  mutating func forget(_ attempts: [AttemptID], on i: Int) {
    for attempt in attempts {
      see(.forgotten(agent: i, attempt))
      agents[i].machine.ends.removeAll { $0.attempt == attempt }
    }
  }
}

/// What a task of the world does: how long it runs, and how it exits, by itself or told to. Its arguments say so.
struct Behaviour: Sendable {
  var milliseconds: Int64
  var status: Int32
  /// Of a program that is told to end: 0 is one that saves its work and exits well.
  var statusWhenTold: Int32

  init(milliseconds: Int64, status: Int32, statusWhenTold: Int32 = -15) {
    self.milliseconds = milliseconds
    self.status = status
    self.statusWhenTold = statusWhenTold
  }

  init(arguments: [String]) {
    milliseconds = arguments.first.flatMap { Int64($0) } ?? 1
    status = arguments.dropFirst().first.flatMap { Int32($0) } ?? 0
    statusWhenTold = arguments.dropFirst(2).first.flatMap { Int32($0) } ?? -15
  }

  var arguments: [String] { ["\(milliseconds)", "\(status)", "\(statusWhenTold)"] }

  /// Runs until it is told to end.
  static let endless = Behaviour(milliseconds: 1_000_000_000, status: 0, statusWhenTold: 0)
}
