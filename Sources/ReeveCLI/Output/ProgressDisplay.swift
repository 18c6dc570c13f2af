import ReeveModel
import ReeveOutput
import ReeveShell
import Synchronization

/// Shows how far jobs are: on a terminal one line, written over again and again; elsewhere a line every ten seconds.
final class ProgressDisplay: Sendable {
  private struct State {
    var progress: Progress
    var lastShown = Instant(microseconds: 0)
    var isLineOpen = false
  }

  private let state: Mutex<State>
  private let isQuiet: Bool
  private let isTerminal = StandardError.isTerminal
  private let jobs: Int

  init(jobs: Int, quiet: Bool) {
    self.jobs = jobs
    isQuiet = quiet
    state = Mutex(State(progress: Progress(at: BootClock.boot())))
  }

  func note(_ job: JobProgress) {
    let now = BootClock.boot()
    state.withLock { state in
      state.progress.note(job)
      if state.progress.known.count == jobs { state.progress.start() }
      guard !isQuiet else { return }
      // The first plain line comes after the first pause, so that what is short says nothing but its end.
      if state.lastShown.microseconds == 0, !isTerminal { state.lastShown = now }
      let pause = isTerminal ? TimeSpan.milliseconds(100) : .seconds(10)
      if now - state.lastShown >= pause { show(&state, now) }
    }
  }

  /// A line between, such as that the master is away.
  func say(_ line: String) {
    state.withLock { state in
      clear(&state)
      StandardError.write(line + "\n")
    }
  }

  /// The last line, which stays.
  func end() {
    guard !isQuiet else { return }
    state.withLock { state in
      clear(&state)
      StandardError.write(state.progress.plainLine(at: BootClock.boot()) + "\n")
    }
  }

  private func show(_ state: inout State, _ now: Instant) {
    state.lastShown = now
    if isTerminal {
      let line = state.progress.line(at: now, width: StandardError.width)
      StandardError.write("\r\(line)\u{1b}[K")
      state.isLineOpen = true
    } else {
      StandardError.write(state.progress.plainLine(at: now) + "\n")
    }
  }

  private func clear(_ state: inout State) {
    if state.isLineOpen { StandardError.write("\r\u{1b}[K") }
    state.isLineOpen = false
  }
}
