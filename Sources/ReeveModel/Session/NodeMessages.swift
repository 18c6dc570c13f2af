/// All that a node has, said when its session opens.
package struct NodeStatement: Hashable, Sendable {
  package var node: NodeNumber
  package var name: String
  /// Random, made with the outbox.
  package var incarnation: UInt64
  /// Grows from statement to statement of an incarnation: one that was long under way is known by it.
  package var serial: UInt64
  /// Where the agent serves its files, as `host:port`.
  package var address: String
  package var total: Resources
  /// What constraints can name beside the node and its rack; sorted by name, without repeats.
  package var attributes: [TaskTemplate.Variable]
  package var running: [HeldAttempt]
  /// Ends that nobody has acknowledged yet.
  package var ends: [TaskEnd]
  /// The highest generation that the agent has obeyed.
  package var obeyed: Generation

  /// An attempt and what it holds.
  package struct HeldAttempt: Hashable, Sendable {
    package var start: TaskStart
    package var resources: Resources

    package init(start: TaskStart, resources: Resources) {
      self.start = start
      self.resources = resources
    }
  }

  package init(
    node: NodeNumber,
    name: String,
    incarnation: UInt64,
    serial: UInt64 = 0,
    address: String,
    total: Resources,
    attributes: [TaskTemplate.Variable] = [],
    running: [HeldAttempt] = [],
    ends: [TaskEnd] = [],
    obeyed: Generation = .none
  ) {
    self.node = node
    self.name = name
    self.incarnation = incarnation
    self.serial = serial
    self.address = address
    self.total = total
    self.attributes = attributes
    self.running = running
    self.ends = ends
    self.obeyed = obeyed
  }
}

/// What is new on a node, in one order.
package struct NodeReport: Hashable, Sendable {
  package var starts: [TaskStart]
  package var ends: [TaskEnd]
  /// Launches that never fit the node, waited there for too long, or were to be ended before they started.
  package var refused: [TaskAttempt]

  package init(starts: [TaskStart] = [], ends: [TaskEnd] = [], refused: [TaskAttempt] = []) {
    self.starts = starts
    self.ends = ends
    self.refused = refused
  }

  package var isEmpty: Bool { starts.isEmpty && ends.isEmpty && refused.isEmpty }
}

/// What the rack wants of a node.
package struct NodeOrders: Hashable, Sendable {
  package var launches: LaunchBatch
  package var kills: [KillOrder]
  package var acknowledged: [AttemptID]
  package var messages: TaskMessages

  package init() {
    launches = LaunchBatch()
    kills = []
    acknowledged = []
    messages = TaskMessages()
  }

  package var isEmpty: Bool {
    launches.isEmpty && kills.isEmpty && acknowledged.isEmpty && messages.isEmpty
  }
}
