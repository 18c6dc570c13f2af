package import ReeveModel
import Foundation

/// The cluster's secret, which every call carries: loopback is no authentication.
package struct Token: Sendable {
  package let text: String

  /// Reads a token file. Its readers are its owner's only, else it is refused.
  package static func read(_ path: String) throws(Refusal) -> Token {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let mode = attributes?[.posixPermissions] as? Int,
      let bytes = FileManager.default.contents(atPath: path)
    else {
      throw Refusal(
        .denied,
        field: "token",
        "The token file \"\(path)\" cannot be read (\(String(cString: strerror(errno)))). "
          + "Set REEVE_TOKEN_FILE to the file `token` in the data directory of the cluster."
      )
    }
    guard mode & 0o077 == 0 else {
      throw Refusal(
        .denied,
        field: "token",
        "The token file \"\(path)\" can be read by others. Run: chmod 600 \(path)"
      )
    }
    let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    guard text.utf8.count >= 16 else {
      throw Refusal(.denied, field: "token", "The token file \"\(path)\" holds no token.")
    }
    return Token(text: text)
  }

  /// The token of a data directory, made at the first start with mode 0600.
  package static func readOrCreate(_ path: String) throws(Refusal) -> Token {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor >= 0 {
      defer { close(descriptor) }
      var random = SystemRandomNumberGenerator()
      let text = (0..<4).map { _ in hex(random.next()) }.joined() + "\n"
      guard write(descriptor, text, text.utf8.count) == text.utf8.count else {
        unlink(path)
        throw Refusal(.unavailable, field: "token", "\"\(path)\" cannot be written: is the disk full?")
      }
    } else if errno != EEXIST {
      throw Refusal(
        .unavailable,
        field: "token",
        "\"\(path)\" cannot be made: \(String(cString: strerror(errno)))."
      )
    }
    return try read(path)
  }

  private static func hex(_ n: UInt64) -> String {
    let digits = String(n, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Compares without telling by its time how much was right.
  package func matches(_ other: some Collection<UInt8>) -> Bool {
    let own = Array(text.utf8)
    guard own.count == other.count else { return false }
    return zip(own, other).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
