/// What the journal holds: what happened or was decided, never a command. Replaying it applies and decides nothing.
package enum Fact: Hashable, Sendable {
  case termBegan(Term)
  case jobSubmitted(SubmittedJob)
  /// The tasks got consecutive attempts from `first` on, and belong to the rack until they come back.
  case assigned(RackNumber, first: AttemptID, tasks: [TaskNumber])
  /// Attempts that came back unstarted.
  case returned([TaskAttempt])
  /// Attempts that were on nodes that are lost.
  case lost([TaskAttempt])
  /// Attempts that were on nodes that are lost, of tasks that wait for them.
  case nodeAwaited([LostAttempt])
  /// The nodes of such are back with them.
  case nodeReturned([TaskNumber])
  case started([TaskStart])
  /// Ends that count. Tasks that ended without an attempt bear `AttemptID.none`.
  case ended([TaskEnd])
  /// Users want these to end as cancelled.
  case cancelOrdered([TaskNumber])
  case rackGranted(RackGrant)
  case nodePlaced(RosterNode, RackNumber)
  case nodeMarked(NodeNumber, lost: Bool)
  /// Struck off by order: its name may come back as another node.
  case nodeForgotten(NodeNumber)
}

/// A job with the numbers that it got.
package struct SubmittedJob: Hashable, Sendable {
  package var number: JobNumber
  package var firstTask: TaskNumber
  package var firstTemplate: TemplateNumber
  package var submitted: WallTime
  package var spec: JobSpec

  package init(
    number: JobNumber,
    firstTask: TaskNumber,
    firstTemplate: TemplateNumber,
    submitted: WallTime,
    spec: JobSpec
  ) {
    self.number = number
    self.firstTask = firstTask
    self.firstTemplate = firstTemplate
    self.submitted = submitted
    self.spec = spec
  }
}

/// A rack given to a rack-scheduler process.
package struct RackGrant: Hashable, Sendable {
  package var rack: RackNumber
  package var name: String
  package var incarnation: UInt64
  package var generation: Generation

  package init(rack: RackNumber, name: String, incarnation: UInt64, generation: Generation) {
    self.rack = rack
    self.name = name
    self.incarnation = incarnation
    self.generation = generation
  }
}
