/// How one attempt ended, as its node saw it.
package struct TaskEnd: Hashable, Sendable {
  package var attempt: AttemptID
  package var task: TaskNumber
  package var node: NodeNumber
  /// `.none` is success.
  package var reason: FailureReason
  /// The exit code, or minus the signal.
  package var status: Int32
  package var started: WallTime
  package var ended: WallTime
  package var usage: Usage
  /// How many attempts there were before, as the master counts them; nodes do not know.
  package var earlier: UInt16 = 0
  /// Only of what failed, so that success costs no allocation.
  package var detail: Detail?

  /// By its node's clock.
  package var runTime: TimeSpan { TimeSpan(microseconds: ended.microseconds - started.microseconds) }

  /// What the kernel counted for an attempt's whole process tree.
  package struct Usage: Hashable, Sendable {
    package var cpu: TimeSpan
    /// Bytes.
    package var memoryPeak: Int64
    package var readBytes: Int64
    package var writeBytes: Int64

    package init(
      cpu: TimeSpan = .zero,
      memoryPeak: Int64 = 0,
      readBytes: Int64 = 0,
      writeBytes: Int64 = 0
    ) {
      self.cpu = cpu
      self.memoryPeak = memoryPeak
      self.readBytes = readBytes
      self.writeBytes = writeBytes
    }
  }

  package struct Detail: Hashable, Sendable {
    package var message: String
    /// The last 4 KiB at most.
    package var stdoutTail: [UInt8]
    package var stderrTail: [UInt8]

    package init(message: String = "", stdoutTail: [UInt8] = [], stderrTail: [UInt8] = []) {
      self.message = message
      self.stdoutTail = stdoutTail
      self.stderrTail = stderrTail
    }
  }

  package init(
    attempt: AttemptID,
    task: TaskNumber,
    node: NodeNumber = NodeNumber(0),
    reason: FailureReason = .none,
    status: Int32 = 0,
    started: WallTime = .none,
    ended: WallTime = .none,
    usage: Usage = Usage(),
    detail: Detail? = nil
  ) {
    self.attempt = attempt
    self.task = task
    self.node = node
    self.reason = reason
    self.status = status
    self.started = started
    self.ended = ended
    self.usage = usage
    self.detail = detail
  }
}

/// An attempt began to run.
package struct TaskStart: Hashable, Sendable {
  package var attempt: AttemptID
  package var task: TaskNumber
  package var node: NodeNumber
  package var started: WallTime

  package init(attempt: AttemptID, task: TaskNumber, node: NodeNumber, started: WallTime) {
    self.attempt = attempt
    self.task = task
    self.node = node
    self.started = started
  }
}

/// One attempt of one task, and nothing else of it.
package struct TaskAttempt: Hashable, Sendable {
  package var attempt: AttemptID
  package var task: TaskNumber

  package init(attempt: AttemptID, task: TaskNumber) {
    self.attempt = attempt
    self.task = task
  }
}

/// An order to end an attempt. What ends after it bears its reason, whatever the exit code.
package struct KillOrder: Hashable, Sendable {
  package var attempt: AttemptID
  package var reason: FailureReason

  package init(attempt: AttemptID, reason: FailureReason) {
    self.attempt = attempt
    self.reason = reason
  }
}
