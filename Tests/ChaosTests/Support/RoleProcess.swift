import Foundation
import Glibc
import ReeveShell
import Synchronization

/// A role's process, started again whenever it dies, as `up` would.
final class RoleProcess: Sendable {
  private struct State {
    var pid: pid_t = 0
    var starts = 0
    /// When it was not there, as wall time in microseconds; the last may be open.
    var absences: [(from: Int64, to: Int64?)] = []
    var isEnding = false
  }

  let role: Role
  private let program: String
  private let arguments: [String]
  private let environment: [String: String]
  private let log: String
  private let lifeline: Int32
  private let state = Mutex(State())

  /// - Parameters:
  ///   - role: whose it is.
  ///   - program: the path of `reeve`.
  ///   - arguments: without the program's name.
  ///   - environment: all of it.
  ///   - log: the file that gets both outputs of all its processes, one after the other.
  ///   - lifeline: the end of a pipe that tells the process when this one is gone.
  init(
    _ role: Role,
    program: String,
    arguments: [String],
    environment: [String: String],
    log: String,
    lifeline: Int32
  ) {
    self.role = role
    self.program = program
    self.arguments = arguments
    self.environment = environment
    self.log = log
    self.lifeline = lifeline
  }

  /// 0 while there is none.
  var pid: pid_t { state.withLock { $0.pid } }
  var starts: Int { state.withLock { $0.starts } }
  var absences: [(from: Int64, to: Int64?)] { state.withLock { $0.absences } }

  func send(_ signal: Int32) { state.withLock { if $0.pid > 0 { kill($0.pid, signal) } } }

  /// Runs until `end`, or until cancelled: then the process is left to others.
  @concurrent func keep() async throws {
    var backoff = Backoff()
    while try start() {
      let began = ContinuousClock.now
      while !reap() { try await Task.sleep(for: .milliseconds(10)) }
      if state.withLock({ $0.isEnding }) { return }
      if ContinuousClock.now - began > .seconds(10) { backoff.reset() }
      try await Task.sleep(for: backoff.delay())
    }
  }

  /// Asks it to end; `keep` returns when it has.
  func end() {
    state.withLock { state in
      state.isEnding = true
      if state.pid > 0 {
        kill(state.pid, SIGCONT)
        kill(state.pid, SIGTERM)
      }
    }
  }

  private func start() throws -> Bool {
    try state.withLock { state in
      guard !state.isEnding else { return false }
      state.pid = try spawn()
      state.starts += 1
      if !state.absences.isEmpty { state.absences[state.absences.count - 1].to = WallClock.now }
      return true
    }
  }

  private func reap() -> Bool {
    state.withLock { state in
      var status: Int32 = 0
      guard waitpid(state.pid, &status, WNOHANG) == state.pid else { return false }
      state.pid = 0
      state.absences.append((WallClock.now, nil))
      return true
    }
  }

  private func spawn() throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
    // Where `--exit-with-parent` looks for it.
    posix_spawn_file_actions_adddup2(&actions, lifeline, 3)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
    posix_spawnattr_setflags(&attributes, Int16(flags))
    let words = ([program] + arguments + ["--exit-with-parent"]).map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for word in words + variables { free(word) } }
    var pid: pid_t = 0
    let error = posix_spawn(&pid, program, &actions, &attributes, words, variables)
    guard error == 0 else { throw ChaosError("\(program): \(String(cString: strerror(error)))") }
    return pid
  }
}

/// The time that the journal's facts bear.
enum WallClock {
  /// Microseconds since 1970.
  static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
  }
}
