import Foundation
import Glibc

/// A pipe that tells a role when the process that started it is gone, however it died.
///
/// The starter holds the one end that can be written to, each role one that can be read: it reads its end when nobody
/// holds the other any more.
enum Lifeline {
  /// Where a role finds its end.
  static let descriptor: Int32 = 3

  /// Has this process end itself, politely at first, when the starter is gone.
  static func follow() {
    // Tasks must not hold it: they go on without us.
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    let thread = Thread {
      var byte: UInt8 = 0
      while true {
        let count = read(descriptor, &byte, 1)
        if count == 0 || count < 0 && errno != EINTR { break }
      }
      kill(getpid(), SIGTERM)
      sleep(10)
      _exit(1)
    }
    thread.stackSize = 1 << 16
    thread.start()
  }
}
