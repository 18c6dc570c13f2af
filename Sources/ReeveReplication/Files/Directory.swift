import Glibc

/// Directories and the names in them.
enum Directory {
  /// Makes the directory at `path`, and those above it, where there is none; durable on return. Only their user can enter.
  static func make(_ path: String) throws(JournalError) {
    guard mkdir(path, 0o700) != 0 else { return try sync(parent(of: path)) }
    switch errno {
    case EEXIST: return
    case ENOENT where parent(of: path) != path:
      try make(parent(of: path))
      try make(path)
    default: throw .system(errno, "make the directory", path)
    }
  }

  /// Makes the names in the directory durable.
  static func sync(_ path: String) throws(JournalError) {
    try Descriptor(opening: path, flags: O_RDONLY | O_DIRECTORY).sync()
  }

  /// The names in the directory, in no order.
  static func names(in path: String) throws(JournalError) -> [String] {
    guard let directory = opendir(path) else { throw .system(errno, "list", path) }
    defer { closedir(directory) }
    var names: [String] = []
    // The end and an error are told apart by `errno` alone.
    errno = 0
    while let entry = readdir(directory) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      )
    }
    guard errno == 0 else { throw .system(errno, "list", path) }
    return names
  }

  /// Removes the directory at `path` with the files in it, where there is one. It has no directories in it.
  static func remove(_ path: String) throws(JournalError) {
    guard access(path, F_OK) == 0 else { return }
    for name in try names(in: path) where name != "." && name != ".." {
      guard unlink("\(path)/\(name)") == 0 else { throw .system(errno, "remove", "\(path)/\(name)") }
    }
    guard rmdir(path) == 0 else { throw .system(errno, "remove", path) }
  }

  /// What the file system at `path` can still take; `nil` where it does not say.
  static func freeBytes(near path: String) -> UInt? {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return nil }
    return status.f_bavail * status.f_frsize
  }

  private static func parent(of path: String) -> String {
    var path = Substring(path)
    while path.count > 1, path.last == "/" { path.removeLast() }
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
