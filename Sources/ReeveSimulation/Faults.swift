import ReeveCore
import ReeveModel

extension World {
  /// A fault that finds nothing to strike at does not count.
  mutating func strike(_ fault: Fault) {
    let hasStruck: Bool =
      switch fault {
      case .cut: cutOne()
      case .partition: part()
      case .rackCutOff: cutOffRack()
      case .masterDeath: strikeDown(.master)
      case .masterDeathInSync: doom(inSnapshot: false)
      case .masterDeathInSnapshot: doom(inSnapshot: true)
      case .rackDeath: strikeDown(.rack(chance.below(rackNames)))
      case .rackSuccession: succeed(chance.below(rackNames))
      case .agentDeath: strikeDown(.agent(chance.below(agents.count)))
      case .frameworkDeath: strikeDownFramework()
      case .supervisorDeath: endAll(on: chance.below(agents.count))
      case .nodeDeath: strikeDownNode(chance.below(agents.count), wiped: false)
      case .nodeWiped: strikeDownNode(chance.below(agents.count), wiped: true)
      case .blackout: blackOut()
      case .stop: stop()
      case .slowDisk: slowDisk()
      case .clockJump: jumpClock()
      }
    if hasStruck { promises.tally[fault] += 1 }
  }

  /// At once, or in the midst of carrying out what it decides next.
  private mutating func strikeDown(_ process: ProcessID) -> Bool {
    guard self[process].isUp else { return false }
    if chance.chance(0.5) { kill(process) } else { self[process].isDoomed = true }
    return true
  }

  private mutating func strikeDownFramework() -> Bool {
    guard !frameworks.isEmpty else { return false }
    return strikeDown(.framework(chance.below(frameworks.count)))
  }

  private mutating func strikeDownNode(_ i: Int, wiped: Bool) -> Bool {
    stopNode(i, wiped: wiped)
    comeBack(.agent(i), within: .seconds(25))
    return true
  }

  private mutating func blackOut() -> Bool {
    let takesMachines = chance.chance(0.4)
    note(.master, 66, "everything dies\(takesMachines ? ", machines too" : "")")
    for process in everybody {
      if takesMachines, case .agent(let i) = process {
        _ = strikeDownNode(i, wiped: false)
      } else if self[process].isUp {
        kill(process)
      }
    }
    return true
  }

  private mutating func slowDisk() -> Bool {
    master.syncMax = chance.span(.milliseconds(20), .seconds(1))
    return true
  }

  /// Forwards or back. Boot clocks do not jump.
  private mutating func jumpClock() -> Bool {
    let process = chance.pick(everybody.filter { if case .client = $0 { false } else { true } })
    let by = chance.skewedSpan(.milliseconds(1), .seconds(3_600))
    let sign: Int64 = chance.chance(0.5) ? 1 : -1
    self[process].wallSkew.microseconds += sign * by.microseconds
    note(process, 67, "its wall clock jumps by \(sign * by.microseconds) us")
    return true
  }

  private mutating func doom(inSnapshot: Bool) -> Bool {
    guard master.life.isUp else { return false }
    master.diesInSync = true
    master.diesInSnapshot = inSnapshot
    return true
  }

  private mutating func kill(_ process: ProcessID) {
    switch process {
    case .master: stopMaster()
    case .rack(let i): stopRack(i)
    case .agent(let i): stopAgent(i)
    case .framework(let i): stopFramework(i)
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
    if master.diesInSnapshot { takeSnapshot() }
    master.diesInSnapshot = false
    queue.schedule(.death(.master, life: master.life.number), at: now + chance.span(.zero, end - now))
  }

  mutating func die(_ process: ProcessID) { kill(process) }

  private mutating func succeed(_ i: Int, lasting least: TimeSpan = .milliseconds(100)) -> Bool {
    let second = ProcessID.rack(i + rackNames)
    guard racks[i].life.isUp, !self[second].isUp else { return false }
    note(second, 65, "begins beside rack-\(i)")
    restart(second)
    let time = now + chance.skewedSpan(least, least + .seconds(20))
    queue.schedule(.death(second, life: self[second].number), at: time)
    restartAgents(of: i, until: time)
    guard chance.chance(0.5) else { return true }
    let earlier = now + chance.span(.zero, time - now)
    queue.schedule(.death(.rack(i), life: racks[i].life.number), at: earlier)
    return true
  }

  /// Some agents that are with one of a rack's two schedulers die, and may come up again with the other.
  private mutating func restartAgents(of i: Int, until end: Instant) {
    let its = agents.indices.filter { agents[$0].label == nil || agents[$0].label == racks[i].name }
    for _ in 0..<(its.isEmpty ? 0 : chance.below(5)) {
      let agent = ProcessID.agent(chance.pick(its))
      queue.schedule(.death(agent, life: self[agent].number), at: now + chance.span(.zero, end - now))
    }
  }

  /// A second process of a rack comes back only by a succession.
  private mutating func comeBack(_ process: ProcessID, within most: TimeSpan) {
    if case .rack(let i) = process, isSecond(i) { return }
    queue.schedule(.restart(process), at: now + chance.skewedSpan(.milliseconds(20), most))
  }

  private mutating func cutOne() -> Bool {
    let open = connections.indices.filter { connections[$0].client.isOpen && connections[$0].server.isOpen }
    guard !open.isEmpty else { return false }
    cut(ConnectionID(index: chance.pick(open)), silently: chance.chance(0.3))
    return true
  }

  private mutating func cutOffRack() -> Bool {
    let i = chance.below(rackNames)
    let length = chance.span(.seconds(1), .seconds(25))
    part(.rack(i), .master, for: length)
    if chance.chance(0.7) { _ = succeed(i, lasting: length) }
    return true
  }

  /// Two processes do not reach each other for a while.
  private mutating func part() -> Bool {
    let rack = ProcessID.rack(chance.below(rackNames))
    let agent = ProcessID.agent(chance.below(agents.count))
    let (a, b) = chance.pick([(rack, ProcessID.master), (agent, rack), (agent, .master)])
    part(a, b, for: chance.span(.milliseconds(500), .seconds(15)))
    return true
  }

  private mutating func part(_ a: ProcessID, _ b: ProcessID, for length: TimeSpan) {
    let until = now + length
    note(a, 60, "cannot reach \(b) for \(until - now)")
    partitions.removeAll { $0.until <= now }
    partitions.append(Partition(a: a, b: b, until: until))
    for i in connections.indices {
      let ends = [connections[i].client, connections[i].server]
      guard ends.contains(where: \.isOpen), Set(ends.map(\.process)) == [a, b] else { continue }
      cut(ConnectionID(index: i), silently: chance.chance(0.7))
    }
  }

  private mutating func stop() -> Bool {
    let process =
      chance.chance(0.4)
      ? ProcessID.rack(chance.below(rackNames))
      : chance.pick(everybody.filter { if case .client = $0 { false } else { true } })
    guard self[process].isUp, self[process].stoppedUntil == nil else { return false }
    let until =
      now
      + (chance.chance(0.4)
        ? chance.span(.seconds(8), .seconds(25)) : chance.skewedSpan(.milliseconds(50), .seconds(20)))
    note(process, 61, "is stopped for \(until - now)")
    self[process].stoppedUntil = until
    self[process].stops.append(Life.Stop(begin: now, end: until))
    queue.schedule(.goOn(process, life: self[process].number), at: until)
    return true
  }

  mutating func goOn(_ process: ProcessID) {
    guard self[process].stoppedUntil != nil else { return }
    note(process, 62, "goes on")
    self[process].stoppedUntil = nil
    if let last = self[process].stops.indices.last { self[process].stops[last].end = now }
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
    master.diesInSnapshot = false
    for process in everybody {
      self[process].isDoomed = false
      if case .rack(let i) = process, isSecond(i) {
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
      let layout = TaskLayout(of: spec)
      for i in 0..<spec.count {
        let entry = layout.entry(at: i)
        let tries = 1 + Int64(spec.templates[Int(spec.taskTemplates[entry])].retry.limit)
        sum += tries * min(40_000, Behaviour(arguments: spec.arguments[entry]).milliseconds)
      }
    }
    return .milliseconds(3 * sum)
  }

  /// Whether all clients have their answers, and nothing is left on any machine.
  var isAllOver: Bool {
    master.life.isUp && master.disk.isIdle && promises.books.unfinishedCount == 0
      && clients.allSatisfy(\.isDone) && frameworks.allSatisfy(\.isDone)
      && agents.allSatisfy { $0.machine.running.isEmpty && $0.machine.ends.isEmpty }
  }

  mutating func findLiveness() {
    var left: [String] = []
    for client in clients {
      left += client.errands.filter { !$0.isDone }.map { "unanswered: \($0.request.summary)" }
    }
    left += frameworks.filter { !$0.isDone }.map { "framework \($0.info.id) with \($0.tasks)" }
    left += promises.books.unfinished
    for agent in agents {
      left += agent.machine.running.map { "\(agent.name) runs \($0.spawn.attempt) of task \($0.spawn.task)" }
      left += agent.machine.ends.map { "\(agent.name) keeps the end of \($0.attempt) of task \($0.task)" }
    }
    find("everything accepted ends", left.prefix(20).joined(separator: "; "))
  }
}
