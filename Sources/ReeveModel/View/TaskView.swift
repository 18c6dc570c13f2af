/// A task as users see it.
package struct TaskView: Hashable, Sendable {
  package var number: TaskNumber
  package var name: String
  package var job: JobID
  /// Of a task of an array.
  package var index: UInt32?
  package var state: TaskState
  package var reason: FailureReason
  /// The exit code, or minus the signal.
  package var status: Int32
  /// Empty before its first start.
  package var node: String
  package var rack: String
  package var attempt: AttemptID
  package var attempts: Int
  package var priority: Int32
  package var resources: Resources
  /// What its node must be.
  package var constraints: [AttributeConstraint] = []
  package var timeLimit: TimeSpan?
  /// Its node is lost, and may come back with it.
  package var awaitsNode = false
  package var isHeld = false
  /// It failed before, and is tried again when that has been long enough ago.
  package var isInBackOff = false
  /// Of the task; its job's are with the job.
  package var labels: [TaskTemplate.Variable] = []
  package var inputs: [String] = []
  package var outputs: [String] = []
  package var submitted: WallTime
  package var started: WallTime
  package var ended: WallTime
  package var usage: TaskEnd.Usage
  /// Only where asked for.
  package var details: Details?

  package var shape: Shape { Shape(resources, constraints) }

  /// It ended with an attempt, and how that went is not filled in yet.
  package var needsOutcome: Bool { state.isTerminal && ended == .none }

  package struct Details: Hashable, Sendable {
    package var command: [String]
    package var environment: [TaskTemplate.Variable]
    /// Names of the tasks that it waits for, or waited.
    package var after: [String]
    package var end: TaskEnd.Detail?

    package init(
      command: [String],
      environment: [TaskTemplate.Variable],
      after: [String],
      end: TaskEnd.Detail?
    ) {
      self.command = command
      self.environment = environment
      self.after = after
      self.end = end
    }
  }

  package init(number: TaskNumber, name: String, job: JobID, state: TaskState) {
    self.number = number
    self.name = name
    self.job = job
    self.state = state
    reason = .none
    status = 0
    node = ""
    rack = ""
    attempt = .none
    attempts = 0
    priority = 0
    resources = .zero
    submitted = .none
    started = .none
    ended = .none
    usage = TaskEnd.Usage()
  }
}
