/// What somebody has against what is due.
package struct SharePair: Hashable, Sendable {
  /// Dominant.
  package var share: Double
  package var fairShare: Double

  package init(share: Double = 0, fairShare: Double = 0) {
    self.share = share
    self.fairShare = fairShare
  }
}

/// The same over time, as long as the leader has led.
package struct ShareHistory: Hashable, Sendable {
  /// Of the last hour.
  package var mean: SharePair
  /// Of each of its minutes, the oldest first.
  package var minutes: [SharePair]

  package init(mean: SharePair = SharePair(), minutes: [SharePair] = []) {
    self.mean = mean
    self.minutes = minutes
  }
}

/// The smallest that a role wants and that no rack has room for, while it has less than it is due.
package struct BlockedShape: Hashable, Sendable {
  package var framework: JobID
  package var resources: Resources

  package init(framework: JobID, resources: Resources) {
    self.framework = framework
    self.resources = resources
  }
}

/// Work that was undone to make room for others.
package struct WastedWork: Hashable, Sendable {
  /// Attempts.
  package var preempted: Int
  /// Cores, times microseconds.
  package var coreTime: TimeSpan

  package init(preempted: Int = 0, coreTime: TimeSpan = .zero) {
    self.preempted = preempted
    self.coreTime = coreTime
  }
}

/// A user as others who share the cluster see one.
package struct UserView: Hashable, Sendable {
  package var name: String
  package var used: Resources
  package var now: SharePair
  package var history: ShareHistory

  package init(name: String, used: Resources, now: SharePair, history: ShareHistory = ShareHistory()) {
    self.name = name
    self.used = used
    self.now = now
    self.history = history
  }
}
