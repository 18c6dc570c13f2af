package import ReeveModel

/// What the rack has to be told: ends until they are acknowledged, and what is new since the statement.
package struct UpdateOutbox: Sendable {
  private var ends: [AttemptID: TaskEnd]
  private var report = NodeReport()
  /// When the first of the starts in `report` must be said at the latest.
  package private(set) var startsDue: Instant?

  package init(_ recovered: [TaskEnd]) {
    ends = Dictionary(recovered.map { ($0.attempt, $0) }, uniquingKeysWith: { first, _ in first })
  }

  package func has(_ attempt: AttemptID) -> Bool { ends[attempt] != nil }
  package var count: Int { ends.count }

  package mutating func start(_ start: TaskStart, dueBy due: Instant) {
    report.starts.append(start)
    startsDue = startsDue ?? due
  }

  /// Whether something is to be said that does not wait for company.
  package func isUrgent(at now: Instant) -> Bool {
    !report.ends.isEmpty || !report.refused.isEmpty || startsDue.map { $0 <= now } ?? false
  }

  package mutating func refuse(_ name: TaskAttempt) { report.refused.append(name) }

  package mutating func end(_ end: TaskEnd) {
    ends[end.attempt] = end
    report.ends.append(end)
  }

  /// - Returns: whether there was such an end.
  package mutating func acknowledge(_ attempt: AttemptID) -> Bool { ends.removeValue(forKey: attempt) != nil }

  /// What is new; empty afterwards. A statement replaces it: it has all the ends, and what runs.
  package mutating func takeReport() -> NodeReport {
    var taken = NodeReport()
    swap(&taken, &report)
    startsDue = nil
    return taken
  }

  /// All ends that nobody has acknowledged, by attempt.
  package func statement(node: NodeNumber) -> [TaskEnd] {
    ends.values.sorted { $0.attempt < $1.attempt }.map { $0.on(node) }
  }
}

extension TaskEnd {
  /// The same, said by this node.
  package func on(_ node: NodeNumber) -> TaskEnd {
    var end = self
    end.node = node
    return end
  }
}
