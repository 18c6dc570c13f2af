package import ReeveModel

/// What can happen to an agent.
package enum AgentEvent: Sendable {
  /// The node's place in the roster is known (again).
  case placed(NodeNumber)
  /// A stream to a rack scheduler is open: the agent answers with its statement.
  case rackConnected(SessionNumber)
  case rackWelcomed(SessionNumber, Generation)
  case rackOrdered(SessionNumber, NodeOrders)
  case rackDisconnected(SessionNumber)
  /// What the supervisor says of an attempt.
  case started(AttemptID, WallTime)
  /// Its whole process tree is gone. `reason` in it is what the exit alone says, or the order that came first.
  case ended(TaskEnd)
}

/// What an agent wants done.
package enum AgentEffect: Equatable, Sendable {
  /// Writes down, so that it outlives the machine, under whose orders the node is; before anything that follows.
  case obey(Generation)
  case state(SessionNumber, NodeStatement)
  case report(SessionNumber, NodeReport)
  /// Starts these under the supervisor.
  case spawn([Spawn])
  /// Gives these lines to what runs, in their order.
  case tell([TaskMessage])
  /// A signal before the time is up.
  case warn(AttemptID, signal: Int32)
  /// TERM now, KILL of the whole group after the grace; the reason is written down before the signal.
  case kill(AttemptID, FailureReason, grace: TimeSpan)
  /// The ends are durable at the master: the supervisor may forget them.
  case forget([AttemptID])
  /// Ends the stream, with a sentence for the log.
  case disconnect(SessionNumber, String)

  /// One attempt to start, with all that the supervisor needs.
  package struct Spawn: Equatable, Sendable {
    package var attempt: AttemptID
    package var task: TaskNumber
    package var job: JobID
    package var name: String
    package var template: TaskTemplate
    package var arguments: [String]
    /// Of a task of an array.
    package var index: UInt32?
    /// Of a task of an array that has values.
    package var value: String?

    package init(
      attempt: AttemptID,
      task: TaskNumber,
      job: JobID,
      name: String,
      template: TaskTemplate,
      arguments: [String],
      index: UInt32? = nil,
      value: String? = nil
    ) {
      self.attempt = attempt
      self.task = task
      self.job = job
      self.name = name
      self.template = template
      self.arguments = arguments
      self.index = index
      self.value = value
    }

    /// The command line, the environment's values and the directory, as the task is to find them.
    package var placeholders: Placeholders {
      Placeholders(job: job, task: name, attempt: attempt, index: index, value: value)
    }
  }
}
