import Foundation
import ReeveModel
package import ReeveShell

/// A sentence for people where the journal was written by a clock that was far ahead of this machine's: every time that is
/// shown or recorded stands still, or nearly, until the machine's clock has caught up.
/// - Returns: `nil` up to a minute, which clocks of machines that are kept together never come to.
package func clockWarning(_ clock: BootClock) -> String? {
  let lead = clock.lead
  guard lead > .seconds(60) else { return nil }
  let recorded = clock.now().wall.microseconds
  return "the journal was last written at \(text(recorded)), and this machine's clock says "
    + "\(text(recorded - lead.microseconds)): until it says so too, everything that happens is recorded as of the former. "
    + "If this clock is wrong, set it; if that one was, times will be right again after "
    + "\(Int(lead.seconds.rounded(.up))) s."
}

private func text(_ microseconds: Int64) -> String {
  Date(timeIntervalSince1970: TimeInterval(microseconds) / 1e6).formatted(.iso8601)
}
