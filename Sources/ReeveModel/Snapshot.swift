/// A piece of the master's state as of one position of the journal. Put together in their order, the pieces of a snapshot
/// are the state that all facts up to that position come to.
///
/// Only what does not follow from the rest is in it: counts, sums and the graph turned round are worked out again.
package enum SnapshotPart: Hashable, Sendable {
  /// The first, and there only.
  case head(SnapshotHead)
  /// In the order of their numbers, before all tasks.
  case jobs([SnapshotJob])
  /// In the order of their numbers.
  case tasks(SnapshotTasks)
  case details([SnapshotDetail])
}

/// Everything that is small, and how much of the rest is to come.
package struct SnapshotHead: Hashable, Sendable {
  package var term: Term
  /// The number of the next assignment in that term.
  package var nextAttempt: UInt64
  package var lastGeneration: Generation
  /// In the order of their numbers.
  package var racks: [RackGrant]
  package var nodes: [SnapshotNode]
  package var jobCount: Int
  package var taskCount: Int
  /// When the last of the facts was written.
  package var wall: WallTime

  package init(
    term: Term,
    nextAttempt: UInt64,
    lastGeneration: Generation,
    racks: [RackGrant],
    nodes: [SnapshotNode],
    jobCount: Int,
    taskCount: Int,
    wall: WallTime
  ) {
    self.term = term
    self.nextAttempt = nextAttempt
    self.lastGeneration = lastGeneration
    self.racks = racks
    self.nodes = nodes
    self.jobCount = jobCount
    self.taskCount = taskCount
    self.wall = wall
  }
}

/// A node of the roster.
package struct SnapshotNode: Hashable, Sendable {
  package var node: RosterNode
  package var rack: RackNumber
  package var isLost: Bool
  package var lostBefore: AttemptID
  package var isReturning: Bool
  package var isForgotten: Bool

  package init(
    node: RosterNode,
    rack: RackNumber,
    isLost: Bool,
    lostBefore: AttemptID,
    isReturning: Bool,
    isForgotten: Bool
  ) {
    self.node = node
    self.rack = rack
    self.isLost = isLost
    self.lostBefore = lostBefore
    self.isReturning = isReturning
    self.isForgotten = isForgotten
  }
}

package struct SnapshotJob: Hashable, Sendable {
  package var job: SubmittedJob
  package var ended: WallTime

  package init(job: SubmittedJob, ended: WallTime) {
    self.job = job
    self.ended = ended
  }
}

/// Tasks from `first` on, as columns with one entry a task.
package struct SnapshotTasks: Hashable, Sendable {
  package var first: TaskNumber
  package var states: [TaskState] = []
  package var attempts: [AttemptID] = []
  package var racks: [RackNumber] = []
  package var nodes: [NodeNumber] = []
  package var reasons: [FailureReason] = []
  package var statuses: [Int32] = []
  package var started: [WallTime] = []
  package var ended: [WallTime] = []
  package var usages: [TaskEnd.Usage] = []
  package var launches: [UInt16] = []
  package var losses: [UInt8] = []
  /// No column: those of them with a cancel on record, in order.
  package var cancelOrdered: [TaskNumber] = []
  /// No column: those of them that wait for a node that is lost, in order.
  package var awaiting: [AwaitingTask] = []

  package struct AwaitingTask: Hashable, Sendable {
    package var task: TaskNumber
    package var node: NodeNumber

    package init(task: TaskNumber, node: NodeNumber) {
      self.task = task
      self.node = node
    }
  }

  package init(first: TaskNumber) { self.first = first }

  package var count: Int { states.count }
}

/// What is known of a task that failed.
package struct SnapshotDetail: Hashable, Sendable {
  package var task: TaskNumber
  package var detail: TaskEnd.Detail

  package init(task: TaskNumber, detail: TaskEnd.Detail) {
    self.task = task
    self.detail = detail
  }
}
