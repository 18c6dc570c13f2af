import ReeveModel

/// One line an event: virtual time, who, what. Its hash is kept always, its lines only where asked for.
///
/// A class, so that a line may tell of a world that is just being read.
final class Trace {
  let keepsLines: Bool
  private(set) var lines: [String] = []
  /// FNV-1a over times, processes and kinds of events.
  private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325

  init(keepsLines: Bool) { self.keepsLines = keepsLines }

  func add(_ time: Instant, _ who: ProcessID, _ code: UInt64, _ what: () -> String) {
    for word in [UInt64(bitPattern: time.microseconds), who.code, code] {
      hash = (hash ^ word) &* 0x100_0000_01b3
    }
    guard keepsLines else { return }
    lines.append("\(Self.padded(time)) \(who): \(what())")
  }

  /// Seconds to six places, in columns.
  private static func padded(_ time: Instant) -> String {
    let whole = String(time.microseconds / 1_000_000)
    let part = String(time.microseconds % 1_000_000)
    return String(repeating: " ", count: max(0, 5 - whole.count)) + whole + "."
      + String(repeating: "0", count: 6 - part.count) + part
  }
}

extension Instant {
  var seconds: Double { Double(microseconds) / 1e6 }
}
