/// How long to wait before the next try: doubling from 50 ms to 2 s, with jitter so that a thousand do not come at once.
package struct Backoff: Sendable {
  private var next = Duration.milliseconds(50)
  private static let longest = Duration.seconds(2)

  package init() {}

  package mutating func delay() -> Duration {
    let jitter = Double.random(in: 0.5...1, using: &generator)
    defer { next = min(next * 2, Self.longest) }
    return next * jitter
  }

  /// After a success.
  package mutating func reset() { next = .milliseconds(50) }

  private var generator = SystemRandomNumberGenerator()
}
