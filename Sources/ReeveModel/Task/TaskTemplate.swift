/// What tasks of a job share: interned once a job, on every stream and in the journal.
///
/// A task is a template, its own arguments (appended to `command`) and its edges.
package struct TaskTemplate: Hashable, Sendable {
  /// The program, looked up in the task's `PATH` where it has no slash, and the first of its arguments. With a task's
  /// own arguments it is never empty.
  package var command: [String]
  /// Set beside the few variables that every task gets; sorted by name, without repeats.
  package var environment: [Variable]
  package var resources: Resources
  /// What its node must be, all of it; in their order, without repeats.
  package var constraints: [AttributeConstraint]
  /// The longest that one attempt may run; `nil` is no limit.
  package var timeLimit: TimeSpan?
  /// So long after its submission it should have ended; the policy `priority` can look at it.
  package var deadline: TimeSpan?
  /// From the polite signal to the hard one, when an attempt is ended by order.
  package var grace: TimeSpan
  /// Larger is more urgent, under the policy `priority`; `fcfs` does not look at it.
  package var priority: Int32
  package var onNodeLoss: NodeLossChoice
  /// Where the command runs; `nil` is the task's own sandbox.
  package var directory: String?
  package var retry: RetryRule
  /// Sent before the time limit; `nil` is no warning.
  package var warning: TimeWarning?
  /// Shown with the task, and found by `@label=value`; sorted by name, without repeats.
  package var labels: [Variable]
  /// Names of data that the task reads and writes. Kept and shown.
  package var inputs: [String]
  package var outputs: [String]

  package struct Variable: Hashable, Sendable {
    package var name: String
    package var value: String
    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  package static let defaultResources = Resources(cpuMillis: 1_000, memory: 64 << 20, disk: 0)
  package static let defaultGrace = TimeSpan.seconds(5)

  package init(
    command: [String] = [],
    environment: [Variable] = [],
    resources: Resources = defaultResources,
    constraints: [AttributeConstraint] = [],
    timeLimit: TimeSpan? = nil,
    deadline: TimeSpan? = nil,
    grace: TimeSpan = defaultGrace,
    priority: Int32 = 0,
    onNodeLoss: NodeLossChoice = .requeue,
    directory: String? = nil,
    retry: RetryRule = RetryRule(),
    warning: TimeWarning? = nil,
    labels: [Variable] = [],
    inputs: [String] = [],
    outputs: [String] = []
  ) {
    self.command = command
    self.environment = environment
    self.resources = resources
    self.constraints = constraints.normalised
    self.timeLimit = timeLimit
    self.deadline = deadline
    self.grace = grace
    self.priority = priority
    self.onNodeLoss = onNodeLoss
    self.directory = directory
    self.retry = retry
    self.warning = warning
    self.labels = labels
    self.inputs = inputs
    self.outputs = outputs
  }
}
