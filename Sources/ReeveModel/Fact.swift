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
  /// Ends of attempts that are their tasks' ends.
  case ended([TaskEnd])
  /// Attempts that failed, of tasks that are tried again.
  case retried([TaskEnd])
  /// Tasks that ended without an attempt.
  case calledOff([TaskRun], FailureReason, at: WallTime)
  /// These run, or may, and are to end for that reason.
  case endOrdered([TaskNumber], FailureReason)
  /// Nothing of these is started until they are released.
  case held([TaskRun])
  case released([TaskRun])
  case prioritySet([TaskRun], Int32)
  /// A new round of these, which had not ended well.
  case roundBegan([TaskRun])
  case policySet(PolicySetting)
  /// A framework, or what a known one says of itself by now.
  case frameworkSubscribed(SubscribedFramework)
  /// It is done: its id is not taken again.
  case frameworkRemoved(FrameworkNumber)
  /// Their framework knows how these ended.
  case endsAcknowledged([TaskNumber])
  case roleSet(Role)
  /// It is again as if it had never been set.
  case roleForgotten(String)
  /// Nothing is added to the job any more; with a reason, because all of it was stopped.
  case jobClosed(JobNumber, FailureReason, at: WallTime)
  case rackGranted(RackGrant)
  case nodePlaced(RosterNode, RackNumber)
  case nodeMarked(NodeNumber, lost: Bool)
  /// Struck off by order: its name may come back as another node.
  case nodeForgotten(NodeNumber)
}

extension Fact {
  /// Who shares the cluster, or by which weights and quotas, may be another after it.
  package var changesSharing: Bool {
    switch self {
    case .frameworkSubscribed, .frameworkRemoved, .roleSet, .roleForgotten: true
    default: false
    }
  }
}

/// A job with the numbers that it got.
package struct SubmittedJob: Hashable, Sendable {
  package var number: JobNumber
  package var firstTask: TaskNumber
  package var firstTemplate: TemplateNumber
  package var submitted: WallTime
  package var spec: JobSpec
  /// What each of `spec.outerDependencies` stands for.
  package var outerTargets: [OuterTarget]
  /// Of all of its tasks, beside their own: those of the demand that a framework's were accepted for.
  package var constraints: [AttributeConstraint]

  package init(
    number: JobNumber,
    firstTask: TaskNumber,
    firstTemplate: TemplateNumber,
    submitted: WallTime,
    spec: JobSpec,
    outerTargets: [OuterTarget] = [],
    constraints: [AttributeConstraint] = []
  ) {
    self.number = number
    self.firstTask = firstTask
    self.firstTemplate = firstTemplate
    self.submitted = submitted
    self.spec = spec
    self.outerTargets = outerTargets
    self.constraints = constraints
  }

  /// What its tasks are launched by.
  package var templates: [TaskTemplate] {
    guard !constraints.isEmpty else { return spec.templates }
    return spec.templates.map { template in
      var template = template
      template.constraints = (template.constraints + constraints).normalised
      return template
    }
  }
}

/// Tasks that a job waits for, as places in their job or in a part of an open one; no place is the whole job, whatever is
/// added to it.
package struct OuterTarget: Hashable, Sendable {
  package var job: JobNumber
  package var first: UInt32
  package var count: UInt32

  package init(job: JobNumber, first: UInt32, count: UInt32) {
    self.job = job
    self.first = first
    self.count = count
  }

  package init(_ places: Range<Int>, of job: JobNumber) {
    self.init(job: job, first: UInt32(places.lowerBound), count: UInt32(places.count))
  }

  package static func whole(_ job: JobNumber) -> OuterTarget { OuterTarget(job: job, first: 0, count: 0) }

  package var isWhole: Bool { count == 0 }
  package var places: Range<Int> { Int(first)..<Int(first) + Int(count) }
}

/// Consecutive tasks of one job.
package struct TaskRun: Hashable, Sendable {
  package var first: TaskNumber
  package var count: UInt32

  package init(first: TaskNumber, count: UInt32) {
    self.first = first
    self.count = count
  }

  /// The number after the last.
  package var end: TaskNumber { TaskNumber(first.rawValue + UInt64(count)) }
}

extension [TaskRun] {
  /// How many tasks they are.
  package var taskCount: Int { reduce(0) { $0 + Int($1.count) } }

  /// Adds a task, to the last run where it follows that.
  package mutating func append(_ task: TaskNumber) {
    append(TaskRun(first: task, count: 1), joining: true)
  }

  /// Adds a run; with `joining`, to the last one where it follows that.
  package mutating func append(_ run: TaskRun, joining: Bool) {
    if joining, let last = last, last.end == run.first {
      self[count - 1].count += run.count
    } else {
      append(run)
    }
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
