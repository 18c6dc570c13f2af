/// How a framework introduces itself. The same id brings back what it had.
package struct FrameworkInfo: Hashable, Sendable {
  /// Also of the open job that its tasks are of.
  package var id: JobID
  /// For people.
  package var name: String
  package var role: String
  package var user: String
  /// Its tasks go on for so long after its stream has ended; zero is not at all.
  package var failover: TimeSpan

  package init(
    id: JobID,
    name: String = "",
    role: String = Role.defaultName,
    user: String = "",
    failover: TimeSpan = .zero
  ) {
    self.id = id
    self.name = name.isEmpty ? id.text : name
    self.role = role
    self.user = user
    self.failover = failover
  }
}

/// What the master answers to a subscription.
package struct FrameworkWelcome: Hashable, Sendable {
  package var framework: JobID
  package var term: Term
  /// It had subscribed before.
  package var isResumed: Bool

  package init(framework: JobID, term: Term, isResumed: Bool) {
    self.framework = framework
    self.term = term
    self.isResumed = isResumed
  }
}

/// What a framework says on its stream.
package enum FrameworkRequest: Hashable, Sendable {
  /// Replaces what was demanded before.
  case demand([ShapeDemand])
  /// Tasks for slices that were offered; `hasRoom` is false where the journal might not be able to take them.
  case accept([OfferID], JobSpec, hasRoom: Bool)
  case decline([OfferID])
  /// By their ids.
  case kill([String])
  /// Updates, by their numbers.
  case acknowledge([UInt64])
  /// None is all.
  case reconcile([String])
  /// A line for one of its tasks, by its id.
  case message(String, [UInt8])
  case tearDown
}

/// What a framework wants of one shape, beyond what it has accepted for.
package struct ShapeDemand: Hashable, Sendable {
  /// The framework's name for it.
  package var key: UInt32
  package var resources: Resources
  /// What nodes must be; tasks that are accepted for it get them.
  package var constraints: [AttributeConstraint]
  package var count: Int
  /// Names of racks that are wanted first.
  package var racks: [String]
  /// For so long only those are.
  package var wait: TimeSpan
  /// The framework wants to know the node beforehand.
  package var isPinned: Bool

  package init(
    key: UInt32,
    resources: Resources,
    constraints: [AttributeConstraint] = [],
    count: Int,
    racks: [String] = [],
    wait: TimeSpan = .zero,
    isPinned: Bool = false
  ) {
    self.key = key
    self.resources = resources
    self.constraints = constraints.normalised
    self.count = count
    self.racks = racks
    self.wait = wait
    self.isPinned = isPinned
  }

  package var shape: Shape { Shape(resources, constraints) }
}

/// Slices of one shape on one rack, for a framework to put tasks into.
package struct FrameworkOffer: Hashable, Sendable {
  package var id: OfferID
  package var key: UInt32
  package var resources: Resources
  package var count: Int
  package var rack: String
  /// Where the slices are, if that is settled: pinned ones.
  package var node: String?
  /// From when it was made.
  package var expires: TimeSpan

  package init(
    id: OfferID,
    key: UInt32,
    resources: Resources,
    count: Int,
    rack: String,
    node: String? = nil,
    expires: TimeSpan
  ) {
    self.id = id
    self.key = key
    self.resources = resources
    self.count = count
    self.rack = rack
    self.node = node
    self.expires = expires
  }
}

/// Why an offer is void that was not answered.
package enum RescindReason: String, Hashable, Sendable {
  case expired
  /// Another framework waits for what is offered, and this one has had its time to answer.
  case wantedByOthers = "wanted-by-others"
  case rackLost = "rack-lost"
  case nodeLost = "node-lost"
  /// The framework demands less now.
  case notDemanded = "not-demanded"
}

/// Where a framework's task is.
package struct TaskUpdate: Hashable, Sendable {
  /// To be acknowledged; 0 where it is not.
  package var id: UInt64
  package var task: String
  /// `nil` where the framework has no such task.
  package var state: TaskState?
  package var reason: FailureReason
  /// The exit code, or minus the signal.
  package var status: Int32
  /// Where it runs or ran; empty where it does not.
  package var node: String
  package var attempt: AttemptID

  package init(
    id: UInt64,
    task: String,
    state: TaskState?,
    reason: FailureReason = .none,
    status: Int32 = 0,
    node: String = "",
    attempt: AttemptID = .none
  ) {
    self.id = id
    self.task = task
    self.state = state
    self.reason = reason
    self.status = status
    self.node = node
    self.attempt = attempt
  }
}

/// A framework as the journal knows it.
package struct SubscribedFramework: Hashable, Sendable {
  package var number: FrameworkNumber
  /// The open job that its tasks are of.
  package var job: JobNumber
  package var info: FrameworkInfo
  /// When it subscribed first.
  package var submitted: WallTime

  package init(number: FrameworkNumber, job: JobNumber, info: FrameworkInfo, submitted: WallTime) {
    self.number = number
    self.job = job
    self.info = info
    self.submitted = submitted
  }

  /// Its job as it begins: open, and without a task.
  package func openJob(before task: TaskNumber, _ template: TemplateNumber) -> SubmittedJob {
    var spec = JobSpec(id: info.id, name: info.name, user: info.user)
    spec.isOpen = true
    return SubmittedJob(
      number: job,
      firstTask: task,
      firstTemplate: template,
      submitted: submitted,
      spec: spec
    )
  }
}

/// How a framework's task ended, as long as the framework has not said that it knows.
package struct UnacknowledgedEnd: Hashable, Sendable {
  package var reason: FailureReason
  package var status: Int32
  package var node: NodeNumber
  package var attempt: AttemptID

  package init(
    reason: FailureReason,
    status: Int32 = 0,
    node: NodeNumber = NodeNumber(0),
    attempt: AttemptID = .none
  ) {
    self.reason = reason
    self.status = status
    self.node = node
    self.attempt = attempt
  }
}
