import Dispatch
import Foundation
import ReeveCore
import ReeveModel
import ReeveShell
import Synchronization

/// Runs nothing, for all nodes of a process: says of each task that it has started, and when its time is up that it has
/// ended.
///
/// One thread waits for the next end of all; what takes no time ends where it is started.
final class VirtualExecutor: Sendable {
  private let tasks: Mutex<VirtualTasks>
  private let clock: BootClock
  /// An end is due that is earlier than the one that is waited for.
  private let isSooner = DispatchSemaphore(value: 0)
  private let post: @Sendable ([AgentFleet.Event]) -> Void

  /// Ends that are due so soon after each other are told together.
  private static let gather = TimeSpan.milliseconds(1)

  init(_ tasks: VirtualTasks, clock: BootClock, post: @escaping @Sendable ([AgentFleet.Event]) -> Void) {
    self.tasks = Mutex(tasks)
    self.clock = clock
    self.post = post
    let thread = Thread { [self] in
      while true { endNext() }
    }
    thread.name = "virtual tasks"
    thread.start()
  }

  /// The tasks of one of the nodes.
  struct Node: Executor {
    let place: Int
    let all: VirtualExecutor

    func spawn(_ spawns: [AgentEffect.Spawn], on node: NodeNumber) { all.start(spawns, at: place) }
    func kill(_ attempt: AttemptID, _ reason: FailureReason, grace: TimeSpan) {
      all.kill(attempt, reason, at: place)
    }
    func signal(_ attempt: AttemptID, _ number: Int32) {}
    func tell(_ messages: [TaskMessage]) {}
    func forget(_ attempts: [AttemptID]) {}
  }

  // What is posted is posted under the lock, so that no end overtakes its start.

  private func start(_ spawns: [AgentEffect.Spawn], at place: Int) {
    let now = clock.now()
    var events: [AgentFleet.Event] = []
    events.reserveCapacity(2 * spawns.count)
    let isSooner = tasks.withLock { tasks in
      let before = tasks.nextDeadline
      for spawn in spawns {
        events.append(AgentFleet.Event(place, .started(spawn.attempt, now.wall)))
        if let end = tasks.start(spawn.attempt, of: spawn.task, on: place, at: now) {
          events.append(AgentFleet.Event(place, .ended(end)))
        }
      }
      post(events)
      return tasks.nextDeadline.map { after in before.map { after < $0 } ?? true } ?? false
    }
    if isSooner { self.isSooner.signal() }
  }

  private func kill(_ attempt: AttemptID, _ reason: FailureReason, at place: Int) {
    tasks.withLock { tasks in
      guard let end = tasks.kill(attempt, reason, at: clock.now().wall) else { return }
      post([AgentFleet.Event(place, .ended(end))])
    }
  }

  private func endNext() {
    if let next = tasks.withLock({ $0.nextDeadline }) {
      let wait = next + Self.gather - BootClock.boot()
      if wait > .zero {
        _ = isSooner.wait(timeout: .now() + .microseconds(Int(wait.microseconds)))
      }
    } else {
      isSooner.wait()
    }
    tasks.withLock { tasks in
      post(tasks.takeEnded(at: clock.now()).map { AgentFleet.Event($0.node, .ended($0.end)) })
    }
  }
}
