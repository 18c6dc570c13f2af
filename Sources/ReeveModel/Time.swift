/// A length of time, in whole microseconds.
@usableFromInline package struct TimeSpan: Hashable, Comparable, Sendable, CustomStringConvertible {
  @usableFromInline package var microseconds: Int64

  @inlinable package init(microseconds: Int64) { self.microseconds = microseconds }
  @inlinable package static func microseconds(_ n: Int64) -> TimeSpan { TimeSpan(microseconds: n) }
  @inlinable package static func milliseconds(_ n: Int64) -> TimeSpan { TimeSpan(microseconds: n * 1_000) }
  @inlinable package static func seconds(_ n: Int64) -> TimeSpan { TimeSpan(microseconds: n * 1_000_000) }
  @inlinable package static var zero: TimeSpan { TimeSpan(microseconds: 0) }

  @inlinable package static func < (a: TimeSpan, b: TimeSpan) -> Bool { a.microseconds < b.microseconds }
  @inlinable package static func + (a: TimeSpan, b: TimeSpan) -> TimeSpan {
    TimeSpan(microseconds: a.microseconds + b.microseconds)
  }

  package var milliseconds: Int64 { microseconds / 1_000 }
  package var seconds: Double { Double(microseconds) / 1e6 }

  @usableFromInline package var description: String {
    microseconds % 1_000_000 == 0 ? "\(microseconds / 1_000_000)s" : "\(Double(microseconds) / 1_000)ms"
  }
}

/// A point on this machine's boot clock: for deadlines and durations. Never compared with another machine's.
@usableFromInline package struct Instant: Hashable, Comparable, Sendable, CustomStringConvertible {
  @usableFromInline package var microseconds: Int64

  @inlinable package init(microseconds: Int64) { self.microseconds = microseconds }
  @inlinable package static func < (a: Instant, b: Instant) -> Bool { a.microseconds < b.microseconds }
  @inlinable package static func + (a: Instant, b: TimeSpan) -> Instant {
    Instant(microseconds: a.microseconds + b.microseconds)
  }
  @inlinable package static func - (a: Instant, b: TimeSpan) -> Instant {
    Instant(microseconds: a.microseconds - b.microseconds)
  }
  @inlinable package static func - (a: Instant, b: Instant) -> TimeSpan {
    TimeSpan(microseconds: a.microseconds - b.microseconds)
  }

  @usableFromInline package var description: String { "+\(Double(microseconds) / 1_000)ms" }
}

/// A point in time as people read it: microseconds since 1970. For show, age and user deadlines only.
@usableFromInline package struct WallTime: Hashable, Comparable, Sendable, CustomStringConvertible {
  @usableFromInline package var microseconds: Int64

  @inlinable package init(microseconds: Int64) { self.microseconds = microseconds }
  @inlinable package static func < (a: WallTime, b: WallTime) -> Bool { a.microseconds < b.microseconds }
  /// Not yet, or never.
  @inlinable package static var none: WallTime { WallTime(microseconds: 0) }

  @usableFromInline package var description: String { "\(microseconds)us" }
}

/// The two times that a core is told with every event.
@usableFromInline package struct Now: Hashable, Sendable {
  @usableFromInline package var boot: Instant
  @usableFromInline package var wall: WallTime

  @inlinable package init(boot: Instant, wall: WallTime) {
    self.boot = boot
    self.wall = wall
  }
}
