import Glibc
import ReeveOutput

/// What Ctrl-C says and does while somebody waits for a job: the job goes on.
enum Interruption {
  // Read by a signal handler: set before the handler is, and never again.
  nonisolated(unsafe) private static var text: UnsafeMutablePointer<CChar>?
  nonisolated(unsafe) private static var length = 0

  /// `advice` says how to go on following what goes on.
  static func explain(_ advice: String) {
    let message = "\nreeve: interrupted; \(advice)\n"
    text = strdup(message)
    length = message.utf8.count
    signal(SIGINT) { _ in
      write(STDERR_FILENO, Interruption.text, Interruption.length)
      _exit(ExitStatus.interrupted)
    }
  }
}
