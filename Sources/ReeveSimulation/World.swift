import ReeveCore
import ReeveModel

/// A whole cluster of the real cores in virtual time, in one thread: what happens in it follows from its seed alone.
struct World {
  let options: SimulationOptions
  var now = Instant(microseconds: 0)
  var queue = EventQueue<Happening>()
  var chance: Generator
  var faults: FaultPlan
  var connections: [Connection] = []
  var partitions: [Partition] = []
  var master = MasterProcess()
  var racks: [RackProcess]
  var agents: [AgentProcess]
  var clients: [Client]
  var frameworks: [FrameworkProcess]
  var promises: Promises
  let trace: Trace
  var steps = 0

  enum Happening: Sendable {
    case turn(ProcessID, life: Int)
    case wake(ProcessID, life: Int)
    case tick(ProcessID, life: Int)
    case retry(ProcessID, life: Int)
    case dialled(ConnectionID)
    case arrival(ConnectionID, toServer: Bool, Int, Message)
    case closed(ConnectionID, toServer: Bool)
    case synced(life: Int)
    case born(agent: Int, serial: Int)
    case exit(agent: Int, serial: Int)
    case fault(Fault)
    case snapshot
    case restart(ProcessID)
    case goOn(ProcessID, life: Int)
    case death(ProcessID, life: Int)
    case heal
  }

  struct Partition: Sendable {
    var a: ProcessID
    var b: ProcessID
    var until: Instant
  }

  init(_ options: SimulationOptions) {
    var chance = Generator(seed: options.seed)
    self.options = options
    faults = FaultPlan(options, &chance)
    var workload = Workload(options, &chance)
    // Each rack may have a second process for a while, and some processes have no rack of their own.
    let spares = [String](repeating: "", count: chance.below(3))
    rackNames = workload.racks.count
    racks = (workload.racks + workload.racks + spares).map(RackProcess.init)
    agents = workload.nodes.map { AgentProcess($0) }
    clients = workload.clients.map(Client.init)
    frameworks = workload.makeFrameworks()
    promises = Promises(options)
    trace = Trace(keepsLines: options.trace)
    self.chance = chance.branch()
  }

  /// Runs until everything is over, or something is found.
  mutating func run() {
    start()
    while promises.findings.isEmpty, let next = queue.popFirst() {
      now = next.time
      happen(next.happening)
      if faults.isHealed, isAllOver { break }
      if now > faults.deadline { findLiveness() }
      if steps > Self.stepsMax { find("no spinning", "\(steps) turns, and no end") }
    }
    if promises.findings.isEmpty { checkEnd() }
  }

  /// Far more turns than any world needs.
  private static var stepsMax: Int { 1_000_000 }

  private mutating func start() {
    for process in everybody {
      self[process].bootOffset = chance.span(.seconds(1), .seconds(1_000_000))
      self[process].wallSkew = chance.span(.zero, .seconds(5))
    }
    if chance.chance(0.8) { snapshotNowAndThen() }
    for fault in faults.schedule { queue.schedule(.fault(fault.fault), at: fault.time) }
    queue.schedule(.heal, at: faults.healsAt)
    for process in everybody {
      if case .rack(let i) = process, isSecond(i) { continue }
      queue.schedule(.restart(process), at: now + chance.span(.zero, .seconds(2)))
    }
  }

  /// How many racks have names: so many processes are theirs, as many their seconds, and the rest spares.
  let rackNames: Int

  func isSecond(_ rack: Int) -> Bool { rack >= rackNames && rack < 2 * rackNames }

  var everybody: [ProcessID] {
    [.master] + racks.indices.map { .rack($0) } + agents.indices.map { .agent($0) }
      + clients.indices.map { .client($0) } + frameworks.indices.map { .framework($0) }
  }

  private mutating func happen(_ happening: Happening) {
    switch happening {
    case .turn(let process, let life): if lives(process, life) { turn(of: process) }
    case .wake(let process, let life):
      if lives(process, life), self[process].wakeAt == now {
        self[process].wakeAt = nil
        wantTurn(process)
      }
    case .tick(let process, let life):
      guard lives(process, life) else { return }
      self[process].isTickDue = true
      queue.schedule(.tick(process, life: life), at: now + Self.tickInterval)
      wantTurn(process)
    case .retry(let process, let life):
      guard lives(process, life) else { return }
      self[process].isRetryDue = true
      wantTurn(process)
    case .dialled(let id): accept(id)
    case .arrival(let id, let toServer, let index, let message):
      arrive(id, toServer: toServer, index, message)
    case .closed(let id, let toServer): hearClosed(id, toServer: toServer)
    case .synced(let life): if lives(.master, life) { synced() }
    case .born(let agent, let serial): born(agent, serial)
    case .exit(let agent, let serial): exit(agent, serial)
    case .fault(let fault): strike(fault)
    case .snapshot: snapshotNowAndThen()
    case .restart(let process): restart(process)
    case .death(let process, let life): if !faults.isHealed, lives(process, life) { die(process) }
    case .goOn(let process, let life): if lives(process, life) { goOn(process) }
    case .heal: heal()
    }
  }

  private func lives(_ process: ProcessID, _ life: Int) -> Bool {
    self[process].isUp && self[process].number == life
  }

  mutating func restart(_ process: ProcessID) {
    guard !self[process].isUp else { return }
    switch process {
    case .master: startMaster()
    case .rack(let i): startRack(i)
    case .agent(let i): startAgent(i)
    case .client, .framework: begin(process)
    }
  }

  /// One line of the trace, and a part of its hash. `code` tells kinds of lines apart.
  func note(_ who: ProcessID, _ code: UInt64, _ what: @autoclosure () -> String) {
    trace.add(now, who, code, what)
  }

  mutating func find(_ promise: String, _ what: String) {
    promises.findings.append(Finding(promise: promise, what: what, at: now))
    note(.master, 99, "FOUND against \"\(promise)\": \(what)")
  }

  mutating func see(_ sight: Sight) {
    let before = promises.findings.count
    promises.see(sight, at: now)
    for finding in promises.findings.dropFirst(before) {
      note(.master, 99, "FOUND against \"\(finding.promise)\": \(finding.what)")
    }
  }
}
