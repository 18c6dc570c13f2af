import Glibc

/// A call to the file system that failed, in words.
package struct FileError: Error, CustomStringConvertible {
  package let action: String
  package let errno: Int32

  package var description: String { "cannot \(action): \(String(cString: strerror(errno)))" }
}

/// The few things that this target asks of the file system.
enum Files {
  /// Makes one directory; that it exists is no failure.
  static func makeDirectory(_ path: String) throws(FileError) {
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
      throw FileError(action: "make the directory \(path)", errno: errno)
    }
  }

  static func makeEmptyFile(_ path: String) throws(FileError) {
    let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard file >= 0 else { throw FileError(action: "make \(path)", errno: errno) }
    close(file)
  }

  static func size(_ path: String) -> UInt64? {
    var found = stat()
    return stat(path, &found) == 0 ? UInt64(found.st_size) : nil
  }

  static func list(_ path: String) throws(FileError) -> [String] {
    guard let directory = opendir(path) else { throw FileError(action: "list \(path)", errno: errno) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  /// A small text file of the kernel's; nil if it cannot be read.
  static func text(_ path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    let chunk = 16 << 10
    while true {
      let count = withUnsafeTemporaryAllocation(byteCount: chunk, alignment: 16) { room in
        let count = read(file, room.baseAddress, chunk)
        if count > 0 { bytes.append(contentsOf: room[..<count]) }
        return count
      }
      guard count > 0 else { return count == 0 ? String(decoding: bytes, as: UTF8.self) : nil }
    }
  }
}
