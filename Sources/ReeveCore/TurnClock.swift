package import ReeveModel

/// Notices when the process itself did not run, so that nobody is accused of silence that nobody was there to hear.
package struct TurnClock: Sendable {
  /// When the last turn asked for the next.
  private var wanted: Instant?
  /// Who waits for a far deadline only would not notice that it did not run meanwhile.
  private var nextTick: Instant?

  package init() {}

  /// By how much this turn is late; zero where it is within `tolerance`.
  package func gap(at now: Instant, tolerance: TimeSpan) -> TimeSpan {
    guard let wanted, now - wanted > tolerance else { return .zero }
    return now - wanted
  }

  package mutating func want(_ next: Instant?) { wanted = next }

  package mutating func tick(at now: Instant, every interval: TimeSpan) { nextTick = now + interval }

  /// A deadline by which somebody is accused, in steps.
  package func step(towards deadline: Instant) -> Instant { nextTick.map { min($0, deadline) } ?? deadline }
}
