import Foundation
import ReeveModel

/// A directory in `$TMPDIR` that is somebody's alone.
struct TemporaryDirectory: Sendable {
  let path: String

  init(_ name: String) throws(Refusal) {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/reeve-bench-\(name).XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else {
      throw Refusal(
        .unavailable,
        "No directory can be made in \"\(parent)\": \(String(cString: strerror(errno)))"
      )
    }
    path = String(cString: made)
  }

  /// What cannot be removed stays.
  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
