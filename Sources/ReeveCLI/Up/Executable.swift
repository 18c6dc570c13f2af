import Glibc
import ReeveClient

/// Where this program is, and the supervisor that belongs to it.
enum Executable {
  static var path: String {
    var buffer = [CChar](repeating: 0, count: 4_096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    guard count > 0 else { return CommandLine.arguments.first ?? "reeve" }
    let text = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // The kernel says so of one that was replaced while it ran; the new one stands at the same place.
    return text.hasSuffix(" (deleted)") ? String(text.dropLast(" (deleted)".count)) : text
  }

  /// `REEVE_SPAWN`, else beside this program.
  static var supervisor: String {
    if let named = ClusterAddress.variable("REEVE_SPAWN") { return named }
    let path = path
    let directory = path.lastIndex(of: "/").map { path[..<$0] } ?? "."
    return "\(directory)/reeve-spawn"
  }
}
