import ReeveModel

/// A process of the world. Racks and agents keep their place over their lives.
enum ProcessID: Hashable, Sendable, CustomStringConvertible {
  case master
  case rack(Int)
  case agent(Int)
  case client(Int)
  case framework(Int)

  var description: String {
    switch self {
    case .master: "master"
    case .rack(let i): "rack-\(i)"
    case .agent(let i): "node-\(i)"
    case .client(let i): "client-\(i)"
    case .framework(let i): "framework-\(i)"
    }
  }

  /// For the trace's hash.
  var code: UInt64 {
    switch self {
    case .master: 1
    case .rack(let i): 1_000 + UInt64(i)
    case .agent(let i): 2_000 + UInt64(i)
    case .client(let i): 3_000 + UInt64(i)
    case .framework(let i): 4_000 + UInt64(i)
    }
  }
}

struct ConnectionID: Hashable, Sendable, CustomStringConvertible {
  var index: Int
  var description: String { "#\(index)" }
}

/// One stream between two lives of two processes.
struct Connection: Sendable {
  enum Kind: Sendable {
    case rackSession
    case nodeSession
    case directory
    case user
    case frameworkSession
  }

  /// One of its two ends.
  struct End: Sendable {
    var process: ProcessID
    var life: Int
    var isOpen: Bool
    /// As the process at this end counts its sessions.
    var session: SessionNumber?
    var heardAt: Instant
  }

  /// One direction: in order, each message with a delay of its own.
  struct Pipe: Sendable {
    var sent = 0
    var arrived = 0
    /// Messages from here on never arrive.
    var limit = Int.max
    var lastArrival: Instant
  }

  var kind: Kind
  /// Of a node's session: the node that has stated itself on it.
  var node: NodeNumber?
  /// Of a node's session: under which generation its rack scheduler speaks.
  var generation = Generation.none
  var client: End
  var server: End
  var up: Pipe
  var down: Pipe
  /// What is under way still reaches a process that has let go of its end, for its mailbox had it by then.
  var isLeaky = false

  func end(_ toServer: Bool) -> End { toServer ? server : client }
}

extension World {
  /// How long a message takes.
  mutating func delay() -> TimeSpan {
    guard chance.chance(faults.slowMessages) else {
      return chance.skewedSpan(.microseconds(100), .milliseconds(4))
    }
    promises.tally[.lateMessages] += 1
    return chance.span(.milliseconds(1), faults.slowestMessage)
  }

  /// Below the silence after which an agent gives a stream up.
  private static var openingDelayMax: TimeSpan { .seconds(1) }

  /// The client's end is open at once, as a stream's is before the server has seen it.
  mutating func dial(_ kind: Connection.Kind, from client: ProcessID, to server: ProcessID) -> ConnectionID {
    let id = ConnectionID(index: connections.count)
    let arrival = now + min(delay(), Self.openingDelayMax)
    connections.append(
      Connection(
        kind: kind,
        client: Connection.End(process: client, life: self[client].number, isOpen: true, heardAt: now),
        server: Connection.End(process: server, life: 0, isOpen: false, heardAt: arrival),
        up: Connection.Pipe(lastArrival: arrival),
        down: Connection.Pipe(lastArrival: arrival),
        isLeaky: options.faults && !faults.isHealed && chance.chance(0.5)
      )
    )
    self[client].connections.append(id)
    note(client, 1, "dials \(server) \(id)")
    if isParted(client, server) {
      queue.schedule(.closed(id, toServer: false), at: now + chance.span(.milliseconds(200), .seconds(2)))
    } else {
      queue.schedule(.dialled(id), at: arrival)
    }
    return id
  }

  mutating func accept(_ id: ConnectionID) {
    let server = connections[id.index].server.process
    guard self[server].isUp, !isParted(connections[id.index].client.process, server) else {
      let time = now + delay()
      queue.schedule(.closed(id, toServer: false), at: time)
      return
    }
    connections[id.index].server.life = self[server].number
    connections[id.index].server.isOpen = true
    self[server].connections.append(id)
  }

  /// Sends where the sender's end is open; else what is sent is gone, and the sender will hear why.
  mutating func send(_ message: Message, on id: ConnectionID, from process: ProcessID) {
    let toServer = connections[id.index].client.process == process
    guard connections[id.index].end(!toServer).isOpen else { return }
    let path: WritableKeyPath<Connection, Connection.Pipe> = toServer ? \.up : \.down
    let index = connections[id.index][keyPath: path].sent
    // What opens a session is never later than the next one's: nothing in it would tell which was opened first.
    let delay = message.isOfSession ? delay() : min(delay(), Self.openingDelayMax)
    let arrival = max(connections[id.index][keyPath: path].lastArrival, now + delay)
    connections[id.index][keyPath: path].sent += 1
    connections[id.index][keyPath: path].lastArrival = arrival
    queue.schedule(.arrival(id, toServer: toServer, index, message), at: arrival)
  }

  mutating func arrive(_ id: ConnectionID, toServer: Bool, _ index: Int, _ message: Message) {
    let pipe = toServer ? connections[id.index].up : connections[id.index].down
    guard index < pipe.limit else { return }
    if toServer { connections[id.index].up.arrived += 1 } else { connections[id.index].down.arrived += 1 }
    let end = connections[id.index].end(toServer)
    guard self[end.process].isUp, self[end.process].number == end.life else { return }
    if !end.isOpen {
      guard connections[id.index].isLeaky, message.isOfSession else { return }
      promises.tally[.lateBytes] += 1
    }
    if toServer { noteNode(id, message) }
    post(.heard(id, message), to: end.process)
  }

  /// Which nodes have been heard by which rack scheduler, whether it has looked at it yet or not.
  private mutating func noteNode(_ id: ConnectionID, _ message: Message) {
    guard case .rack(let i) = connections[id.index].server.process else { return }
    if case .nodeStatement(let statement, _) = message {
      connections[id.index].node = statement.node
      racks[i].newest[statement.node] = id
    }
    guard let node = connections[id.index].node, racks[i].newest[node] == id else { return }
    racks[i].heardAt[node] = now
  }

  /// The process lets go of its end; the other hears of it after all that was sent before.
  mutating func close(_ id: ConnectionID, by process: ProcessID) {
    let toServer = connections[id.index].client.process == process
    if toServer {
      connections[id.index].client.isOpen = false
    } else {
      connections[id.index].server.isOpen = false
    }
    self[process].connections.removeAll { $0 == id }
    let pipe = toServer ? connections[id.index].up : connections[id.index].down
    let time = max(pipe.lastArrival, now + delay())
    queue.schedule(.closed(id, toServer: toServer), at: time)
  }

  /// Each direction loses any suffix of what is under way in it; each end hears of it in its own time.
  /// Silently: neither end hears of it, and both must find out by the silence.
  mutating func cut(_ id: ConnectionID, silently: Bool) {
    note(connections[id.index].client.process, 2, "is cut off \(connections[id.index].server.process) \(id)")
    for toServer in [true, false] {
      let path: WritableKeyPath<Connection, Connection.Pipe> = toServer ? \.up : \.down
      let pipe = connections[id.index][keyPath: path]
      connections[id.index][keyPath: path].limit =
        min(pipe.limit, pipe.arrived + chance.below(pipe.sent - pipe.arrived + 1))
      guard !silently else { continue }
      let soon = chance.span(.microseconds(100), chance.chance(0.3) ? .seconds(4) : .milliseconds(20))
      queue.schedule(.closed(id, toServer: toServer), at: max(pipe.lastArrival, now + soon))
    }
  }

  mutating func hearClosed(_ id: ConnectionID, toServer: Bool) {
    let end = connections[id.index].end(toServer)
    guard end.isOpen else { return }
    if toServer {
      connections[id.index].server.isOpen = false
    } else {
      connections[id.index].client.isOpen = false
    }
    guard self[end.process].isUp, self[end.process].number == end.life else { return }
    self[end.process].connections.removeAll { $0 == id }
    post(.closed(id), to: end.process)
  }

  /// All connections of a process that has died. A machine that dies says nothing.
  mutating func dropConnections(of process: ProcessID, silently: Bool) {
    for id in self[process].connections {
      cut(id, silently: silently)
      if connections[id.index].client.process == process {
        connections[id.index].client.isOpen = false
      } else {
        connections[id.index].server.isOpen = false
      }
    }
    self[process].connections.removeAll()
  }

  func isParted(_ a: ProcessID, _ b: ProcessID) -> Bool {
    partitions.contains { now < $0.until && ($0.a == a && $0.b == b || $0.a == b && $0.b == a) }
  }
}
