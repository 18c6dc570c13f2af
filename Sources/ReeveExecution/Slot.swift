import Glibc

/// A directory that tasks run in, one after the other: `slots/K` of a node, with `work/`, `stdout` and `stderr`.
package struct Slot: Hashable, Sendable {
  package let number: Int

  package init(number: Int) { self.number = number }

  /// The slot of a path as the supervisor gives it back; nil if it is none.
  package init?(path: String) {
    let prefix = "slots/"
    guard path.hasPrefix(prefix), let number = Int(path.dropFirst(prefix.count)), number >= 0 else {
      return nil
    }
    self.number = number
  }

  /// As the supervisor takes it: from the node's directory.
  package var path: String { "slots/\(number)" }

  /// What its task is told, a line each. In `work/`, so that a slot that has one counts as touched; made with the first line,
  /// for a file costs more than most tasks would make of it.
  package var messages: String { "\(path)/work/.messages" }

  /// Appends a line in one piece, so that who reads along never sees a part of it.
  /// - Throws: where it cannot be written, or is not there to be written to.
  package func tell(_ line: [UInt8], in directory: String) throws(FileError) {
    // The task can put anything in its place: a link must not lead out of the sandbox, a pipe must not stop the agent.
    let flags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
    let file = open("\(directory)/\(messages)", flags, 0o644)
    guard file >= 0 else { throw FileError(action: "open \(messages)", errno: errno) }
    defer { close(file) }
    let bytes = line + [UInt8(ascii: "\n")]
    guard write(file, bytes, bytes.count) == bytes.count else {
      throw FileError(action: "write to \(messages)", errno: errno)
    }
  }
}

/// Where the files of ended attempts are kept: `tasks/TASK/ATTEMPT` of a node.
enum KeptAttempt {
  /// Long enough for any sensible name, and short enough for a file's name with something added.
  static let longestName = 200

  static func path(task: String, attempt: String) -> String {
    "tasks/\(directoryName(task))/\(directoryName(attempt))"
  }

  /// A name that is one directory's: what could mean something to a file system is percent-encoded. What is too long
  /// ends in a hash of the whole instead.
  static func directoryName(_ name: String) -> String {
    var result = ""
    for (i, byte) in name.utf8.enumerated() {
      switch byte {
      case UInt8(ascii: "."), UInt8(ascii: "-"):
        result += i == 0 ? percent(byte) : String(UnicodeScalar(byte))
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "="),
        UInt8(ascii: "@"), UInt8(ascii: ","):
        result.unicodeScalars.append(UnicodeScalar(byte))
      default: result += percent(byte)
      }
    }
    if result.isEmpty { return "%" }
    guard result.utf8.count > longestName else { return result }
    return "\(result.prefix(longestName - 17))~\(hexadecimal(hash(name), digits: 16))"
  }

  private static func percent(_ byte: UInt8) -> String { "%" + hexadecimal(UInt64(byte), digits: 2) }

  private static func hexadecimal(_ number: UInt64, digits: Int) -> String {
    let text = String(number, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  /// FNV-1a: the same in every process, unlike `Hasher`.
  private static func hash(_ name: String) -> UInt64 {
    name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
