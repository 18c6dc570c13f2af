import Foundation
import Glibc
import ReeveModel
import Synchronization

/// The least that this machine pays to run `/bin/true` as a process, without any scheduler: two threads, each starting
/// one and waiting for it, again and again.
enum SpawnFloor: CaseIterable, Sendable {
  /// A session of its own, all three streams from and to `/dev/null`.
  case session
  /// The same with a new directory a task, and its two outputs in new files there.
  case directory

  private static let threads = 2

  /// - Returns: tasks a second.
  func rate(_ tasks: Int) throws -> Double {
    let place = try TemporaryDirectory("floor")
    defer { place.remove() }
    let runner = FloorRunner(self, tasks: tasks, directory: place.path)
    let start = ContinuousClock.now
    let done = DispatchGroup()
    for _ in 0..<Self.threads {
      done.enter()
      let thread = Thread {
        runner.run()
        done.leave()
      }
      thread.start()
    }
    done.wait()
    let time = ContinuousClock.now - start
    guard !runner.hasFailed else { throw Refusal(.unavailable, "/bin/true cannot be run here.") }
    return Double(tasks) / time.seconds
  }

  /// One process after the other: how long each takes, in milliseconds.
  func latencies(_ tasks: Int) throws -> Samples {
    let place = try TemporaryDirectory("floor")
    defer { place.remove() }
    let runner = FloorRunner(self, tasks: tasks, directory: place.path)
    let times = (0..<tasks).map { i in
      let start = ContinuousClock.now
      runner.runOne(i)
      return (ContinuousClock.now - start).milliseconds
    }
    guard !runner.hasFailed else { throw Refusal(.unavailable, "/bin/true cannot be run here.") }
    return Samples(times)
  }
}

/// Takes tasks off a common count until none is left.
private final class FloorRunner: Sendable {
  private let floor: SpawnFloor
  private let tasks: Int
  private let directory: String
  private let next = Atomic<Int>(0)
  private let failures = Atomic<Int>(0)

  /// `POSIX_SPAWN_SETSID` of the C library, which Swift does not see.
  private static let newSession: Int16 = 0x80

  init(_ floor: SpawnFloor, tasks: Int, directory: String) {
    self.floor = floor
    self.tasks = tasks
    self.directory = directory
  }

  var hasFailed: Bool { failures.load(ordering: .relaxed) > 0 }

  func run() {
    while true {
      let task = next.add(1, ordering: .relaxed).oldValue
      guard task < tasks else { return }
      runOne(task)
    }
  }

  func runOne(_ task: Int) {
    var outputs = ["/dev/null", "/dev/null"]
    if floor == .directory {
      let own = "\(directory)/\(task)"
      if mkdir(own, 0o700) != 0 { failures.add(1, ordering: .relaxed) }
      outputs = ["\(own)/stdout", "\(own)/stderr"]
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, outputs[0], O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, outputs[1], O_WRONLY | O_CREAT, 0o600)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Self.newSession)
    if !Self.succeeds(&actions, &attributes) { failures.add(1, ordering: .relaxed) }
  }

  private static func succeeds(
    _ actions: inout posix_spawn_file_actions_t,
    _ attributes: inout posix_spawnattr_t
  ) -> Bool {
    var pid: pid_t = 0
    var status: Int32 = 0
    let error = "/bin/true".withCString { program in
      // Never written to: the C interface only forgets to say so.
      var arguments = [UnsafeMutablePointer(mutating: program), nil]
      return posix_spawn(&pid, program, &actions, &attributes, &arguments, environ)
    }
    return error == 0 && waitpid(pid, &status, 0) == pid && status == 0
  }
}

/// Floors measured again and again between the runs that they are compared with.
///
/// What counts is the best: whatever else goes on only slows a bare loop down, above all a disk that has not yet digested
/// the directories of the last measurement, and nothing makes it faster than it is.
final class Floors: Sendable {
  private let rates = Mutex<[SpawnFloor: Double]>([:])
  private static let tasks = 4_000

  func measure(_ floors: [SpawnFloor] = SpawnFloor.allCases) throws {
    for floor in floors {
      let rate = try floor.rate(Self.tasks)
      rates.withLock { $0[floor] = max(rate, $0[floor] ?? 0) }
    }
  }

  /// Tasks a second.
  func best(_ floor: SpawnFloor) -> Double { rates.withLock { $0[floor] ?? 0 } }
}
