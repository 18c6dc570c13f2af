package import ReeveModel

/// The journaled list of racks and nodes. Both are numbered from 1.
package struct Roster: Equatable, Sendable {
  package struct Rack: Equatable, Sendable {
    package var name: String
    /// The process that has it.
    package var incarnation: UInt64
    package var generation: Generation
    /// What its attempts hold, by what they asked for.
    package var assigned = Resources.zero
    /// Attempts that it has and that have not started.
    package var waitingCount = 0
    package var runningCount = 0
    package var nodeCount = 0
    /// It has nodes, or attempts that may be on some.
    package var isInUse: Bool { nodeCount > 0 || runningCount > 0 || waitingCount > 0 }

    mutating func hold(_ resources: Resources, hasStarted: Bool = false) {
      assigned += resources
      count(1, hasStarted: hasStarted)
    }

    mutating func release(_ resources: Resources, hasStarted: Bool) {
      assigned -= resources
      count(-1, hasStarted: hasStarted)
    }

    mutating func noteStart() {
      count(-1, hasStarted: false)
      count(1, hasStarted: true)
    }

    private mutating func count(_ change: Int, hasStarted: Bool) {
      if hasStarted { runningCount += change } else { waitingCount += change }
    }
  }

  package struct Node: Equatable, Sendable {
    package var name: String
    package var rack: RackNumber
    package var isLost = false
    /// What was assigned from this attempt on cannot be on it, if it is lost.
    package var lostBefore = AttemptID.none
    /// Lost, but it has asked for its place since: its rack is to expect it, and it may be sent launches before anybody is
    /// told that it is back.
    package var isReturning = false
    /// Struck off; its number is not given to another.
    package var isForgotten = false
    /// Lost, and has not asked for its place since.
    package var isLostForGood: Bool { isLost && !isReturning }
  }

  package private(set) var racks: [Rack] = []
  package private(set) var nodes: [Node] = []
  private var rackNumbers: [String: RackNumber] = [:]
  private var nodeNumbers: [String: NodeNumber] = [:]

  package subscript(rack: RackNumber) -> Rack {
    @inline(__always) _read { yield racks[rack.index - 1] }
    @inline(__always) _modify { yield &racks[rack.index - 1] }
  }

  package subscript(node: NodeNumber) -> Node { nodes[node.index - 1] }

  package func rack(named name: String) -> RackNumber? { rackNumbers[name] }
  package func node(named name: String) -> NodeNumber? { nodeNumbers[name] }
  package func has(_ node: NodeNumber) -> Bool {
    node.index >= 1 && node.index <= nodes.count && !nodes[node.index - 1].isForgotten
  }
  package var nextRack: RackNumber { RackNumber(UInt32(racks.count) + 1) }
  package var nextNode: NodeNumber { NodeNumber(UInt32(nodes.count) + 1) }
  package var rackList: [RackNumber] { racks.indices.map { RackNumber(UInt32($0) + 1) } }

  package mutating func grant(_ grant: RackGrant) {
    if grant.rack == nextRack {
      racks.append(
        Rack(name: grant.name, incarnation: grant.incarnation, generation: grant.generation)
      )
      rackNumbers[grant.name] = grant.rack
    } else {
      self[grant.rack].incarnation = grant.incarnation
      self[grant.rack].generation = grant.generation
    }
  }

  package mutating func place(_ node: RosterNode, in rack: RackNumber) {
    if node.number == nextNode {
      nodes.append(Node(name: node.name, rack: rack))
      nodeNumbers[node.name] = node.number
    } else {
      self[nodes[node.number.index - 1].rack].nodeCount -= 1
      nodes[node.number.index - 1].rack = rack
      nodes[node.number.index - 1].isReturning = nodes[node.number.index - 1].isLost
    }
    self[rack].nodeCount += 1
  }

  package mutating func mark(_ node: NodeNumber, lost: Bool, before attempt: AttemptID) {
    nodes[node.index - 1].isLost = lost
    nodes[node.index - 1].isReturning = false
    nodes[node.index - 1].lostBefore = lost ? attempt : .none
  }

  /// Whether a rack has lost a node that an attempt may be on, of which nobody has seen more than that it was assigned.
  package func mayBeOnLostNode(_ attempt: AttemptID, of rack: RackNumber) -> Bool {
    nodes.contains { $0.rack == rack && $0.isLost && !$0.isForgotten && attempt < $0.lostBefore }
  }

  package mutating func forget(_ node: NodeNumber) {
    let i = node.index - 1
    nodes[i].isForgotten = true
    nodeNumbers[nodes[i].name] = nil
    self[nodes[i].rack].nodeCount -= 1
  }

  /// The nodes of a rack that are expected to be there.
  package func expected(in rack: RackNumber) -> [RosterNode] {
    nodes.indices.compactMap { i in
      nodes[i].rack == rack && !nodes[i].isLostForGood && !nodes[i].isForgotten
        ? RosterNode(number: NodeNumber(UInt32(i) + 1), name: nodes[i].name) : nil
    }
  }
}
