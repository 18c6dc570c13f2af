import ArgumentParser
import ReeveModel

/// Nodes that run nothing, and how their tasks seem to go.
struct VirtualOptions: ParsableArguments {
  @Option(
    name: .customLong("virtual"),
    help: ArgumentHelp(
      "Plays so many nodes in one process, which take tasks and run nothing: for tests and figures.",
      valueName: "nodes"
    )
  )
  var count: Int?

  @Option(
    help: ArgumentHelp(
      """
      How long each task of a virtual node seems to run: a time such as 100ms, uniform:1s-5s or exponential:2s \
      (default: 0s).
      """,
      valueName: "time"
    ),
    transform: { text throws(Refusal) in try RunTimes(parsing: text, field: "") }
  )
  var runTime: RunTimes?

  @Option(
    help: ArgumentHelp(
      "The part of its tasks that exits with 1, from 0 to 1 (default: 0).",
      valueName: "part"
    )
  )
  var fail: Double?

  @Option(help: "Decides which tasks fail and how long each takes (default: 1).") var seed: UInt64?

  static let most = 10_000

  func validate() throws {
    if let count, !(1...Self.most).contains(count) {
      throw ValidationError("--virtual \(count): it is from 1 to \(Self.most).")
    }
    if let fail, !(0...1).contains(fail) {
      throw ValidationError("--fail \(fail) is no part of all tasks: it is from 0 to 1, such as 0.01.")
    }
    guard count == nil else { return }
    for (name, isGiven) in [("run-time", runTime != nil), ("fail", fail != nil), ("seed", seed != nil)]
    where isGiven {
      throw ValidationError("--\(name) is about virtual nodes only: say how many with --virtual.")
    }
  }

  /// As another process of this program is told.
  var arguments: [String] {
    var arguments = count.map { ["--virtual", "\($0)"] } ?? []
    switch runTime {
    case .always(let time): arguments += ["--run-time", Self.text(time)]
    case .uniform(let range):
      arguments += ["--run-time", "uniform:\(Self.text(range.lowerBound))-\(Self.text(range.upperBound))"]
    case .exponential(let mean): arguments += ["--run-time", "exponential:\(Self.text(mean))"]
    case nil: break
    }
    if let fail { arguments += ["--fail", "\(fail)"] }
    if let seed { arguments += ["--seed", "\(seed)"] }
    return arguments
  }

  private static func text(_ time: TimeSpan) -> String { "\(time.microseconds)us" }

  /// `NAME-0001` and on, so that they sort as they count.
  static func names(_ count: Int, of name: String) -> [String] {
    (1...count).map { number in
      let digits = "\(number)"
      return "\(name)-\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)"
    }
  }
}
