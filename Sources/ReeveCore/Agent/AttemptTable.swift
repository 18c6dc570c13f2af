package import ReeveModel

/// What runs on a node, what it holds, and when its time is up.
package struct AttemptTable: Sendable {
  package let total: Resources
  package private(set) var free: Resources
  private var rows: [AttemptID: Row] = [:]
  /// One a started attempt with a time limit.
  private var limits = AttemptDeadlines()
  /// One a started attempt that is to be warned and has not been.
  private var warnings = AttemptDeadlines()

  package struct Row: Hashable, Sendable {
    package var task: TaskNumber
    package var resources: Resources
    package var timeLimit: TimeSpan?
    package var grace: TimeSpan
    package var warning: TimeWarning?
    /// When it began to run; before the supervisor has said so, when it was spawned.
    package var started: WallTime
    package var isStarted = false
    /// The order to end it; only the first counts.
    package var kill = FailureReason.none

    fileprivate var mayRunOn: Bool { kill == .none }

    package init(
      task: TaskNumber,
      resources: Resources,
      timeLimit: TimeSpan?,
      grace: TimeSpan,
      warning: TimeWarning? = nil,
      started: WallTime
    ) {
      self.task = task
      self.resources = resources
      self.timeLimit = timeLimit
      self.grace = grace
      self.warning = warning
      self.started = started
    }
  }

  package init(total: Resources) {
    self.total = total
    free = total
  }

  package subscript(attempt: AttemptID) -> Row? { rows[attempt] }
  package var count: Int { rows.count }
  /// How many time limits are watched, some perhaps of what has ended.
  package var watched: Int { limits.count }

  package mutating func hold(_ attempt: AttemptID, _ row: Row) {
    rows[attempt] = row
    free -= row.resources
  }

  /// Takes in what the supervisor still runs.
  ///
  /// Its time limit counts from a wall time, the only one that outlives a restart of the machine's agent: a clock that was
  /// set back gives it at most one more full limit. Whether it was warned in time nobody has written down: rather twice than
  /// never.
  package mutating func recover(_ found: RecoveredAttempt, at now: Now) {
    var row = Row(
      task: found.start.task,
      resources: found.resources,
      timeLimit: found.timeLimit,
      grace: found.grace,
      warning: found.warning,
      started: found.start.started
    )
    row.isStarted = true
    row.kill = found.kill
    hold(found.start.attempt, row)
    let passed = max(0, now.wall.microseconds - found.start.started.microseconds)
    limit(found.start.attempt, row, from: Instant(microseconds: now.boot.microseconds - passed))
  }

  /// The supervisor says that it runs.
  /// - Returns: its task, or `nil` if that is not known, or known already.
  package mutating func start(_ attempt: AttemptID, _ started: WallTime, at now: Instant) -> TaskNumber? {
    guard var row = rows[attempt], !row.isStarted else { return nil }
    row.isStarted = true
    row.started = started
    rows[attempt] = row
    limit(attempt, row, from: now)
    return row.task
  }

  /// - Returns: whether it was there.
  package mutating func end(_ attempt: AttemptID) -> Bool {
    guard let row = rows.removeValue(forKey: attempt) else { return false }
    free += row.resources
    limits.keep(rows.count) { rows[$0] != nil }
    warnings.keep(rows.count) { rows[$0] != nil }
    return true
  }

  /// Notes an order to end an attempt.
  /// - Returns: its grace; `nil` if it is not there, or an order was given before.
  package mutating func kill(_ attempt: AttemptID, _ reason: FailureReason) -> TimeSpan? {
    guard let row = rows[attempt], row.kill == .none else { return nil }
    rows[attempt]?.kill = reason
    return row.grace
  }

  /// The attempts whose time is up, in that order, each once.
  package mutating func takeOverdue(at now: Instant) -> [AttemptID] {
    limits.takeDue(at: now) { rows[$0]?.mayRunOn ?? false }
  }

  /// The attempts that are to be warned now, and with which signal.
  package mutating func takeWarnings(at now: Instant) -> [(attempt: AttemptID, signal: Int32)] {
    warnings.takeDue(at: now) { rows[$0]?.mayRunOn ?? false }.compactMap { attempt in
      rows[attempt]?.warning.map { (attempt, $0.signal) }
    }
  }

  /// When the next time limit ends or warning is due, or one of an attempt that has ended meanwhile.
  package var nextDeadline: Instant? {
    [limits.next, warnings.next].compactMap(\.self).min()
  }

  /// All that is held, by attempt.
  package func statement(node: NodeNumber) -> [NodeStatement.HeldAttempt] {
    rows.sorted { $0.key < $1.key }.map { attempt, row in
      NodeStatement.HeldAttempt(
        start: TaskStart(attempt: attempt, task: row.task, node: node, started: row.started),
        resources: row.resources
      )
    }
  }

  private mutating func limit(_ attempt: AttemptID, _ row: Row, from start: Instant) {
    guard let limit = row.timeLimit else { return }
    limits.insert(attempt, at: start + limit)
    guard let warning = row.warning else { return }
    let ahead = TimeSpan(microseconds: max(0, limit.microseconds - warning.before.microseconds))
    warnings.insert(attempt, at: start + ahead)
  }

  package func violations() -> [String] {
    var found: [String] = []
    let held = rows.values.reduce(Resources.zero) { $0 + $1.resources }
    if free + held != total { found.append("\(free) free and \(held) held are not \(total)") }
    let limited = limits.attempts
    for (attempt, row) in rows.sorted(by: { $0.key < $1.key })
    where row.isStarted && row.timeLimit != nil && row.kill == .none && !limited.contains(attempt) {
      found.append("attempt \(attempt) has a time limit that nobody watches")
    }
    return found
  }
}
