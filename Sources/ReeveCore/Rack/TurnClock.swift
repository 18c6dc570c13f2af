package import ReeveModel

/// Notices when the rack itself did not run, so that nobody is accused of silence that nobody was there to hear.
package struct TurnClock: Sendable {
  /// When the last turn asked for the next.
  private var wanted: Instant?

  package init() {}

  /// By how much this turn is late; zero where it is within `tolerance`.
  package func gap(at now: Instant, tolerance: TimeSpan) -> TimeSpan {
    guard let wanted, now - wanted > tolerance else { return .zero }
    return now - wanted
  }

  package mutating func want(_ next: Instant?) { wanted = next }
}
