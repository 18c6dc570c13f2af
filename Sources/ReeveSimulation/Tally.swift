/// What can happen in a world, beside what goes wrong: a run in which too little did proves nothing.
package enum Occurrence: Int, Sendable, CaseIterable {
  // Tasks.
  case submitted
  case succeeded
  case failed
  case cancelled
  case timedOut
  case dependencyFailed
  case skipped
  // Failures that were tried again, tasks that ended because too many others had failed, and new rounds.
  case retried
  case jobStopped
  case reopened
  // What was added to open jobs, and jobs that were closed.
  case added
  case closed
  // Other orders of users.
  case held
  case prioritised
  case policySet
  case roleSet
  /// Attempts that had to make room.
  case preempted
  // Attempts that were lost with their nodes, came back unstarted, or waited at a node for room (in turns of agents).
  case lost
  case returned
  case waited
  // Attempts of tasks with constraints that began, and nodes whose attributes changed.
  case constrained
  case turned
  // Attempts whose tasks waited for their lost node, and that came back with it.
  case awaitedNode
  case nodeReturned
  // Processes that died.
  case masterDied
  case rackDied
  case agentDied
  case machineDied
  // Orders of users: a job sent again, the same and not; cancels by what they found of each task.
  case sameJobAgain
  case otherJobAgain
  case cancelledBlocked
  case cancelledQueued
  case cancelledAssigned
  case cancelledRunning
  case cancelledEnded
  /// A task that was to be cancelled and had ended by itself.
  case cancelRacedEnd
  /// A program that was told to end, and exited with 0.
  case endedWellWhenTold
  // Fences and journals.
  case terms
  case generations
  /// Racks that spares got, and let go of again.
  case racksAdopted
  case racksLetGo
  // Frameworks: slices that they were offered, what became of offers, and streams that were opened again.
  case offered
  case offeredPinned
  case declined
  case rescinded
  case acceptRefused
  case resubscribed
  case frameworkDied
  /// An agent obeyed a higher generation than before, or left a rack scheduler whose generation was over.
  case movedOver
  case leftOlder
  /// What was under way on a session arrived after its process had let go of it.
  case lateBytes
  case lateMessages
  case snapshots
  case restartsFromSnapshot
  case tornGroups

  package var name: String { "\(self)" }
}

/// How much happened in a world, by kind.
package struct Tally: Sendable, Equatable {
  private var occurrences = [Int](repeating: 0, count: Occurrence.allCases.count)
  private var faults = [Int](repeating: 0, count: Fault.allCases.count)

  package init() {}

  package subscript(_ occurrence: Occurrence) -> Int {
    get { occurrences[occurrence.rawValue] }
    set { occurrences[occurrence.rawValue] = newValue }
  }

  package subscript(_ fault: Fault) -> Int {
    get { faults[fault.rawValue] }
    set { faults[fault.rawValue] = newValue }
  }

  package var ended: Int { self[.succeeded] + self[.failed] + self[.cancelled] }

  package static func += (a: inout Tally, b: Tally) {
    for i in a.occurrences.indices { a.occurrences[i] += b.occurrences[i] }
    for i in a.faults.indices { a.faults[i] += b.faults[i] }
  }
}
