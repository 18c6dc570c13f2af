import Foundation
import ReeveMaster
import ReeveModel
import ReeveShell
import Testing

@Suite("Master: a journal of a clock that was ahead") struct ClockWarningTests {
  private let clock = BootClock()
  private let machine = Date()

  private func goOn(after seconds: TimeInterval) -> String {
    let wall = machine.addingTimeInterval(seconds)
    clock.goOn(after: WallTime(microseconds: Int64(wall.timeIntervalSince1970 * 1e6)))
    return wall.formatted(.iso8601)
  }

  @Test func `nothing is said of a minute, nor of a journal of the past`() {
    #expect(clockWarning(clock) == nil)
    _ = goOn(after: -1e9)
    #expect(clockWarning(clock) == nil)
    _ = goOn(after: 59)
    #expect(clockWarning(clock) == nil)
  }

  @Test func `beyond that both times are named`() throws {
    let recorded = goOn(after: 2 * 365 * 86_400)
    let warning = try #require(clockWarning(clock))
    #expect(warning.contains("last written at \(recorded)"), "\(warning)")
    // Seconds may have passed since.
    let day = machine.formatted(.iso8601.year().month().day())
    #expect(warning.contains("clock says \(day)"), "\(warning)")
  }
}
