import CZstd
import Glibc

/// Snapshots as directories in `DIR/snapshots`, each named by its position: files of parts, packed with zstd, and a manifest.
///
/// A snapshot is made in `new`, synced, and renamed; then its manifest is written, synced and renamed into it. Whatever dies
/// in between leaves a directory without a manifest, which is removed by the next that writes here. Only who holds the lock
/// of `DIR` (as an open `FileJournal` does) may write, one at a time.
package struct FileSnapshots: Snapshots, Sendable {
  private let directory: String
  private let cluster: String
  private let content: UInt32
  private static let aside = ".damaged"
  /// Of those set aside: enough to be looked at, and a failing disk does not fill up with them.
  private static let asideMax = 2

  /// - Parameters:
  ///   - directory: as for `FileJournal`.
  ///   - cluster: the id of the cluster whose state these are; another's are refused.
  ///   - content: the version of what is in the parts; what is of a later one is refused.
  /// - Throws: `JournalError`.
  package init(directory: String, cluster: UInt128, content: UInt32) throws {
    self.directory = directory + "/snapshots"
    self.cluster = JournalError.hexadecimal(cluster)
    self.content = content
    try Directory.make(self.directory)
  }

  package func list(warn: (String) -> Void) throws -> SnapshotList {
    var list = SnapshotList()
    for position in try positions() {
      let path = "\(path(of: position))/\(ManifestFile.name)"
      if access(path, F_OK) != 0, errno == ENOENT { continue }
      let bytes: [UInt8]
      do {
        bytes = try Descriptor(opening: path, flags: O_RDONLY).contents()
      } catch {
        list.unreadable = max(list.unreadable, position)
        warn("The snapshot of position \(position) is passed over for now and left as it is: \(error)")
        continue
      }
      guard let manifest = try ManifestFile.decode(bytes, path, content: content),
        manifest.position == position
      else {
        warn(
          "\(path) is damaged: its checksum is not that of its content. There is no such snapshot any more."
        )
        continue
      }
      guard manifest.cluster == cluster else {
        throw JournalError.snapshotOfOther(path, found: manifest.cluster, expected: cluster)
      }
      list.found.append(manifest)
    }
    return list
  }

  package func read(_ snapshot: SnapshotManifest, _ body: (_ part: [UInt8]) throws -> Void) throws {
    let compressor = ChunkCompressor()
    for part in snapshot.parts {
      let path = "\(path(of: snapshot.position))/\(part.name)"
      if access(path, F_OK) != 0, errno == ENOENT {
        throw JournalError.damagedPart(path, because: "it is missing")
      }
      let bytes = try Descriptor(opening: path, flags: O_RDONLY).contents()
      guard bytes.count == part.bytes else {
        throw JournalError.damagedPart(path, because: "it has \(bytes.count) bytes of \(part.bytes)")
      }
      let unpacked = bytes.withUnsafeBytes { bytes in
        CRC32C.checksum(bytes) == part.checksum
          ? compressor.unpack(bytes, length: part.unpackedBytes) : nil
      }
      guard let unpacked else {
        throw JournalError.damagedPart(path, because: "its checksum is not that of its content")
      }
      try body(unpacked)
    }
  }

  package func write(
    position: UInt64,
    parts: (_ add: (_ part: [UInt8]) throws -> Void) throws -> Void
  ) throws -> SnapshotManifest {
    try removeUnfinished()
    let new = directory + "/new"
    try Directory.make(new)
    var written: [SnapshotManifest.Part] = []
    let compressor = ChunkCompressor()
    do {
      try parts { part in
        written.append(try Self.write(part, to: new, as: "part-\(written.count)", compressor))
      }
    } catch {
      // Half a snapshot is of no use, and on a full disk in everybody's way.
      try? Directory.remove(new)
      throw error
    }
    let manifest = SnapshotManifest(
      format: ManifestFile.format,
      content: content,
      cluster: cluster,
      position: position,
      parts: written
    )
    try publish(manifest, from: new)
    return manifest
  }

  package func removeOlder(than position: UInt64) throws {
    for older in try positions() where older < position {
      // First the manifest: half a snapshot is none.
      unlink("\(path(of: older))/\(ManifestFile.name)")
      try Directory.remove(path(of: older))
    }
  }

  /// Gives one that proved damaged another name, so that it counts no more and can still be looked at. The two newest are
  /// kept.
  /// - Returns: its new path.
  package func setAside(_ snapshot: SnapshotManifest) throws -> String {
    let aside = path(of: snapshot.position) + Self.aside
    try Directory.remove(aside)
    guard rename(path(of: snapshot.position), aside) == 0 else {
      throw JournalError.system(errno, "rename", path(of: snapshot.position))
    }
    try Directory.sync(directory)
    let all = try Directory.names(in: directory).filter { $0.hasSuffix(Self.aside) }.sorted(by: >)
    for name in all.dropFirst(Self.asideMax) { try Directory.remove("\(directory)/\(name)") }
    return aside
  }

  /// Removes what has no manifest.
  package func removeUnfinished() throws {
    try Directory.remove(directory + "/new")
    for name in try Directory.names(in: directory) where PositionName.snapshot.position(in: name) != nil {
      let path = "\(directory)/\(name)"
      // Any other error says nothing of whether there is one.
      if access("\(path)/\(ManifestFile.name)", F_OK) != 0, errno == ENOENT { try Directory.remove(path) }
    }
  }

  /// Of the directories, whether or not there is a snapshot in them, the newest first.
  private func positions() throws -> [UInt64] {
    try Directory.names(in: directory).compactMap(PositionName.snapshot.position).sorted(by: >)
  }

  private func path(of position: UInt64) -> String { "\(directory)/\(PositionName.snapshot.of(position))" }

  private static func write(
    _ part: [UInt8],
    to directory: String,
    as name: String,
    _ compressor: ChunkCompressor
  ) throws -> SnapshotManifest.Part {
    var packed = [UInt8](repeating: 0, count: ZSTD_compressBound(part.count))
    let length = part.withUnsafeBytes { source in
      packed.withUnsafeMutableBytes { compressor.pack(source, into: $0) }
    }
    guard let length else { throw JournalError(.inputOutput, "zstd cannot pack \(part.count) bytes.") }
    let file = try Descriptor(opening: "\(directory)/\(name)", flags: O_RDWR | O_CREAT | O_TRUNC)
    try file.write(packed[..<length], at: 0)
    try file.sync()
    return SnapshotManifest.Part(
      name: name,
      bytes: length,
      unpackedBytes: part.count,
      checksum: packed[..<length].withUnsafeBytes { CRC32C.checksum($0) }
    )
  }

  private func publish(_ manifest: SnapshotManifest, from new: String) throws {
    let path = path(of: manifest.position)
    try Directory.sync(new)
    try Directory.remove(path)
    guard rename(new, path) == 0 else { throw JournalError.system(errno, "rename", new) }
    try Directory.sync(directory)
    let temporary = "\(path)/\(ManifestFile.name).new"
    do {
      let file = try Descriptor(opening: temporary, flags: O_RDWR | O_CREAT | O_TRUNC)
      try file.write(ManifestFile.encode(manifest)[...], at: 0)
      try file.sync()
    }
    guard rename(temporary, "\(path)/\(ManifestFile.name)") == 0 else {
      throw JournalError.system(errno, "rename", temporary)
    }
    try Directory.sync(path)
  }
}
