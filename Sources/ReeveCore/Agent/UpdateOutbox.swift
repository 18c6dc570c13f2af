package import ReeveModel

/// What the rack has to be told: ends until they are acknowledged, and what is new since the statement.
package struct UpdateOutbox: Sendable {
  private var ends: [AttemptID: TaskEnd]
  private var report = NodeReport()
  /// When the first start and the first end in `report` came.
  private var startedAt: Instant?
  private var endedAt: Instant?
  /// When the last report of this session left.
  private var toldAt: Instant?
  /// A message has enough in it at so many items.
  private static let gatherMax = 64

  package init(_ recovered: [TaskEnd]) {
    ends = Dictionary(recovered.map { ($0.attempt, $0) }, uniquingKeysWith: { first, _ in first })
  }

  package func has(_ attempt: AttemptID) -> Bool { ends[attempt] != nil }
  package var count: Int { ends.count }
  /// How many ends the next report has.
  package var untoldEnds: Int { report.ends.count }

  package mutating func start(_ start: TaskStart, at now: Instant) {
    report.starts.append(start)
    startedAt = startedAt ?? now
  }

  /// When what is new must be said at the latest, if starts and ends may wait so long for others, and starts alone until so
  /// long after the last report; `nil` is nothing new.
  package func reportDue(startsWait: TimeSpan, startsInterval: TimeSpan, endsWait: TimeSpan) -> Instant? {
    guard report.refused.isEmpty, report.starts.count + report.ends.count < Self.gatherMax else {
      return Instant(microseconds: .min)
    }
    let starts = startedAt.map { max($0 + startsWait, toldAt.map { $0 + startsInterval } ?? $0) }
    return [starts, endedAt.map { $0 + endsWait }].compactMap(\.self).min()
  }

  package mutating func refuse(_ name: TaskAttempt) { report.refused.append(name) }

  package mutating func end(_ end: TaskEnd, at now: Instant) {
    ends[end.attempt] = end
    report.ends.append(end)
    endedAt = endedAt ?? now
  }

  /// - Returns: whether there was such an end.
  package mutating func acknowledge(_ attempt: AttemptID) -> Bool { ends.removeValue(forKey: attempt) != nil }

  /// What is new; empty afterwards. A statement, which has no time, replaces it: it has all the ends, and what runs.
  package mutating func takeReport(at now: Instant?) -> NodeReport {
    var taken = NodeReport()
    swap(&taken, &report)
    startedAt = nil
    endedAt = nil
    toldAt = now
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
