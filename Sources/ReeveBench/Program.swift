import Glibc
import ReeveModel

/// A process of a program, without a shell between.
struct Program: Sendable {
  let pid: pid_t

  /// - Parameters:
  ///   - arguments: the program's path first.
  ///   - variables: set beside those of this process.
  ///   - output: the file that gets standard output; `nil` is nowhere.
  /// - Throws: where there is no such program.
  init(
    _ arguments: [String],
    variables: [String: String] = [:],
    output: String? = nil
  ) throws(Refusal) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output ?? "/dev/null", flags, 0o600)
    var pid: pid_t = 0
    let program = arguments[0]
    let error = withCStrings(arguments) { arguments in
      withCStrings(Self.environment(with: variables)) { environment in
        posix_spawn(&pid, program, &actions, nil, arguments, environment)
      }
    }
    guard error == 0 else {
      throw Refusal(
        .unavailable,
        "\(program.quoted) cannot be started: \(String(cString: strerror(error)))"
      )
    }
    self.pid = pid
  }

  /// - Returns: the exit status, or 128 and the signal.
  @discardableResult
  func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return Self.exitCode(status)
  }

  /// The exit status if it has ended, which takes it away.
  func poll() -> Int32? {
    var status: Int32 = 0
    return waitpid(pid, &status, WNOHANG) == pid ? Self.exitCode(status) : nil
  }

  private static func exitCode(_ status: Int32) -> Int32 {
    status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
  }

  private static func environment(with variables: [String: String]) -> [String] {
    var strings = variables.map { "\($0.key)=\($0.value)" }
    var entry = environ
    while let text = entry.pointee {
      let string = String(cString: text)
      if variables[String(string.prefix { $0 != "=" })] == nil { strings.append(string) }
      entry += 1
    }
    return strings
  }
}

/// The strings as C wants them, ended by a null pointer.
func withCStrings<R>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R) -> R {
  let copies = strings.map { strdup($0) } + [nil]
  defer { for copy in copies { free(copy) } }
  return body(copies)
}
