import ReeveModel

/// A process of the cluster.
enum Role: Hashable, CustomStringConvertible {
  case master
  case rack(Int)
  case node(Int)

  var description: String {
    switch self {
    case .master: "master"
    case .rack(let i): "rack-\(i)"
    case .node(let i): "node-\(i)"
    }
  }
}

/// What two roles speak over; the lower end has opened it, except that the master opens the line to a node's files.
enum Line: Hashable, CustomStringConvertible {
  case rackToMaster(Int)
  case nodeToMaster(Int)
  case nodeToRack(Int)
  case clientToMaster
  case masterToNode(Int)

  var description: String {
    switch self {
    case .rackToMaster(let i): "rack-\(i)->master"
    case .nodeToMaster(let i): "node-\(i)->master"
    case .nodeToRack(let i): "node-\(i)->rack-\(Layout.rack(of: i))"
    case .clientToMaster: "client->master"
    case .masterToNode(let i): "master->node-\(i)"
    }
  }
}

/// The cluster that chaos comes over.
enum Layout {
  static let racks = 2
  static let nodes = 4
  static func rack(of node: Int) -> Int { node % racks }
  static let roles: [Role] =
    [.master] + (0..<racks).map { .rack($0) } + (0..<nodes).map { .node($0) }
  static let lines: [Line] =
    [.clientToMaster] + (0..<racks).map { .rackToMaster($0) }
    + (0..<nodes).flatMap { [.nodeToMaster($0), .nodeToRack($0), .masterToNode($0)] }
}

/// How a line is cut.
enum Cut: String, CaseIterable {
  /// Connections end at once; others can be made.
  case drop
  /// Connections end, and none can be made for a while.
  case refuse
  /// Nothing comes through towards the upper end for a while, then all of it.
  case stallUp = "stall-up"
  case stallDown = "stall-down"
  case stall
  /// What is connected is never heard again, and neither end is told; connections made later are well.
  case mute
  /// Connections can be made and nothing comes through, also later: they are mute for ever.
  case swallow
}

enum Fault: Hashable, CustomStringConvertible {
  /// SIGKILL; it is started again, as `up` would.
  case kill(Role)
  /// SIGTERM; it is started again.
  case terminate(Role)
  /// SIGSTOP, and SIGCONT after so many milliseconds.
  case pause(Role, Int)
  case cut(Line, Cut, Int)
  /// SIGKILL for every role at once; supervisors and tasks live on.
  case killRoles
  /// SIGKILL for every process of the cluster, tasks and supervisors too: the machine's death, but for its disk.
  case killMachine

  /// Milliseconds until it is healed.
  var length: Int {
    switch self {
    case .kill, .terminate, .killRoles, .killMachine: 0
    case .pause(_, let length), .cut(_, _, let length): length
    }
  }

  /// Nothing else happens meanwhile: what follows from it is then its own doing.
  var isAlone: Bool { length >= Self.long || self == .killMachine }

  /// From so many milliseconds on a fault is longer than a rack bears a silent node, less what it takes to be heard again.
  static let long = 8_000

  /// As the table of the report counts it.
  var kind: String {
    switch self {
    case .kill(let role): "kill \(Self.level(role))"
    case .terminate(let role): "terminate \(Self.level(role))"
    case .pause(let role, let length): "\(length >= Self.long ? "long pause" : "pause") \(Self.level(role))"
    case .cut(let line, let cut, let length):
      "\(length >= Self.long ? "long cut" : "cut") \(Self.ends(line)) (\(cut.rawValue))"
    case .killRoles: "kill all roles"
    case .killMachine: "kill the machine"
    }
  }

  private static func level(_ role: Role) -> String {
    switch role {
    case .master: "master"
    case .rack: "rack"
    case .node: "agent"
    }
  }

  private static func ends(_ line: Line) -> String {
    switch line {
    case .rackToMaster: "rack->master"
    case .nodeToMaster: "agent->master"
    case .nodeToRack: "agent->rack"
    case .clientToMaster: "client->master"
    case .masterToNode: "master->agent"
    }
  }

  var description: String {
    switch self {
    case .kill(let role): "kill \(role)"
    case .terminate(let role): "terminate \(role)"
    case .pause(let role, let length): "pause \(role) for \(length) ms"
    case .cut(let line, let cut, let length): "cut \(line), \(cut.rawValue), for \(length) ms"
    case .killRoles: "kill all roles"
    case .killMachine: "kill the machine"
    }
  }
}

/// The faults of one run, in order: the same under the same seed.
struct FaultPlan {
  struct Step: Hashable {
    /// Milliseconds after the step before.
    var wait: Int
    var fault: Fault
  }

  let steps: [Step]

  init(seed: UInt64, count: Int) {
    var random = SeededRandom(seed)
    steps = (0..<count).map { i in
      let wait = Int.random(in: 100...1_500, using: &random)
      if let long = Self.longFault(i, &random) { return Step(wait: wait, fault: long) }
      return Step(wait: wait, fault: Self.fault(&random))
    }
  }

  /// One in 25 of the first hundred, one in 100 after that, for each takes as long as twenty others.
  private static func longFault(_ i: Int, _ random: inout SeededRandom) -> Fault? {
    guard i < 100 ? i % 25 == 20 : i % 100 == 70 else { return nil }
    let round = i < 100 ? i / 25 : i / 100
    return switch round % 4 {
    case 0: .pause(.master, 15_000)
    case 1: .pause(.rack(Int.random(in: 0..<Layout.racks, using: &random)), 15_000)
    case 2: .cut(.nodeToRack(node(&random)), random.one(in: 2) ? .stall : .refuse, 13_000)
    default: .pause(.node(node(&random)), 13_000)
    }
  }

  private static func fault(_ random: inout SeededRandom) -> Fault {
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<30: .kill(role(&random))
    case 30..<40: .terminate(role(&random))
    case 40..<58: .pause(role(&random), Int.random(in: 50...3_000, using: &random))
    case 58..<93: cut(&random)
    case 93..<98: .killRoles
    default: .killMachine
    }
  }

  private static func cut(_ random: inout SeededRandom) -> Fault {
    let line = Layout.lines[Int.random(in: 0..<Layout.lines.count, using: &random)]
    let cut = Cut.allCases[Int.random(in: 0..<Cut.allCases.count, using: &random)]
    let length = cut == .drop || cut == .mute ? 0 : Int.random(in: 50...3_000, using: &random)
    return .cut(line, cut, length)
  }

  /// Each level as often as the others, though there are more nodes than masters.
  private static func role(_ random: inout SeededRandom) -> Role {
    switch Int.random(in: 0..<3, using: &random) {
    case 0: .master
    case 1: .rack(Int.random(in: 0..<Layout.racks, using: &random))
    default: .node(node(&random))
    }
  }

  private static func node(_ random: inout SeededRandom) -> Int {
    Int.random(in: 0..<Layout.nodes, using: &random)
  }
}
