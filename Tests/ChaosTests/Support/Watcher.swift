import Foundation
import Synchronization

/// Sees the scripts' history grow.
final class Watcher: Sendable {
  private struct State {
    var offset = 0
    var rest = ""
    var lines = 0
    var starts: [Start] = []
  }

  struct Start {
    /// Wall time in microseconds, when it was seen.
    var at: Int64
    var node: String
  }

  private let path: String
  private let state = Mutex(State())

  init(_ path: String) { self.path = path }

  var lines: Int {
    look()
    return state.withLock { $0.lines }
  }

  var starts: [Start] { state.withLock { $0.starts } }

  @concurrent func watch() async {
    while !Task.isCancelled {
      look()
      try? await Task.sleep(for: .milliseconds(20))
    }
  }

  private func look() {
    state.withLock { state in
      guard let file = FileHandle(forReadingAtPath: path) else { return }
      defer { try? file.close() }
      guard (try? file.seek(toOffset: UInt64(state.offset))) != nil, let new = try? file.readToEnd() else {
        return
      }
      state.offset += new.count
      let now = WallClock.now
      let lines = (state.rest + String(decoding: new, as: UTF8.self)).split(
        separator: "\n",
        omittingEmptySubsequences: false
      )
      state.rest = String(lines.last ?? "")
      for line in lines.dropLast() {
        state.lines += 1
        guard line.hasPrefix("start"), let node = line.split(separator: " ").last else { continue }
        state.starts.append(Start(at: now, node: String(node)))
      }
    }
  }
}
