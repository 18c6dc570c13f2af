import ReeveModel

/// Ends counted in windows of a tenth of a second.
struct Pace: Sendable {
  private static let window = TimeSpan.milliseconds(100)
  private var windowEnd = Instant(microseconds: 0)
  private var now = 0
  private var before = 0

  mutating func add(_ ends: Int, at time: Instant) {
    roll(to: time)
    now += ends
  }

  /// Ends in a window's time: of the last whole one, or of this one if that is more already.
  mutating func current(at time: Instant) -> Int {
    roll(to: time)
    return max(before, now)
  }

  private mutating func roll(to time: Instant) {
    guard time >= windowEnd else { return }
    before = time < windowEnd + Self.window ? now : 0
    now = 0
    windowEnd = time + Self.window
  }
}
