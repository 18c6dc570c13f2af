import Glibc
package import ReeveModel
import Synchronization

/// Reads the two clocks that cores are told.
package final class BootClock: Sendable {
  private let lastWall = Atomic<Int64>(0)

  package init() {}

  /// Boot-clock time goes on while the machine sleeps; wall time never runs backwards here.
  package func now() -> Now {
    let wall = Self.read(CLOCK_REALTIME)
    let last = lastWall.max(wall, ordering: .relaxed).newValue
    return Now(boot: Self.boot(), wall: WallTime(microseconds: last))
  }

  /// How far the wall time given here is ahead of the machine's clock, because it goes on after what is on record.
  package var lead: TimeSpan {
    TimeSpan(microseconds: max(0, lastWall.load(ordering: .relaxed) - Self.read(CLOCK_REALTIME)))
  }

  /// Wall time from here on is not before `wall`: what is on record was written then.
  package func goOn(after wall: WallTime) { lastWall.max(wall.microseconds, ordering: .relaxed) }

  package static func boot() -> Instant { Instant(microseconds: read(CLOCK_BOOTTIME)) }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
  }
}
