/// A piece of the master's state as of one position of the journal. Put together in their order, the pieces of a snapshot
/// are the state that all facts up to that position come to.
///
/// Only what does not follow from the rest is in it: counts, sums and the graph turned round are worked out again.
package enum SnapshotPart: Hashable, Sendable {
  /// The first, and there only.
  case head(SnapshotHead)
  /// In the order of their numbers, before all tasks.
  case jobs([SnapshotJob])
  /// Tasks that have an attempt, in the order of their numbers.
  case active([NumberedTask<ActiveTask>])
  /// What tasks have been through that have not ended, in the order of their numbers.
  case setbacks([NumberedTask<Setback>])
  /// Tasks that wait for a node that is lost, in the order of their numbers.
  case awaited([NumberedTask<NodeNumber>])
  /// Tasks whose end their framework does not know yet, in the order of their numbers.
  case unacknowledged([NumberedTask<UnacknowledgedEnd>])
}

/// Something of one task.
package struct NumberedTask<Value: Hashable & Sendable>: Hashable, Sendable {
  package var task: TaskNumber
  package var value: Value

  package init(task: TaskNumber, value: Value) {
    self.task = task
    self.value = value
  }
}

/// Everything that is small, and how much of the rest is to come.
package struct SnapshotHead: Hashable, Sendable {
  package var term: Term
  /// The number of the next assignment in that term.
  package var nextAttempt: UInt64
  package var lastGeneration: Generation
  package var policy: PolicySetting
  package var runTimes: LearntRunTimes
  /// In the order of their numbers.
  package var racks: [RackGrant]
  package var nodes: [SnapshotNode]
  /// In the order of their numbers, from 1 on.
  package var frameworks: [SnapshotFramework]
  /// Sorted by name.
  package var roles: [Role]
  package var jobCount: Int
  package var taskCount: Int
  package var activeCount: Int
  /// When the last of the facts was written.
  package var wall: WallTime

  package init(
    term: Term,
    nextAttempt: UInt64,
    lastGeneration: Generation,
    policy: PolicySetting,
    runTimes: LearntRunTimes,
    racks: [RackGrant],
    nodes: [SnapshotNode],
    frameworks: [SnapshotFramework] = [],
    roles: [Role] = [],
    jobCount: Int,
    taskCount: Int,
    activeCount: Int,
    wall: WallTime
  ) {
    self.term = term
    self.nextAttempt = nextAttempt
    self.lastGeneration = lastGeneration
    self.policy = policy
    self.runTimes = runTimes
    self.racks = racks
    self.nodes = nodes
    self.frameworks = frameworks
    self.roles = roles
    self.jobCount = jobCount
    self.taskCount = taskCount
    self.activeCount = activeCount
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

package struct SnapshotFramework: Hashable, Sendable {
  package var framework: SubscribedFramework
  package var isRemoved: Bool

  package init(framework: SubscribedFramework, isRemoved: Bool) {
    self.framework = framework
    self.isRemoved = isRemoved
  }
}

package struct SnapshotJob: Hashable, Sendable {
  package var job: SubmittedJob
  package var ended: WallTime
  /// When an open job was closed.
  package var closed: WallTime
  /// `.none` where somebody closed it, else why all of it was stopped.
  package var closedFor: FailureReason
  package var states: TaskStates
  /// Where they are not their templates'.
  package var priorities: [PlaceMap<Int32>.Run]
  package var calledOff: [PlaceMap<CalledOff>.Run]
  package var lastEnd: LastEnd

  package init(
    job: SubmittedJob,
    ended: WallTime,
    closed: WallTime = .none,
    closedFor: FailureReason = .none,
    states: TaskStates,
    priorities: [PlaceMap<Int32>.Run] = [],
    calledOff: [PlaceMap<CalledOff>.Run] = [],
    lastEnd: LastEnd = LastEnd()
  ) {
    self.job = job
    self.ended = ended
    self.closed = closed
    self.closedFor = closedFor
    self.states = states
    self.priorities = priorities
    self.calledOff = calledOff
    self.lastEnd = lastEnd
  }
}

/// How the task of a job that ended last did so.
package struct LastEnd: Hashable, Sendable {
  package var reason = FailureReason.none
  /// The exit code, or minus the signal.
  package var status: Int32 = 0

  package init(reason: FailureReason = .none, status: Int32 = 0) {
    self.reason = reason
    self.status = status
  }
}

/// How tasks of a job ended that had no attempt.
package struct CalledOff: Hashable, Sendable {
  package var reason: FailureReason
  package var at: WallTime

  package init(_ reason: FailureReason, at wall: WallTime) {
    self.reason = reason
    at = wall
  }
}
