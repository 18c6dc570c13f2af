import Foundation
import Glibc

/// Processes as `/proc` shows them.
enum Processes {
  struct Role {
    var pid: pid_t
    /// `master`, `rack` or `agent`.
    var verb: String
    /// `--name`, which the master has none of.
    var name: String?
  }

  /// The roles that a process has started.
  static func roles(of parent: pid_t) -> [Role] {
    all.filter { self.parent(of: $0) == parent }.compactMap { pid in
      let words = words(pid, "cmdline")
      guard words.count > 1 else { return nil }
      let flag = words.firstIndex(of: "--name")
      return Role(pid: pid, verb: words[1], name: flag.map { words[$0 + 1] })
    }
  }

  /// Whose command line or environment speaks of `text`: a temporary directory's path is in both of whatever serves it.
  static func mentioning(_ text: String) -> [pid_t] {
    all.filter { pid in
      pid != getpid() && ["cmdline", "environ"].contains { words(pid, $0).contains { $0.contains(text) } }
    }
  }

  static func describe(_ pid: pid_t) -> String { "\(pid) (\(words(pid, "cmdline").joined(separator: " ")))" }

  /// Neither gone nor a zombie.
  static func isAlive(_ pid: pid_t) -> Bool {
    guard let stat = stat(pid) else { return false }
    return stat.first != "Z" && stat.first != "X"
  }

  private static var all: [pid_t] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { pid_t($0) }
  }

  private static func words(_ pid: pid_t, _ file: String) -> [String] {
    guard let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/\(file)") else { return [] }
    return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }

  private static func parent(of pid: pid_t) -> pid_t? {
    stat(pid).flatMap { $0.count > 1 ? pid_t($0[1]) : nil }
  }

  /// The fields behind the name, which may hold anything: state, parent, …
  private static func stat(_ pid: pid_t) -> [Substring]? {
    guard let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.lastIndex(of: ")").map { text[text.index(after: $0)...].split(separator: " ") }
  }
}
