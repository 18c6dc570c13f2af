import Glibc
import Synchronization

/// Standard output, gathered: a million lines cost a few thousand writes.
enum StandardOutput {
  private static let buffer = Mutex<[UInt8]>([])
  private static let room = 64 << 10

  static func write(_ text: String) { write(bytes: text.utf8) }

  static func write(bytes: some Collection<UInt8>) { write { $0.append(contentsOf: bytes) } }

  /// Has something added to what is gathered, and written out when that is enough.
  static func write(_ add: (inout [UInt8]) -> Void) {
    let isFull = buffer.withLock { buffer in
      add(&buffer)
      return buffer.count >= room
    }
    if isFull { flush() }
  }

  static func flush() {
    buffer.withLock { buffer in
      guard !buffer.isEmpty else { return }
      if !writeAll(buffer, to: STDOUT_FILENO) { giveUp() }
      buffer.removeAll(keepingCapacity: true)
    }
  }

  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Nobody reads any more: ends as if SIGPIPE had been left alone, without a word.
  private static func giveUp() -> Never {
    if errno != EPIPE {
      StandardError.write("reeve: standard output cannot be written: \(String(cString: strerror(errno)))\n")
    }
    _exit(errno == EPIPE ? 128 + SIGPIPE : 125)
  }
}

enum StandardError {
  static func write(_ text: String) { _ = writeAll(Array(text.utf8), to: STDERR_FILENO) }
  static func write(bytes: [UInt8]) { _ = writeAll(bytes, to: STDERR_FILENO) }
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Columns of the terminal.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}

/// `false` with `errno` where not all could be written.
private func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
  bytes.withUnsafeBytes { bytes in
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count < 0 {
        if errno == EINTR { continue }
        guard errno == EAGAIN else { return false }
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&wait, 1, -1)
        continue
      }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
