import ReeveCore
import ReeveModel

/// What goes wrong in a world, and when; after `healsAt` nothing does.
struct FaultPlan: Sendable {
  enum Fault: Sendable, CaseIterable {
    case cut
    case partition
    case masterDeath
    case masterDeathInSync
    case rackDeath
    /// A second process for a rack, while the first still runs; one of them goes some time later.
    case rackSuccession
    case agentDeath
    case nodeDeath
    case nodeWiped
    case stop
    case slowDisk
  }

  var schedule: [(time: Instant, fault: Fault)] = []
  var healsAt: Instant
  /// By then everything that was accepted has ended, or never will.
  var deadline: Instant
  var isHealed = false
  /// How many of the messages take long, and how long.
  var slowMessages = 0.0
  var slowestMessage = TimeSpan.milliseconds(10)

  /// Each seed has its own kinds of faults and how often they come, so that some worlds know one kind only.
  init(_ options: SimulationOptions, _ chance: inout Generator) {
    let length = TimeSpan.seconds(Int64(chance.within(20...90)))
    healsAt = Instant(microseconds: 0) + length
    deadline = healsAt
    guard options.faults else { return }
    if chance.chance(0.5) {
      slowMessages = chance.fraction() * 0.2
      slowestMessage = chance.span(.milliseconds(10), .seconds(2))
    }
    for fault in Fault.allCases where chance.chance(0.5) {
      for _ in 0..<chance.within(1...8) {
        schedule.append((Instant(microseconds: 0) + chance.span(.zero, length), fault))
      }
    }
    schedule.sort { $0.time < $1.time }
  }
}

extension World {
  mutating func strike(_ fault: FaultPlan.Fault) {
    switch fault {
    case .cut: cutOne()
    case .partition: part()
    case .masterDeath: strikeDown(.master)
    case .masterDeathInSync: master.diesInSync = true
    case .rackDeath: strikeDown(.rack(chance.below(rackNames)))
    case .rackSuccession: succeed(chance.below(rackNames))
    case .agentDeath: strikeDown(.agent(chance.below(agents.count)))
    case .nodeDeath, .nodeWiped:
      let i = chance.below(agents.count)
      stopNode(i, wiped: fault == .nodeWiped)
      comeBack(.agent(i), within: .seconds(25))
    case .stop: stop()
    case .slowDisk: master.syncMax = chance.span(.milliseconds(20), .seconds(1))
    }
  }

  /// At once, or in the midst of carrying out what it decides next.
  private mutating func strikeDown(_ process: ProcessID) {
    guard self[process].isUp else { return }
    if chance.chance(0.5) { kill(process) } else { self[process].isDoomed = true }
  }

  private mutating func kill(_ process: ProcessID) {
    switch process {
    case .master: stopMaster()
    case .rack(let i): stopRack(i)
    case .agent(let i): stopAgent(i)
    case .client: return
    }
    comeBack(process, within: .seconds(12))
  }

  /// Whether the process has just died, before it could carry out what comes next.
  mutating func meetsItsDoom(_ process: ProcessID) -> Bool {
    guard self[process].isDoomed, chance.chance(0.3) else { return false }
    note(process, 64, "dies in the midst of it")
    kill(process)
    return true
  }

  /// While the group is on its way to the disk.
  mutating func mayDieInSync(until end: Instant) {
    guard master.diesInSync else { return }
    master.diesInSync = false
    queue.schedule(.death(.master, life: master.life.number), at: now + chance.span(.zero, end - now))
  }

  mutating func die(_ process: ProcessID) { kill(process) }

  private mutating func succeed(_ i: Int) {
    let second = ProcessID.rack(i + rackNames)
    guard racks[i].life.isUp, !self[second].isUp else { return }
    note(second, 65, "begins beside rack-\(i)")
    restart(second)
    let time = now + chance.skewedSpan(.milliseconds(100), .seconds(20))
    queue.schedule(.death(second, life: self[second].number), at: time)
    guard chance.chance(0.5) else { return }
    let earlier = now + chance.span(.zero, time - now)
    queue.schedule(.death(.rack(i), life: racks[i].life.number), at: earlier)
  }

  /// A second process of a rack comes back only by a succession.
  private mutating func comeBack(_ process: ProcessID, within most: TimeSpan) {
    if case .rack(let i) = process, i >= rackNames { return }
    queue.schedule(.restart(process), at: now + chance.skewedSpan(.milliseconds(20), most))
  }

  private mutating func cutOne() {
    let open = connections.indices.filter { connections[$0].client.isOpen && connections[$0].server.isOpen }
    guard !open.isEmpty else { return }
    promises.tally.cuts += 1
    cut(ConnectionID(index: chance.pick(open)), silently: chance.chance(0.3))
  }

  /// Two processes do not reach each other for a while.
  private mutating func part() {
    let rack = ProcessID.rack(chance.below(rackNames))
    let agent = ProcessID.agent(chance.below(agents.count))
    let (a, b) = chance.pick([
      (rack, ProcessID.master), (rack, ProcessID.master), (agent, rack), (agent, .master),
    ])
    let until = now + chance.span(.milliseconds(500), .seconds(15))
    note(a, 60, "cannot reach \(b) for \(until - now)")
    partitions.append(Partition(a: a, b: b, until: until))
    promises.tally.cuts += 1
    for i in connections.indices {
      let ends = [connections[i].client, connections[i].server]
      guard ends.contains(where: \.isOpen), Set(ends.map(\.process)) == [a, b] else { continue }
      cut(ConnectionID(index: i), silently: chance.chance(0.7))
    }
  }

  private mutating func stop() {
    let process = chance.pick(everybody.filter { if case .client = $0 { false } else { true } })
    guard self[process].isUp, self[process].stoppedUntil == nil else { return }
    let until = now + chance.skewedSpan(.milliseconds(50), .seconds(20))
    note(process, 61, "is stopped for \(until - now)")
    promises.tally.stops += 1
    self[process].stoppedUntil = until
    queue.schedule(.goOn(process, life: self[process].number), at: until)
  }

  mutating func goOn(_ process: ProcessID) {
    guard self[process].stoppedUntil != nil else { return }
    note(process, 62, "goes on")
    self[process].stoppedUntil = nil
    if process == .master { letGoOfDurable() }
    wantTurn(process)
  }

  /// Everything is well from now on.
  mutating func heal() {
    note(.master, 63, "all is well from now on")
    faults.isHealed = true
    faults.slowMessages = 0
    partitions.removeAll()
    master.syncMax = .milliseconds(8)
    master.diesInSync = false
    for process in everybody {
      self[process].isDoomed = false
      if case .rack(let i) = process, i >= rackNames {
        if self[process].isUp { kill(process) }
      } else if self[process].isUp {
        goOn(process)
      } else {
        queue.schedule(.restart(process), at: now + chance.span(.milliseconds(1), .seconds(1)))
      }
    }
    faults.deadline = now + .seconds(180) + workLeft
  }

  /// How long everything would run at most, one after the other, each three times.
  private var workLeft: TimeSpan {
    var sum: Int64 = 0
    for case .submit(let spec) in clients.flatMap(\.errands).map(\.request) {
      for i in 0..<spec.count { sum += min(30_000, Behaviour(arguments: spec.arguments[i]).milliseconds) }
    }
    return .milliseconds(3 * sum)
  }

  /// Whether all clients have their answers, and nothing is left on any machine.
  var isAllOver: Bool {
    master.life.isUp && master.disk.isIdle && clients.allSatisfy(\.isDone)
      && agents.allSatisfy { $0.machine.running.isEmpty && $0.machine.ends.isEmpty }
  }

  mutating func findLiveness() {
    var left: [String] = []
    for client in clients {
      left += client.errands.filter { !$0.isDone }.map { "unanswered: \($0.request.summary)" }
    }
    left += promises.books.unfinished
    for agent in agents {
      left += agent.machine.running.map { "\(agent.name) runs \($0.spawn.attempt) of task \($0.spawn.task)" }
      left += agent.machine.ends.map { "\(agent.name) keeps the end of \($0.attempt) of task \($0.task)" }
    }
    find("everything accepted ends", left.prefix(20).joined(separator: "; "))
  }
}
