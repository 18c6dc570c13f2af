/// How a rack-scheduler process introduces itself, for one rack or as a spare.
package struct RackHello: Hashable, Sendable {
  /// What the process wants to be to the master.
  package enum Claim: UInt8, CaseIterable, Sendable {
    /// The rack is its own, by name: it gets it unless another that has it by that name is there.
    case own
    /// The rack was given to it as a spare: it keeps it, unless another has it by now.
    case adopted
    /// Any rack whose own process stays away; `rack` is empty.
    case spare
  }

  package var rack: String
  package var claim: Claim
  /// Where agents reach the process, as `host:port`.
  package var address: String
  /// Random, one a rack scheduler: a process has one for each rack that it serves or would serve.
  package var incarnation: UInt64

  package init(rack: String, claim: Claim = .own, address: String, incarnation: UInt64) {
    self.rack = rack
    self.claim = claim
    self.address = address
    self.incarnation = incarnation
  }
}

/// What the master answers: the rack is this process's, under this generation, with these nodes to expect.
package struct RackAssignment: Hashable, Sendable {
  package var rack: RackNumber
  package var name: String
  package var term: Term
  package var generation: Generation
  package var roster: [RosterNode]

  package init(rack: RackNumber, name: String, term: Term, generation: Generation, roster: [RosterNode]) {
    self.rack = rack
    self.name = name
    self.term = term
    self.generation = generation
    self.roster = roster
  }
}

/// A node as the roster knows it.
package struct RosterNode: Hashable, Sendable {
  package var number: NodeNumber
  package var name: String

  package init(number: NodeNumber, name: String) {
    self.number = number
    self.name = name
  }
}

/// What a rack says: as its statement everything that it has, later what is new, in one order.
package struct RackReport: Hashable, Sendable {
  /// The last batch of launches that `offer` counts.
  package var countedIn: UInt64
  /// Attempts that wait in the rack's backlog; in a statement only.
  package var waiting: [TaskAttempt]
  /// In a statement all that run, later what started.
  package var started: [TaskStart]
  package var ends: [TaskEnd]
  /// Came back unstarted: no failure, their place in the queue is kept.
  package var returned: [TaskAttempt]
  /// Were on nodes that are lost, or that are back without them.
  package var lost: [LostAttempt]
  package var offer: RackOffer?
  /// Nodes that changed; in a statement all.
  package var nodes: [NodeStatus]
  /// Room that is set aside from now on.
  package var held: [HeldRoom]
  /// Room that is not, or not any more: there is none, or its node is gone.
  package var unheld: [HoldID]

  package init() {
    countedIn = 0
    waiting = []
    started = []
    ends = []
    returned = []
    lost = []
    nodes = []
    held = []
    unheld = []
  }

  /// Whether there is nothing in it to say.
  package var isEmpty: Bool {
    started.isEmpty && ends.isEmpty && returned.isEmpty && lost.isEmpty && offer == nil && nodes.isEmpty
      && waiting.isEmpty && held.isEmpty && unheld.isEmpty
  }
}

/// An attempt that its node no longer has, or took with it.
package struct LostAttempt: Hashable, Sendable {
  package var name: TaskAttempt
  package var node: NodeNumber

  package init(_ name: TaskAttempt, on node: NodeNumber) {
    self.name = name
    self.node = node
  }
}

/// What a rack can take.
package struct RackOffer: Hashable, Sendable {
  /// Of all nodes that are up.
  package var total: Resources
  package var free: Resources
  /// For each shape that was asked about.
  package var fits: [ShapeFit]
  /// What nodes are in total, without those that another exceeds or equals in everything.
  package var largest: [Resources]
  /// For so long a task may run beside what is being gathered.
  package var fillsWithin: TimeSpan

  package struct ShapeFit: Hashable, Sendable {
    package var shape: ShapeNumber
    /// How many of it could start now, if nothing else did.
    package var fits: Int
    /// How many of it could beside that on nodes where room is being gathered, if they end within `fillsWithin`.
    package var fills: Int
    /// How many of it wait in the backlog.
    package var waiting: Int
    /// Some node would take one if it were empty.
    package var mayFit: Bool

    package init(shape: ShapeNumber, fits: Int, fills: Int = 0, waiting: Int, mayFit: Bool = true) {
      self.shape = shape
      self.fits = fits
      self.fills = fills
      self.waiting = waiting
      self.mayFit = mayFit
    }
  }

  package init(
    total: Resources = .zero,
    free: Resources = .zero,
    fits: [ShapeFit] = [],
    largest: [Resources] = [],
    fillsWithin: TimeSpan = .zero
  ) {
    self.total = total
    self.free = free
    self.fits = fits
    self.largest = largest
    self.fillsWithin = fillsWithin
  }
}

package struct NodeStatus: Hashable, Sendable {
  package enum State: String, Sendable, CaseIterable {
    case up
    case suspect
    case lost
    /// In the roster, and not heard of since its rack scheduler began.
    case unknown
  }

  package var number: NodeNumber
  package var name: String
  package var state: State
  package var total: Resources
  package var free: Resources
  package var running: Int
  /// Where the agent serves its files, as `host:port`.
  package var address: String
  /// As its agent told them; sorted by name, without repeats.
  package var attributes: [TaskTemplate.Variable]

  package init(
    number: NodeNumber,
    name: String,
    state: State,
    total: Resources = .zero,
    free: Resources = .zero,
    running: Int = 0,
    address: String = "",
    attributes: [TaskTemplate.Variable] = []
  ) {
    self.number = number
    self.name = name
    self.state = state
    self.total = total
    self.free = free
    self.running = running
    self.address = address
    self.attributes = attributes
  }
}

/// What the master wants of a rack.
package struct RackOrders: Hashable, Sendable {
  /// Counts the session's batches of launches from 1; 0 where there are none.
  package var batch: UInt64
  package var launches: LaunchBatch
  package var kills: [KillOrder]
  /// Ends that are durable or moot.
  package var acknowledged: [AttemptID]
  package var recalls: [Recall]
  /// Replaces what was asked about, where present.
  package var shapes: [NumberedShape]?
  /// Room to set aside; the number of one that is known says what it may take from now on.
  package var holds: [HoldOrder]
  /// Launches of this message that go into room that is held. What they leave of it is free.
  package var uses: [HoldUse]
  package var releases: [HoldID]
  /// Of attempts that the rack has stated to run.
  package var roles: [AttemptRole]
  package var messages: TaskMessages

  package init() {
    batch = 0
    launches = LaunchBatch()
    kills = []
    acknowledged = []
    recalls = []
    holds = []
    uses = []
    releases = []
    roles = []
    messages = TaskMessages()
  }

  package var isEmpty: Bool { acknowledged.isEmpty && isOnlyAcknowledgements }

  /// Whether there is nothing else in them.
  package var isOnlyAcknowledgements: Bool {
    launches.isEmpty && kills.isEmpty && recalls.isEmpty && shapes == nil && holds.isEmpty && releases.isEmpty
      && roles.isEmpty && messages.isEmpty && uses.isEmpty
  }
}

/// Asks for so many of a shape back out of the backlog, the last first.
package struct Recall: Hashable, Sendable {
  package var shape: ShapeNumber
  package var count: Int

  package init(shape: ShapeNumber, count: Int) {
    self.shape = shape
    self.count = count
  }
}

package struct NumberedShape: Hashable, Sendable {
  package var number: ShapeNumber
  package var shape: Shape

  package init(number: ShapeNumber, shape: Shape) {
    self.number = number
    self.shape = shape
  }
}
