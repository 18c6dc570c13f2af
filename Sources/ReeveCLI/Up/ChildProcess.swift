import Glibc
import ReeveModel

/// Starts this program again in one of its roles.
enum ChildProcess {
  /// - Parameters:
  ///   - arguments: without the program's name.
  ///   - log: the file that gets both outputs, at its end.
  ///   - lifeline: becomes the child's `Lifeline.descriptor`.
  /// - Returns: its id.
  /// - Throws: `unavailable` where the system does not start it.
  static func spawn(_ arguments: [String], log: String, lifeline: Int32) throws(Refusal) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log, O_WRONLY | O_CREAT | O_APPEND, 0o640)
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
    posix_spawn_file_actions_adddup2(&actions, lifeline, Lifeline.descriptor)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    // A group of its own, so that Ctrl-C reaches only the one that ends them in order.
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP)
    )

    var pid: pid_t = 0
    let strings = (["reeve"] + arguments).map { strdup($0) } + [nil]
    defer { for string in strings { free(string) } }
    // By this path it is the program that runs, also when the file has been replaced.
    let error = posix_spawn(&pid, "/proc/self/exe", &actions, &attributes, strings, environ)
    guard error == 0 else {
      throw Refusal(.unavailable, "\(arguments[0]) cannot be started: \(String(cString: strerror(error)))")
    }
    return pid
  }
}
