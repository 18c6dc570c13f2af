import FoundationEssentials

/// The manifest's file: a line of JSON and a line with its checksum (CRC-32C, eight hexadecimal digits).
///
/// The two lines, and `format` and `content` in the first, stay what they are in every later format, so that an older Reeve
/// can tell "newer" from "damaged".
enum ManifestFile {
  static let name = "manifest"
  static let format: UInt32 = 1

  private struct Versions: Codable {
    var format: UInt32
    var content: UInt32
  }

  static func encode(_ manifest: SnapshotManifest) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let line = [UInt8](try encoder.encode(manifest))
    return line + [newline] + Array(checksum(line).utf8) + [newline]
  }

  /// - Returns: `nil` if the bytes are not what was written.
  /// - Throws: `JournalError` if they are, and are of a later version.
  static func decode(_ bytes: [UInt8], _ path: String, content: UInt32) throws -> SnapshotManifest? {
    guard let end = bytes.firstIndex(of: newline) else { return nil }
    let line = Array(bytes[..<end])
    guard Array(bytes[end...].dropFirst()) == Array(checksum(line).utf8) + [newline],
      let versions = try? JSONDecoder().decode(Versions.self, from: Data(line))
    else { return nil }
    guard versions.format <= format, versions.content <= content else {
      throw JournalError.newerSnapshot(path, versions.format, versions.content, known: (format, content))
    }
    guard versions.content == content else {
      throw JournalError.older(path, what: "content of version \(versions.content)")
    }
    return try? JSONDecoder().decode(SnapshotManifest.self, from: Data(line))
  }

  private static let newline: UInt8 = 10

  private static func checksum(_ bytes: [UInt8]) -> String {
    bytes.withUnsafeBytes { CRC32C.checksum($0) }.padded(to: 8, radix: 16)
  }
}

/// The sentences for snapshots that cannot be used.
extension JournalError {
  static func newerSnapshot(
    _ path: String,
    _ format: UInt32,
    _ content: UInt32,
    known: (UInt32, UInt32)
  ) -> JournalError {
    JournalError(
      .newerFormat,
      "\(path) is of format \(format).\(content), which this version of Reeve does not know (it knows "
        + "\(known.0).\(known.1)). Nothing has been changed. Start the version that wrote it, or a later one."
    )
  }

  static func snapshotOfOther(_ path: String, found: String, expected: String) -> JournalError {
    JournalError(
      .otherCluster,
      "\(path) belongs to the cluster \(found), not to \(expected). Nothing has been changed. Start that cluster here, or "
        + "give this one another directory."
    )
  }

  static func damagedPart(_ path: String, because reason: String) -> JournalError {
    JournalError(.damaged, "\(path) is damaged: \(reason).")
  }
}
