package import ReeveModel

/// Who goes next among ready tasks. Never *where*: that is the rack's.
///
/// An order is strict: of two tasks one comes first, and always the same. A task that comes back, or becomes ready late, goes
/// where it would have stood from the start. Where the first does not fit now, a later one that does may pass it.
package protocol QueuePolicy: Sendable {
  static var order: QueueOrder { get }
  /// Smaller goes first; equal ranks go by task number, which is the order of submission. A pure function of its argument.
  func rank(of task: Candidate) -> Double
  /// What a task's place is made of, where its user has that share of the cluster for what the user is due; more points go
  /// first.
  func terms(of task: Candidate, at now: WallTime, share: Double) -> [Explanation.Term]
  /// By how much all tasks of a user fall back if that user gets the whole cluster; 0 where it is of no account.
  var fallback: Double { get }
  /// Whether what is learnt of how long tasks run moves those that wait.
  var looksAtEstimates: Bool { get }
}

extension QueuePolicy {
  package func terms(of task: Candidate, at now: WallTime, share: Double) -> [Explanation.Term] { [] }
  package var fallback: Double { 0 }
  package var looksAtEstimates: Bool { false }
}

/// What an order may look at of a task that is ready.
package struct Candidate: Sendable {
  package var priority: Int32
  package var submitted: WallTime
  package var resources: Resources
  /// How long it will run, as far as anybody can say.
  package var estimate: TimeSpan?
  package var deadline: WallTime?
  /// Its own, and those of its job; sorted by name.
  package var labels: [TaskTemplate.Variable]
  package var jobLabels: [TaskTemplate.Variable]

  package init(
    priority: Int32 = 0,
    submitted: WallTime = .none,
    resources: Resources = .zero,
    estimate: TimeSpan? = nil,
    deadline: WallTime? = nil,
    labels: [TaskTemplate.Variable] = [],
    jobLabels: [TaskTemplate.Variable] = []
  ) {
    self.priority = priority
    self.submitted = submitted
    self.resources = resources
    self.estimate = estimate
    self.deadline = deadline
    self.labels = labels
    self.jobLabels = jobLabels
  }

  /// Its own label goes before that of its job.
  func label(_ name: String) -> String? {
    for labels in [labels, jobLabels] {
      let place = labels.partitioningIndex { $0.name >= name }
      if place < labels.count, labels[place].name == name { return labels[place].value }
    }
    return nil
  }
}

/// First come, first served.
package struct FirstComeFirstServed: QueuePolicy {
  package static let order = QueueOrder.fcfs
  package init() {}
  package func rank(of task: Candidate) -> Double { 0 }
}

/// The shortest first; among those of which nobody knows how long they run, and among equals, first come, first served.
package struct ShortestFirst: QueuePolicy {
  package static let order = QueueOrder.sjf
  package init() {}
  package func rank(of task: Candidate) -> Double {
    task.estimate.map { Double($0.microseconds) } ?? .infinity
  }
  package func terms(of task: Candidate, at now: WallTime, share: Double) -> [Explanation.Term] {
    task.estimate.map { [Explanation.Term(name: "seconds", value: $0.seconds, weight: -1)] } ?? []
  }
  package var looksAtEstimates: Bool { true }
}

/// The user first whose dominant share of the cluster is the least, for what that user is due: A. Ghodsi et al., "Dominant
/// Resource Fairness", NSDI 2011. Of one user first come, first served.
package struct FairestFirst: QueuePolicy {
  package static let order = QueueOrder.fair
  package init() {}
  package func rank(of task: Candidate) -> Double { 0 }
  package func terms(of task: Candidate, at now: WallTime, share: Double) -> [Explanation.Term] {
    [Explanation.Term(name: PriorityCriteria.Factor.fairShare.word, value: 1 - share, weight: 1)]
  }
  package var fallback: Double { 1 }
}

extension PolicySetting {
  package var policy: any QueuePolicy {
    switch order {
    case .fcfs: FirstComeFirstServed()
    case .priority: HighestPriorityFirst(criteria)
    case .sjf: ShortestFirst()
    case .fair: FairestFirst()
    }
  }
}
