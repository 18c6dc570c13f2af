import Glibc
import ReeveModel
import ReeveShell

/// Signals as bytes of a pipe, so that one thread can wait for them together with a time.
enum SignalPipe {
  // Written by a signal handler: set before the handler is, and never again.
  nonisolated(unsafe) private static var input: Int32 = -1

  /// - Returns: the end to wait on.
  static func open(_ signals: [Int32]) -> Int32 {
    var ends: [Int32] = [-1, -1]
    precondition(pipe(&ends) == 0, "no pipe: errno \(errno)")
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    input = ends[1]
    for number in signals {
      signal(number) { number in
        let before = errno
        var byte = UInt8(truncatingIfNeeded: number)
        write(SignalPipe.input, &byte, 1)
        errno = before
      }
    }
    return ends[0]
  }

  /// Ends a wait without a signal.
  static func wake() {
    var byte: UInt8 = 0
    _ = write(input, &byte, 1)
  }

  /// The signals that came; none where the time did first.
  static func wait(_ output: Int32, until deadline: Instant?) -> [Int32] {
    var timeout: Int32 = -1
    if let deadline {
      timeout = Int32(clamping: max(0, (deadline - BootClock.boot()).microseconds + 999) / 1_000)
    }
    var event = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
    poll(&event, 1, timeout)
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(output, &bytes, bytes.count)
    return count > 0 ? bytes[..<count].map { Int32($0) }.filter { $0 != 0 } : []
  }
}
