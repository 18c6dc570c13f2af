import Foundation
import Glibc
import ReeveModel
import ReeveShell

/// The directory of a cluster on this machine, held by one `up` at a time.
struct DataDirectory {
  let path: String
  /// Locked as long as it is open: a death frees it at once.
  private let lock: Int32

  var token: String { "\(path)/token" }
  var address: String { "\(path)/address" }
  var logs: String { "\(path)/log" }

  init(holding path: String) throws {
    try makeDirectory("\(path)/log")
    // Roles get it as an argument and may work elsewhere.
    guard let absolute = realpath(path, nil) else {
      throw UsageError("\(path.quoted) cannot be entered: \(String(cString: strerror(errno)))")
    }
    defer { free(absolute) }
    self.path = String(cString: absolute)
    lock = open("\(path)/up.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      throw Refusal(
        .conflict,
        field: "data",
        "A cluster is up in \"\(path)\" already. End it first, or choose another directory with --data."
      )
    }
  }

  /// Where the master listened the last time, if nobody else listens there now: shells that know that address go on.
  var lastAddress: Address? {
    guard let text = try? String(contentsOfFile: address, encoding: .utf8),
      let last = try? Address(parsing: text.trimmingCharacters(in: .whitespacesAndNewlines)),
      !last.isIPv6, Self.isFree(last)
    else { return nil }
    return last
  }

  private static func isFree(_ address: Address) -> Bool {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { return false }
    defer { close(socket) }
    var on: Int32 = 1
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = in_port_t(address.port).bigEndian
    guard inet_pton(AF_INET, address.host, &place.sin_addr) == 1 else { return false }
    return withUnsafePointer(to: &place) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  /// What the end of a role's log says.
  func tail(ofLog name: String) -> String {
    let bytes = FileManager.default.contents(atPath: "\(logs)/\(name).log") ?? Data()
    let lines = String(decoding: bytes.suffix(4_096), as: UTF8.self).split(separator: "\n")
    return lines.suffix(3).joined(separator: "\n")
  }
}

/// Makes a directory with all above it, for this user only.
func makeDirectory(_ path: String) throws {
  do {
    try FileManager.default.createDirectory(
      atPath: path,
      withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700]
    )
  } catch {
    throw UsageError("\(path.quoted) cannot be made: \(error.localizedDescription)")
  }
}
