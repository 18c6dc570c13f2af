import Foundation
import Glibc
import ReeveModel
import ReeveShell
import Synchronization

/// Keeps the processes of a cluster's roles: starts again what dies, and ends all when told to.
///
/// One thread of its own waits for signals and deaths; signals come to it through a pipe.
final class RoleSupervisor: Sendable {
  private struct Role {
    var name: String
    var arguments: [String]
    var pid: pid_t = 0
    var deaths = 0
    var backoff = Backoff()
    /// When it is to be started; `nil` while it runs.
    var due: Instant?
    var started = Instant(microseconds: 0)
  }

  private struct State {
    var roles: [Role] = []
    var isEnding = false
    /// When what still runs is killed.
    var deadline: Instant?
  }

  private let state = Mutex(State())
  private let ended = Reply<Void>()
  private let logs: String
  private let lifeline: Int32
  private let events: Int32

  /// How long roles may take to end.
  private static let endMax = TimeSpan.seconds(10)
  /// A role that ran for so long had started well: its next start is not put off.
  private static let settled = TimeSpan.seconds(10)

  /// - Parameters:
  ///   - logs: the directory of the roles' logs.
  ///   - lifeline: the end of a pipe that roles read.
  init(logs: String, lifeline: Int32) {
    self.logs = logs
    self.lifeline = lifeline
    events = SignalPipe.open([SIGINT, SIGTERM, SIGHUP, SIGCHLD])
    let thread = Thread { [self] in run() }
    thread.name = "roles"
    thread.start()
  }

  func add(_ name: String, _ arguments: [String]) {
    state.withLock { state in
      state.roles.append(Role(name: name, arguments: arguments, due: BootClock.boot()))
    }
    SignalPipe.wake()
  }

  /// What the role is started with from now on.
  func setArguments(_ arguments: [String], of name: String) {
    state.withLock { state in
      for i in state.roles.indices where state.roles[i].name == name { state.roles[i].arguments = arguments }
    }
  }

  func deaths(of name: String) -> Int {
    state.withLock { state in state.roles.first { $0.name == name }?.deaths ?? 0 }
  }

  var isEnding: Bool { state.withLock { $0.isEnding } }

  func end() {
    state.withLock { state in beginEnd(&state) }
    SignalPipe.wake()
  }

  /// When all roles have ended, after a signal or `end`.
  func waitForEnd() async { await ended.value }

  private func run() {
    while true {
      let (isOver, next) = state.withLock { state in
        reap(&state)
        startDue(&state)
        killOverdue(&state)
        let isOver = state.isEnding && state.roles.allSatisfy { $0.pid == 0 }
        return (isOver, state.roles.compactMap(\.due).min() ?? state.deadline)
      }
      if isOver { break }
      for signal in SignalPipe.wait(events, until: next) where signal != SIGCHLD { interrupted() }
    }
    ended.give(())
  }

  /// The first signal ends the roles politely, the next at once.
  private func interrupted() {
    state.withLock { state in
      if state.isEnding { state.deadline = BootClock.boot() } else { beginEnd(&state) }
    }
  }

  private func beginEnd(_ state: inout State) {
    guard !state.isEnding else { return }
    state.isEnding = true
    state.deadline = BootClock.boot() + Self.endMax
    for i in state.roles.indices {
      state.roles[i].due = nil
      if state.roles[i].pid > 0 { kill(state.roles[i].pid, SIGTERM) }
    }
  }

  private func killOverdue(_ state: inout State) {
    guard let deadline = state.deadline, BootClock.boot() >= deadline else { return }
    state.deadline = nil
    for role in state.roles where role.pid > 0 {
      StandardError.write("reeve: \(role.name) does not end; killing it\n")
      kill(role.pid, SIGKILL)
    }
  }

  private func reap(_ state: inout State) {
    for i in state.roles.indices where state.roles[i].pid > 0 {
      var status: Int32 = 0
      guard waitpid(state.roles[i].pid, &status, WNOHANG) == state.roles[i].pid else { continue }
      state.roles[i].pid = 0
      guard !state.isEnding else { continue }
      state.roles[i].deaths += 1
      let now = BootClock.boot()
      if now - state.roles[i].started >= Self.settled { state.roles[i].backoff.reset() }
      let pause = state.roles[i].backoff.delay()
      state.roles[i].due =
        now
        + .microseconds(
          pause.components.attoseconds / 1_000_000_000_000
            + pause.components.seconds * 1_000_000
        )
      let name = state.roles[i].name
      StandardError.write("reeve: \(name) \(Self.describe(status)); starting it again (log: \(log(name)))\n")
    }
  }

  private func startDue(_ state: inout State) {
    guard !state.isEnding else { return }
    let now = BootClock.boot()
    for i in state.roles.indices {
      guard let due = state.roles[i].due, due <= now else { continue }
      do throws(Refusal) {
        let role = state.roles[i]
        state.roles[i].pid = try ChildProcess.spawn(role.arguments, log: log(role.name), lifeline: lifeline)
        state.roles[i].due = nil
        state.roles[i].started = now
      } catch {
        StandardError.write("reeve: \(error.message)\n")
        state.roles[i].due = now + .seconds(1)
      }
    }
  }

  func log(_ name: String) -> String { "\(logs)/\(name).log" }

  /// Of what `waitpid` gave.
  private static func describe(_ status: Int32) -> String {
    let signal = status & 0x7f
    return signal == 0 ? "ended with \(status >> 8 & 0xff)" : "was ended by signal \(signal)"
  }
}
