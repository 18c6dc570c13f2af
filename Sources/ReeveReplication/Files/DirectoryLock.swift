import Glibc

/// The right of one process to write in a directory, held as a lock on `DIR/lock` until the value is gone.
///
/// The kernel drops the lock with the process, however that ends: there is nothing to clean up. The file stays, because
/// removing it would let two processes hold locks on two files of one name.
struct DirectoryLock: ~Copyable {
  private let file: Descriptor

  /// - Throws: `.locked` with the holder's pid if another process (or this one) holds it.
  init(directory: String) throws(JournalError) {
    let file = try Descriptor(opening: directory + "/lock", flags: O_RDWR | O_CREAT)
    guard flock(file.number, LOCK_EX | LOCK_NB) == 0 else {
      guard errno == EWOULDBLOCK else { throw .system(errno, "lock", file.path) }
      throw Self.held(file)
    }
    // In this order: what overwrites needs no room, and a full disk would not give back what it was given. Where it fails
    // all the same, only the name of the holder is wrong.
    let name = Array("\(getpid())\n".utf8)
    if (try? file.write(name[...], at: 0)) != nil { try? file.truncate(to: name.count) }
    self.file = file
  }

  // Said aloud: a child that is just being started has the file too, until it has become its program.
  deinit { flock(file.number, LOCK_UN) }

  private static func held(_ file: borrowing Descriptor) -> JournalError {
    let text = (try? file.contents()).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let holder = Int32(text.prefix { $0.isNumber }).map { "process \($0)" } ?? "another process"
    return JournalError(
      .locked,
      "\(holder) has the journal open (it holds \(file.path)). Two masters cannot write one journal: stop that process "
        + "first, or give this one another directory."
    )
  }
}
