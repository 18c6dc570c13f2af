import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

/// One rack with its agents and a toy master, in one thread, under a seed: streams are cut and lose any suffix of each
/// direction, what is left of them arrives late, nodes fall silent, rack schedulers are replaced.
struct RackWorld {
  /// One stream of a node; after its cut what is left of it may still arrive.
  private struct Pipe {
    let session: SessionNumber
    let agent: Int
    var up: [Up] = []
    var down: [Down] = []
    var isCut = false
  }

  private enum Up {
    case state(NodeStatement)
    case report(NodeReport)
    case beat
  }

  private enum Down {
    case welcome(Generation)
    case orders(NodeOrders)
  }

  private struct Process {
    var attempt: AttemptID
    var task: TaskNumber
    var isStarted = false
    var kill = FailureReason.none
  }

  private var random: SeededRandom
  private var time: Int64 = 0
  private var rack = RackCore()
  private var agents: [AgentCore]
  private var processes: [[Process]]
  private var pipes: [Pipe] = []
  private var sessions: UInt64 = 0
  private var generation: UInt64 = 0
  private var masterSession: SessionNumber?
  private var toMaster: [(isStatement: Bool, report: RackReport)] = []
  private var toRack: [RackOrders] = []
  private(set) var master: ToyMaster
  /// Every attempt that was ever spawned: none may be twice.
  private var spawned: Set<AttemptID> = []
  /// What was said and done, to be compared with another run of the same seed.
  private(set) var trace = Hasher()
  private(set) var steps = 0

  init(seed: UInt64, nodes: Int, tasks: Int) {
    random = SeededRandom(seed)
    master = ToyMaster(tasks: tasks)
    processes = Array(repeating: [], count: nodes)
    agents = (1...nodes).map { n in
      AgentCore(name: "n-\(n)", address: "n-\(n):1", incarnation: 1, total: .cores(4), at: .ms(0))
    }
    for agent in agents.indices { tell(agent, .placed(Self.number(agent))) }
  }

  var now: Now { .ms(time) }
  private static func number(_ agent: Int) -> NodeNumber { NodeNumber(UInt32(agent + 1)) }

  /// Until everything has ended, with faults for so many steps.
  mutating func run(faultsFor faulty: Int, atMost limit: Int) {
    while !master.isDone, steps < limit {
      steps += 1
      step(faulty: steps <= faulty)
    }
  }

  /// Long enough without a fault for whatever is under way to arrive; then the master asks for a statement.
  mutating func settle() {
    for _ in 0..<300 { step(faulty: false) }
    cutMaster()
    for _ in 0..<10 { step(faulty: false) }
  }

  private mutating func step(faulty: Bool) {
    pass(Int64.random(in: 1...200, using: &random))
    reconnect(always: !faulty)
    if faulty { fault() }
    for agent in agents.indices where !random.one(in: 3) { live(agent) }
    for pipe in pipes.indices.reversed() { deliver(pipe, slowly: faulty) }
    pipes.removeAll { $0.isCut && $0.up.isEmpty && $0.down.isEmpty }
    talkToMaster()
  }

  // MARK: Faults

  private mutating func fault() {
    if random.one(in: 15), let pipe = pipes.indices.randomElement(using: &random) { cut(pipe) }
    if random.one(in: 40) { cutMaster() }
    if random.one(in: 80) { replaceRack() }
    if random.one(in: 60) { pass(Int64.random(in: 1_000...12_000, using: &random)) }
    if random.one(in: 20), masterSession != nil { toRack.append(master.recall()) }
  }

  private mutating func cut(_ i: Int) {
    guard !pipes[i].isCut else { return }
    pipes[i].isCut = true
    pipes[i].up.removeLast(Int.random(in: 0...pipes[i].up.count, using: &random))
    pipes[i].down.removeLast(Int.random(in: 0...pipes[i].down.count, using: &random))
    let (session, agent) = (pipes[i].session, pipes[i].agent)
    if random.one(in: 2) { tellRack([.nodeDisconnected(session, Self.number(agent))]) }
    if random.one(in: 2) { tell(agent, .rackDisconnected(session)) }
  }

  private mutating func cutMaster() {
    guard let session = masterSession else { return }
    masterSession = nil
    toMaster = []
    toRack = []
    tellRack([.masterDisconnected(session)])
  }

  /// The process dies; another takes the rack under a higher generation.
  private mutating func replaceRack() {
    for i in pipes.indices { cut(i) }
    for i in pipes.indices { pipes[i].up = [] }
    masterSession = nil
    toMaster = []
    toRack = []
    generation += 1
    rack = RackCore()
  }

  // MARK: Time and streams

  /// Time passes, with each turn that the rack asks for.
  private mutating func pass(_ span: Int64) {
    let end = time + span
    while let next = rack.nextDeadline, next.microseconds / 1_000 < end {
      time = max(time + 1, next.microseconds / 1_000)
      tellRack([])
    }
    time = end
    tellRack([])
  }

  private mutating func reconnect(always: Bool) {
    for agent in agents.indices where !pipes.contains(where: { $0.agent == agent && !$0.isCut }) {
      guard always || random.one(in: 5) else { continue }
      sessions += 1
      pipes.append(Pipe(session: SessionNumber(sessions), agent: agent))
      tell(agent, .rackConnected(SessionNumber(sessions)))
    }
    if masterSession == nil, always || random.one(in: 5) {
      sessions += 1
      masterSession = SessionNumber(sessions)
      let nodes = agents.indices.map { Self.number($0) }
      tellRack([
        .masterConnected(
          SessionNumber(sessions),
          .rack(Generation(term: 1, number: generation), nodes: nodes)
        )
      ])
    }
  }

  private mutating func deliver(_ i: Int, slowly: Bool) {
    if slowly, random.one(in: 3) { return }
    let (session, agent) = (pipes[i].session, pipes[i].agent)
    let ups = pipes[i].up.prefix(slowly ? Int.random(in: 0...3, using: &random) : .max)
    let downs = pipes[i].down.prefix(slowly ? Int.random(in: 0...3, using: &random) : .max)
    pipes[i].up.removeFirst(ups.count)
    pipes[i].down.removeFirst(downs.count)
    for message in downs {
      switch message {
      case .welcome(let generation): tell(agent, .rackWelcomed(session, generation))
      case .orders(let orders): tell(agent, .rackOrdered(session, orders))
      }
    }
    tellRack(
      ups.map { message in
        switch message {
        case .state(let statement): .nodeConnected(session, statement)
        case .report(let report): .nodeReported(session, Self.number(agent), report)
        case .beat: .nodeBeat(session, Self.number(agent))
        }
      }
    )
  }

  private mutating func talkToMaster() {
    guard let session = masterSession else { return }
    for (isStatement, report) in toMaster {
      let orders = isStatement ? master.heard(statement: report) : master.heard(report: report)
      if !orders.isEmpty { toRack.append(orders) }
    }
    toMaster = []
    let orders = toRack
    toRack = []
    tellRack(orders.map { .masterOrdered(session, $0) })
  }

  // MARK: Cores

  private mutating func tellRack(_ events: [RackEvent]) {
    var effects: [RackEffect] = []
    for event in events { rack.handle(event, at: now, into: &effects) }
    rack.decide(at: now, into: &effects)
    #expect(rack.violations() == [])
    if let next = rack.nextDeadline { #expect(next > now.boot) }
    for effect in effects { carryOut(effect) }
  }

  private mutating func carryOut(_ effect: RackEffect) {
    trace.combine("\(effect)")
    switch effect {
    case .state(let session, let report):
      if session == masterSession { toMaster.append((true, report)) }
    case .report(let session, let report):
      if session == masterSession { toMaster.append((false, report)) }
    case .welcome(let session, _, let generation): send(.welcome(generation), on: session)
    case .order(let session, _, let orders): send(.orders(orders), on: session)
    case .refuse(let session, _, _):
      if let i = pipes.firstIndex(where: { $0.session == session }) { cut(i) }
    }
  }

  private mutating func send(_ message: Down, on session: SessionNumber) {
    guard let i = pipes.firstIndex(where: { $0.session == session && !$0.isCut }) else { return }
    pipes[i].down.append(message)
  }

  private mutating func send(_ message: Up, on session: SessionNumber) {
    guard let i = pipes.firstIndex(where: { $0.session == session && !$0.isCut }) else { return }
    pipes[i].up.append(message)
  }

  private mutating func tell(_ agent: Int, _ events: AgentEvent...) {
    var effects: [AgentEffect] = []
    for event in events { agents[agent].handle(event, at: now, into: &effects) }
    agents[agent].decide(at: now, into: &effects)
    #expect(agents[agent].violations() == [])
    for effect in effects { carryOut(effect, of: agent) }
  }

  private mutating func carryOut(_ effect: AgentEffect, of agent: Int) {
    trace.combine("\(effect)")
    switch effect {
    case .state(let session, let statement): send(.state(statement), on: session)
    case .report(let session, let report): send(.report(report), on: session)
    case .spawn(let spawns):
      for spawn in spawns {
        #expect(spawned.insert(spawn.attempt).inserted, "attempt \(spawn.attempt) is spawned twice")
        processes[agent].append(Process(attempt: spawn.attempt, task: spawn.task))
      }
    case .kill(let attempt, let reason, _):
      for i in processes[agent].indices where processes[agent][i].attempt == attempt {
        processes[agent][i].kill = reason
      }
    case .forget, .obey, .tell, .warn: break
    case .disconnect(let session, _):
      if let i = pipes.firstIndex(where: { $0.session == session }) { cut(i) }
    }
  }

  /// The processes of a node get on, and it beats.
  private mutating func live(_ agent: Int) {
    for pipe in pipes where pipe.agent == agent && !pipe.isCut { send(.beat, on: pipe.session) }
    for process in processes[agent] {
      guard process.isStarted || process.kill != .none else {
        tell(agent, .started(process.attempt, now.wall))
        processes[agent].indices.filter { processes[agent][$0].attempt == process.attempt }
          .forEach { processes[agent][$0].isStarted = true }
        continue
      }
      guard process.kill != .none || random.one(in: 4) else { continue }
      processes[agent].removeAll { $0.attempt == process.attempt }
      tell(agent, .ended(TaskEnd(attempt: process.attempt, task: process.task, reason: process.kill)))
    }
  }
}
