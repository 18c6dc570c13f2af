import Glibc

/// What attempts wrote to their standard streams, while they run and afterwards.
package struct OutputLog: Sendable {
  package enum Stream: String, Sendable, CaseIterable {
    case stdout, stderr
  }

  /// Where an attempt's files are.
  package enum Place: Hashable, Sendable {
    /// It runs, or its end has not been dealt with.
    case slot(Slot)
    /// Its slot was given back under these names. An attempt that wrote nothing has nothing there.
    case kept(task: String, attempt: String)
  }

  package static let tailBytes = 4096

  private let directory: String

  /// - Parameter directory: the node's directory.
  package init(directory: String) { self.directory = directory }

  /// Whether the attempt's slot was given back and kept under these names: what has its number now is another's.
  package func isKept(task: String, attempt: String) -> Bool {
    access("\(directory)/\(KeptAttempt.path(task: task, attempt: attempt))", F_OK) == 0
  }

  /// How much there is by now; 0 for what was never written.
  package func size(of stream: Stream, at place: Place) -> UInt64 {
    Files.size(path(of: stream, at: place)) ?? 0
  }

  /// Up to `count` bytes from `offset` on; fewer only at the end of what there is by now.
  package func read(
    _ stream: Stream,
    at place: Place,
    from offset: UInt64,
    atMost count: Int
  ) throws(FileError) -> [UInt8] {
    let path = path(of: stream, at: place)
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else {
      if errno == ENOENT { return [] }
      throw FileError(action: "open \(path)", errno: errno)
    }
    defer { close(file) }
    var found = stat()
    guard fstat(file, &found) == 0, found.st_mode & S_IFMT == S_IFREG else {
      throw FileError(action: "read \(path), which is no file", errno: EINVAL)
    }
    let size = UInt64(found.st_size)
    guard offset < size, count > 0 else { return [] }
    return try readAll(file, path, from: offset, count: Int(min(UInt64(count), size - offset)))
  }

  /// The last 4 KiB.
  package func tail(_ stream: Stream, at place: Place) throws(FileError) -> [UInt8] {
    let size = size(of: stream, at: place)
    let length = min(size, UInt64(Self.tailBytes))
    return try read(stream, at: place, from: size - length, atMost: Int(length))
  }

  private func readAll(
    _ file: Int32,
    _ path: String,
    from offset: UInt64,
    count: Int
  ) throws(FileError) -> [UInt8] {
    var failure: Int32?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { room, filled in
      while filled < count {
        let more = pread(file, room.baseAddress?.advanced(by: filled), count - filled, off_t(offset) + filled)
        if more < 0 && errno == EINTR { continue }
        if more < 0 { failure = errno }
        if more <= 0 { break }
        filled += more
      }
    }
    if let failure { throw FileError(action: "read \(path)", errno: failure) }
    return bytes
  }

  private func path(of stream: Stream, at place: Place) -> String {
    switch place {
    case .slot(let slot): "\(directory)/\(slot.path)/\(stream.rawValue)"
    case .kept(let task, let attempt):
      "\(directory)/\(KeptAttempt.path(task: task, attempt: attempt))/\(stream.rawValue)"
    }
  }
}
