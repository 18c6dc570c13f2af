import Glibc

/// An open file or directory, closed with its owner. Every error names the path and what was being done.
struct Descriptor: ~Copyable {
  let number: Int32
  let path: String

  /// Opens `path`, close-on-exec, so that no child of the process keeps it (or a lock on it) alive. What it makes only its
  /// user can read: the journal holds commands and environments.
  init(opening path: String, flags: Int32) throws(JournalError) {
    let number = open(path, flags | O_CLOEXEC, 0o600)
    guard number >= 0 else { throw .system(errno, "open", path) }
    self.number = number
    self.path = path
  }

  deinit { close(number) }

  /// The file's length in bytes.
  func size() throws(JournalError) -> Int {
    var status = stat()
    guard fstat(number, &status) == 0 else { throw .system(errno, "examine", path) }
    return status.st_size
  }

  /// The whole file, as long as it is now.
  func contents() throws -> [UInt8] { try read(try size(), at: 0) }

  /// Up to so many bytes from `offset` on; fewer where the file ends.
  func read(_ most: Int, at offset: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: most) { target, count in
      while count < most {
        let read = pread(number, target.baseAddress.map { $0 + count }, most - count, offset + count)
        if read < 0 && errno == EINTR { continue }
        guard read >= 0 else { throw JournalError.system(errno, "read", path) }
        guard read > 0 else { return }
        count += read
      }
    }
  }

  /// Writes all of `bytes` at `offset`; not durable until synced.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(JournalError) {
    var done = 0
    while done < bytes.count {
      let written = pwrite(number, bytes.baseAddress.map { $0 + done }, bytes.count - done, offset + done)
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw .system(written < 0 ? errno : ENOSPC, "write", path) }
      done += written
    }
  }

  /// Writes all of `bytes` at `offset`; not durable until synced.
  func write(_ bytes: ArraySlice<UInt8>, at offset: Int) throws(JournalError) {
    let result = bytes.withUnsafeBytes { pointer in
      Result { () throws(JournalError) in try write(pointer, at: offset) }
    }
    try result.get()
  }

  /// Makes the file exactly `size` bytes long.
  func truncate(to size: Int) throws(JournalError) {
    guard ftruncate(number, size) == 0 else { throw .system(errno, "set the length of", path) }
  }

  /// Makes the file's bytes durable, and of its metadata what is needed to read them.
  func syncData() throws(JournalError) {
    guard fdatasync(number) == 0 else { throw .system(errno, "sync", path) }
  }

  /// Makes bytes and metadata durable; for a directory, the names in it.
  func sync() throws(JournalError) {
    guard fsync(number) == 0 else { throw .system(errno, "sync", path) }
  }
}

extension JournalError {
  /// The sentence for a failed system call.
  static func system(_ number: Int32, _ verb: String, _ path: String) -> JournalError {
    let reason = String(cString: strerror(number))
    switch number {
    case ENOSPC:
      return JournalError(
        .diskFull,
        "cannot \(verb) \(path): its file system is full (\(freeMebibytes(near: path)) MiB free). "
          + "Make room there, then start again."
      )
    case EDQUOT:
      return JournalError(
        .diskFull,
        "cannot \(verb) \(path): the disk quota of this user is used up. Raise it, then start again."
      )
    case EFBIG:
      return JournalError(
        .diskFull,
        "cannot \(verb) \(path): the file size limit of this process is reached. Raise it (`ulimit -f`), then start again."
      )
    case EACCES, EPERM, EROFS:
      return JournalError(
        .unwritable,
        "cannot \(verb) \(path): \(reason). The user that runs the master must be able to write there."
      )
    default:
      return JournalError(.inputOutput, "cannot \(verb) \(path): \(reason).")
    }
  }

  private static func freeMebibytes(near path: String) -> UInt {
    (Directory.freeBytes(near: path) ?? 0) >> 20
  }
}
