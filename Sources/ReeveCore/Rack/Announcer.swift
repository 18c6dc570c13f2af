package import ReeveModel

/// When to say what the rack has free: with whatever else is said, and else seldom.
package struct Announcer: Sendable {
  /// What the master was told in this session.
  private var offer: RackOffer?
  private var countedIn: UInt64 = 0
  private var offeredAt: Instant?
  private var figuresAt: Instant?
  /// As of when the offer was made, or found the same.
  private var seen = Versions()

  /// What an offer depends on.
  package struct Versions: Equatable, Sendable {
    package var nodes: UInt64 = 0
    package var backlog: UInt64 = 0
    package var link: UInt64 = 0

    package init(nodes: UInt64 = 0, backlog: UInt64 = 0, link: UInt64 = 0) {
      self.nodes = nodes
      self.backlog = backlog
      self.link = link
    }
  }

  package init() {}

  /// When an offer may leave alone, if there is one to make; `nil` is nothing to make.
  package func offerDue(_ versions: Versions, every interval: TimeSpan) -> Instant? {
    guard versions != seen else { return nil }
    return offeredAt.map { $0 + interval } ?? Instant(microseconds: .min)
  }

  /// When the figures of nodes may leave again.
  package func figuresDue(every interval: TimeSpan) -> Instant {
    figuresAt.map { $0 + interval } ?? Instant(microseconds: .min)
  }

  /// Whether the offer says something that the master was not told.
  package mutating func isNews(
    _ offer: RackOffer,
    countedIn: UInt64,
    as versions: Versions,
    at now: Instant
  ) -> Bool {
    seen = versions
    guard offer != self.offer || countedIn != self.countedIn else { return false }
    self.offer = offer
    self.countedIn = countedIn
    offeredAt = now
    return true
  }

  package mutating func toldFigures(at now: Instant) { figuresAt = now }
}
