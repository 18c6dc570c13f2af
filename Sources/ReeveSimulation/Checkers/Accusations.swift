import ReeveCore
import ReeveModel

/// What has arrived is handled before what has timed out, and time in which a judge did not run is nobody's silence.
struct Accusations: Checker {
  static let promise = "a node is taken for lost only after its silence"
  /// A judge notices that it was stopped only when it is late, by so much at most for each time.
  private static let tolerance = TimeSpan.seconds(5)
  private let settings = RackSettings()

  mutating func see(_ sight: Sight, _ books: Books) -> [String] {
    guard case .declaredLost(let node, let rack, let silence?) = sight,
      silence + Self.tolerance < settings.nodeLostAfter
    else { return [] }
    return ["rack \(rack) takes node \(node) for lost, from which something had come \(silence) before"]
  }
}
