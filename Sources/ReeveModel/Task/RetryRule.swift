/// When a failed task is tried again by itself.
package struct RetryRule: Hashable, Sendable {
  /// So many times after the first; 0 is never.
  package var limit: UInt16
  /// Before the first retry; doubled before each further one, up to `Limits.retryDelay`.
  package var delay: TimeSpan
  /// Only after these exit codes; empty is any.
  package var exitCodes: [UInt8]
  /// Only for these reasons; empty is any that another try may change.
  package var reasons: [FailureReason]

  package static let defaultDelay = TimeSpan.seconds(1)

  package init(
    limit: UInt16 = 0,
    delay: TimeSpan = defaultDelay,
    exitCodes: [UInt8] = [],
    reasons: [FailureReason] = []
  ) {
    self.limit = limit
    self.delay = delay
    self.exitCodes = exitCodes
    self.reasons = reasons
  }

  /// Whether a task that has been tried again so often is to be once more.
  package func allows(_ reason: FailureReason, status: Int32, after retries: UInt16) -> Bool {
    guard retries < limit, reason.mayBeRetried else { return false }
    if exitCodes.isEmpty && reasons.isEmpty { return true }
    if reasons.contains(reason) { return true }
    return reason == .exitCode && UInt8(exactly: status).map(exitCodes.contains) ?? false
  }

  /// How long to wait after so many retries before.
  package func wait(after retries: UInt16) -> TimeSpan {
    var wait = delay.microseconds
    for _ in 0..<min(retries, 40) where wait < Limits.retryDelay.microseconds { wait *= 2 }
    return TimeSpan(microseconds: min(wait, max(Limits.retryDelay.microseconds, delay.microseconds)))
  }
}

/// A signal that a task gets before its time is up.
package struct TimeWarning: Hashable, Sendable {
  package var signal: Int32
  /// So long before the time limit.
  package var before: TimeSpan

  package init(signal: Int32, before: TimeSpan) {
    self.signal = signal
    self.before = before
  }

  /// Signals that a task may be warned with, as people call them, and their numbers on Linux.
  package static let signals: [(name: String, number: Int32)] = [
    ("HUP", 1), ("INT", 2), ("QUIT", 3), ("USR1", 10), ("USR2", 12), ("ALRM", 14), ("TERM", 15), ("CONT", 18),
    ("URG", 23), ("WINCH", 28),
  ]

  package var signalName: String { Self.signals.first { $0.number == signal }?.name ?? "\(signal)" }

  /// Reads `USR1@60s`; `SIGUSR1`, `usr1` and `10` are the same signal.
  package static func parse(_ text: String, field: String) throws(Refusal) -> TimeWarning {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    var name = parts[0].uppercased()
    if name.hasPrefix("SIG") { name.removeFirst(3) }
    guard parts.count == 2, let signal = signals.first(where: { $0.name == name || "\($0.number)" == name })
    else {
      throw Refusal(
        .invalid,
        field: field,
        "\(text.quoted) is no warning. Write SIGNAL@TIME, such as USR1@60s: the signal, and how long before the time limit. "
          + "Signals: \(signals.map(\.name).joined(separator: ", "))."
      )
    }
    return TimeWarning(signal: signal.number, before: try Quantity.duration(String(parts[1]), field: field))
  }
}
