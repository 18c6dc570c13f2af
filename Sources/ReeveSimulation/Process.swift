import ReeveCore
import ReeveModel

/// What reaches a process, in the order in which it arrived.
enum Inbound: Sendable {
  case heard(ConnectionID, Message)
  case closed(ConnectionID)
  /// An agent's supervisor has news.
  case born(AttemptID, WallTime)
  case ended(TaskEnd)
}

/// What every process has, whatever it does: lives, a mailbox, clocks of its own.
struct Life: Sendable {
  /// Counts the lives: what was meant for an earlier one is not for this.
  var number = 0
  var isUp = false
  var stoppedUntil: Instant?
  /// When this life was stopped, for those who judge its judgements.
  var stops: [Stop] = []
  /// Dies in the midst of carrying out what it has decided.
  var isDoomed = false
  var inbox: [Inbound] = []
  var isTurnDue = false
  var isTickDue = false
  var isRetryDue = false
  /// When the process is woken for its core's next deadline.
  var wakeAt: Instant?
  var connections: [ConnectionID] = []
  /// How long the machine had been up when the world began. No two are alike, so that times of two never agree by chance.
  var bootOffset = TimeSpan.zero
  var wallSkew = TimeSpan.zero
  var attemptsToConnect = 0
  var nextSession: UInt64 = 1
  /// Turns in a row that nothing but the core's own deadline asked for, at one instant.
  var idleTurns = 0
  var lastTurnAt = Instant(microseconds: -1)
  /// The latest wall time that the process was told: for a shell it never runs backwards.
  var lastWall = WallTime.none

  struct Stop: Sendable {
    var begin: Instant
    var end: Instant
  }

  mutating func takeSession() -> SessionNumber {
    defer { nextSession += 1 }
    return SessionNumber(nextSession)
  }
}

struct MasterProcess: Sendable {
  var life = Life()
  var core = MasterCore()
  var disk = Disk()
  /// Effects by the position of the journal that must be durable before they leave.
  var held: [(position: Int, effects: [MasterEffect])] = []
  var sessions: [(session: SessionNumber, connection: ConnectionID)] = []
  /// Requests that may still be answered: where they came from and how they are called there.
  var requests: [RequestNumber: (connection: ConnectionID, tag: Int)] = [:]
  var nextRequest: UInt64 = 1
  /// What frameworks have said and is not answered: on which session, and how it is called there.
  var said: [RequestNumber: (session: SessionNumber, serial: UInt64)] = [:]
  /// Syncs take up to so long.
  var syncMax = TimeSpan.milliseconds(8)
  /// Dies while the next group is being written; and while a snapshot is, too.
  var diesInSync = false
  var diesInSnapshot = false

  mutating func takeRequest() -> RequestNumber {
    defer { nextRequest += 1 }
    return RequestNumber(nextRequest)
  }

  func connection(of session: SessionNumber) -> ConnectionID? {
    sessions.first { $0.session == session }?.connection
  }
}

struct RackProcess: Sendable {
  var life = Life()
  /// Of its own rack; empty in a spare.
  let name: String
  /// What it has been assigned in this life.
  var rack: RackNumber?
  /// The rack that a spare was given.
  var adopted = ""
  /// The master has given that rack to another.
  var isRefused = false
  var core = RackCore()
  var incarnation: UInt64 = 0
  var generation = Generation.none
  var master: ConnectionID?
  var masterSession: SessionNumber?
  var nodes: [(session: SessionNumber, node: NodeNumber, connection: ConnectionID)] = []
  /// What has arrived, in truth: each node's newest stream, and when something last came on it.
  var newest: [NodeNumber: ConnectionID] = [:]
  var heardAt: [NodeNumber: Instant] = [:]

  init(name: String) { self.name = name }

  func hello(from address: String) -> RackHello {
    let claim: RackHello.Claim = !name.isEmpty ? .own : adopted.isEmpty ? .spare : .adopted
    return RackHello(rack: name + adopted, claim: claim, address: address, incarnation: incarnation)
  }
}

/// An agent and its machine. The machine's part outlives the agent.
struct AgentProcess: Sendable {
  var life = Life()
  private let node: Workload.Node
  var machine = Machine()
  var core: AgentCore?
  var place: NodePlace?
  var placeTold = Instant(microseconds: 0)
  /// The stream on which each launch came.
  var launchedOn: [AttemptID: ConnectionID] = [:]
  var rack: ConnectionID?
  /// Which of its process's racks that connection is for.
  var dialled = RackNumber(0)
  var rackSession: SessionNumber?
  var directory: ConnectionID?

  init(_ node: Workload.Node) { self.node = node }

  var name: String { node.name }
  /// The rack that it names, if it does.
  var label: String? { node.label }
  var total: Resources { node.total }
  var turns: Bool { node.turns && !node.attributes.isEmpty }
  var attributes: [TaskTemplate.Variable] { turns && machine.starts % 2 == 0 ? [] : node.attributes }
}

/// What outlives an agent: its supervisor with the processes, and what is written down.
struct Machine: Sendable {
  /// Random, made with the outbox.
  var incarnation: UInt64 = 0
  /// Agents that came up under it.
  var starts: UInt32 = 0
  var obeyed = Generation.none
  var running: [Process] = []
  /// Ends that nobody has acknowledged.
  var ends: [TaskEnd] = []
  var nextSerial = 0

  struct Process: Sendable {
    var serial: Int
    var spawn: AgentEffect.Spawn
    var started: WallTime
    var startedAt: Instant
    var kill = FailureReason.none
    /// The last that its framework has told it.
    var lastMessage: [UInt8] = []
    /// Its supervisor died with it.
    var isUnknown = false
  }

  var used: Resources { running.reduce(.zero) { $0 + $1.spawn.template.resources } }
}

extension World {
  /// The two clocks that a process is told: boot time, and wall time that never runs backwards in one life.
  mutating func clock(of process: ProcessID) -> Now {
    let wall = max(self[process].lastWall, wallClock(of: process))
    self[process].lastWall = wall
    return Now(boot: now + self[process].bootOffset, wall: wall)
  }

  /// What the machine's clock shows, whatever was done to it.
  func wallClock(of process: ProcessID) -> WallTime {
    WallTime(microseconds: Self.epoch + now.microseconds + self[process].wallSkew.microseconds)
  }

  /// 2026-01-01.
  private static var epoch: Int64 { 1_767_225_600_000_000 }

  subscript(process: ProcessID) -> Life {
    _read {
      switch process {
      case .master: yield master.life
      case .rack(let i): yield racks[i].life
      case .agent(let i): yield agents[i].life
      case .client(let i): yield clients[i].life
      case .framework(let i): yield frameworks[i].life
      }
    }
    _modify {
      switch process {
      case .master: yield &master.life
      case .rack(let i): yield &racks[i].life
      case .agent(let i): yield &agents[i].life
      case .client(let i): yield &clients[i].life
      case .framework(let i): yield &frameworks[i].life
      }
    }
  }

  /// Puts something into a process' mailbox, and sees that it will turn to it.
  mutating func post(_ item: Inbound, to process: ProcessID) {
    self[process].inbox.append(item)
    wantTurn(process, after: chance.skewedSpan(.zero, .milliseconds(2)))
  }

  mutating func wantTurn(_ process: ProcessID, after delay: TimeSpan = .zero) {
    guard !self[process].isTurnDue else { return }
    self[process].isTurnDue = true
    queue.schedule(.turn(process, life: self[process].number), at: now + delay)
  }

  /// A process that is stopped does nothing until it goes on, and then everything in the order of its arrival.
  mutating func turn(of process: ProcessID) {
    self[process].isTurnDue = false
    guard self[process].stoppedUntil == nil else { return }
    steps += 1
    let isIdle = self[process].inbox.isEmpty && !self[process].isTickDue && !self[process].isRetryDue
    countIdle(process, isIdle)
    switch process {
    case .master: masterTurn()
    case .rack(let i): rackTurn(i)
    case .agent(let i): agentTurn(i)
    case .client(let i): clientTurn(i)
    case .framework(let i): frameworkTurn(i)
    }
  }

  /// A core whose deadline does not move when it is due would make its shell spin.
  private mutating func countIdle(_ process: ProcessID, _ isIdle: Bool) {
    let isSame = isIdle && self[process].lastTurnAt == now
    self[process].idleTurns = isSame ? self[process].idleTurns + 1 : 0
    self[process].lastTurnAt = now
    if self[process].idleTurns > 20 {
      find("no spinning", "\(process) wants to decide at once, again and again, with nothing new")
    }
  }

  /// Has the process woken when its core wants to decide.
  mutating func wake(_ process: ProcessID, at deadline: Instant?) {
    guard let deadline else { return }
    let life = self[process]
    let time = max(now, Instant(microseconds: deadline.microseconds - life.bootOffset.microseconds))
    if let due = life.wakeAt, due <= time, due > now { return }
    self[process].wakeAt = time
    queue.schedule(.wake(process, life: life.number), at: time)
  }

  mutating func begin(_ process: ProcessID) {
    self[process].number += 1
    self[process].isUp = true
    self[process].stoppedUntil = nil
    self[process].stops.removeAll()
    self[process].lastWall = .none
    self[process].isDoomed = false
    self[process].inbox.removeAll()
    self[process].isTurnDue = false
    self[process].isTickDue = false
    self[process].isRetryDue = process != .master
    self[process].wakeAt = nil
    self[process].connections.removeAll()
    self[process].attemptsToConnect = 0
    self[process].nextSession = 1
    let tick = now + chance.span(.milliseconds(1), Self.tickInterval)
    queue.schedule(.tick(process, life: self[process].number), at: tick)
    wantTurn(process)
  }

  mutating func end(_ process: ProcessID, silently: Bool) {
    dropConnections(of: process, silently: silently)
    self[process].isUp = false
    self[process].inbox.removeAll()
  }

  static var tickInterval: TimeSpan { .seconds(1) }

  /// The next try to connect, with back-off and jitter.
  mutating func retryLater(_ process: ProcessID) {
    let tries = min(self[process].attemptsToConnect, 5)
    self[process].attemptsToConnect += 1
    let most = TimeSpan.milliseconds(100 << tries)
    let time = now + chance.span(.milliseconds(20), most)
    queue.schedule(.retry(process, life: self[process].number), at: time)
  }

  /// Whether nothing has been heard on a connection's end for too long.
  func isSilent(_ id: ConnectionID, for process: ProcessID) -> Bool {
    let connection = connections[id.index]
    let end = connection.client.process == process ? connection.client : connection.server
    return now - end.heardAt > .seconds(3)
  }

  mutating func noteHeard(_ id: ConnectionID, by process: ProcessID) {
    if connections[id.index].client.process == process {
      connections[id.index].client.heardAt = now
    } else {
      connections[id.index].server.heardAt = now
    }
  }
}
