package import Logging
import ReeveModel

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

/// Thrown by a stream that is not to be opened again.
package struct Dismissal: Error {
  package let reason: String
  package init(reason: String) { self.reason = reason }
}

/// Opens a stream again and again until cancelled or dismissed, with back-off; one that lasted for 5 s starts it anew.
///
/// - Parameters:
///   - peer: the other end, for the log.
///   - log: gets a line each time the stream ends.
///   - stream: opens the stream, and returns or throws when it has ended.
@concurrent package func keepOpen(
  _ peer: String,
  log: Logger,
  stream: @escaping @concurrent @Sendable () async throws -> Void
) async {
  var backoff = Backoff()
  while !Task.isCancelled {
    let started = BootClock.boot()
    do {
      try await stream()
      log.info("\(peer) ended the stream")
    } catch let dismissal as Dismissal {
      log.notice("no more streams to \(peer)", metadata: ["reason": "\(dismissal.reason)"])
      return
    } catch {
      log.notice("no stream to \(peer)", metadata: ["reason": "\(error)"])
    }
    if BootClock.boot() - started > .seconds(5) { backoff.reset() }
    try? await Task.sleep(for: backoff.delay())
  }
}
