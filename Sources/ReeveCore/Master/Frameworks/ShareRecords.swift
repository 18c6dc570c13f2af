import DequeModule
import ReeveModel

/// Shares over time, by name: means of the minutes of the last hour.
///
/// Between two notes all stays as it was: shares change by events, and an idle master need not wake up to see that they have
/// not.
struct ShareRecords: Sendable {
  private var values: [String: SharePair] = [:]
  private var since: Instant?
  private var minutes = Deque<Minute>()

  private struct Minute: Sendable {
    let start: Instant
    /// In microseconds.
    var length: Int64 = 0
    /// Times microseconds.
    var sums: [String: SharePair] = [:]
  }

  private static let minute = TimeSpan.seconds(60)
  private static let minutesMax = 60
  private static let interval = TimeSpan.seconds(5)

  /// Whether it is time for another note.
  func isDue(at now: Instant) -> Bool { since.map { $0 + Self.interval <= now } ?? true }

  /// From now on shares are these.
  mutating func note(_ shares: [String: SharePair], at now: Instant) {
    goOn(until: now)
    values = shares
  }

  private mutating func goOn(until now: Instant) {
    // What is more than an hour ago counts for nothing.
    let hour = TimeSpan(microseconds: Self.minute.microseconds * Int64(Self.minutesMax))
    var time = max(since ?? now, now - hour)
    while time < now {
      if minutes.last.map({ $0.start + Self.minute <= time }) ?? true { minutes.append(Minute(start: time)) }
      let last = minutes.count - 1
      let span = min(now, minutes[last].start + Self.minute) - time
      minutes[last].length += span.microseconds
      for (name, pair) in values {
        minutes[last].sums[name, default: SharePair()].share += pair.share * Double(span.microseconds)
        minutes[last].sums[name, default: SharePair()].fairShare += pair.fairShare * Double(span.microseconds)
      }
      time = time + span
    }
    minutes.removeFirst(max(0, minutes.count - Self.minutesMax))
    since = now
  }

  func history(of name: String, at now: Instant) -> ShareHistory {
    var told = self
    told.goOn(until: now)
    let sums = told.minutes.map { $0.sums[name] ?? SharePair() }
    let total = sums.reduce(SharePair()) {
      SharePair(share: $0.share + $1.share, fairShare: $0.fairShare + $1.fairShare)
    }
    let length = told.minutes.reduce(0) { $0 + $1.length }
    return ShareHistory(
      mean: total.over(length),
      minutes: zip(sums, told.minutes).map { $0.over($1.length) }
    )
  }
}

extension SharePair {
  fileprivate func over(_ microseconds: Int64) -> SharePair {
    let length = Double(max(1, microseconds))
    return SharePair(share: share / length, fairShare: fairShare / length)
  }
}
