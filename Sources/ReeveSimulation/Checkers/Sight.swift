import ReeveCore
import ReeveModel

/// What the checkers are shown of a world, as it happens.
enum Sight: Sendable {
  /// A fact was decided; it is not durable yet.
  case recorded(Fact)
  /// The next fact of the journal is durable. Checkers see it before the books have taken it in.
  case durable(Fact)
  /// The master ended a turn.
  case decided(MasterCore, at: Now)
  /// A new master has replayed the journal.
  case replayed(DurableState)
  case crashed
  /// An effect left the master: from now on others know.
  case left(MasterEffect)
  case obeyed(agent: Int, Generation)
  /// An agent states itself.
  case stated(agent: Int, NodeStatement)
  /// An attempt begins, and the generation of the rack scheduler that ordered it.
  case spawned(agent: Int, AgentEffect.Spawn, under: Generation, used: Resources, total: Resources)
  /// An attempt is told to end; the reason is written down.
  case signalled(AttemptID, FailureReason)
  /// A process and its whole tree are gone; its end is written down.
  case exited(agent: Int, TaskEnd)
  /// An agent throws an end away.
  case forgotten(agent: Int, AttemptID)
  case nodeDied(agent: Int, wiped: Bool)
  /// A rack scheduler takes a node for lost. While it ran, nothing had reached it from there for so long; `nil` is never.
  case declaredLost(NodeNumber, by: Int, silentFor: TimeSpan?)
  /// A cancel of these leaves the master as done.
  case cancelAcknowledged([TaskSelector])
}

/// A promise that was not kept.
struct Finding: Sendable, CustomStringConvertible {
  var promise: String
  var what: String
  var at: Instant

  var description: String { "at \(at.seconds) s, against \"\(promise)\": \(what)" }
}

/// Watches over one promise.
protocol Checker: Sendable {
  /// What is promised, as a sentence.
  static var promise: String { get }

  /// Says what is wrong, in sentences. The books are what the journal's durable facts say, by a reckoning of their own.
  mutating func see(_ sight: Sight, _ books: Books) -> [String]
}

/// All checkers, and the books that they go by.
struct Promises: Sendable {
  var findings: [Finding] = []
  var tally = Tally()
  private(set) var books = Books()
  private var checkers: [any Checker]

  init(_ options: SimulationOptions) {
    checkers = [
      Attempts(), OneEnd(), Dependencies(), PolicyOrder(), Cancellation(), Capacity(), Launches(), Matching(),
      TrueEnds(),
      OrderedEnds(), Losses(), Overlaps(), Accusations(), WallTimes(), Shown(), Outboxes(), Fences(),
      Replay(interval: options.checksEachStep ? 1 : 64),
    ]
  }

  mutating func see(_ sight: Sight, at time: Instant) {
    for i in checkers.indices {
      for what in checkers[i].see(sight, books) {
        findings.append(Finding(promise: type(of: checkers[i]).promise, what: what, at: time))
      }
      // The later ones may take for granted what an earlier one has just found untrue.
      guard findings.isEmpty else { return }
    }
    guard case .durable(let fact) = sight else { return }
    count(fact)
    books.apply(fact)
  }
}

extension Promises {
  /// What the next durable fact will have brought about.
  private mutating func count(_ fact: Fact) {
    switch fact {
    case .jobSubmitted(let job):
      tally[.submitted] += job.spec.count
      if !job.spec.addition.isEmpty { tally[.added] += 1 }
    case .jobClosed: tally[.closed] += 1
    case .returned(let attempts): tally[.returned] += attempts.count
    case .lost(let attempts): tally[.lost] += attempts.count
    case .rackGranted: tally[.generations] += 1
    case .endOrdered(let tasks, .cancelled): for task in tasks { countCancel(of: task) }
    case .endOrdered: break
    case .ended(let ends): for end in ends { count(end) }
    case .calledOff(let runs, let reason, _):
      for task in books.tasks(in: runs) { count(task, calledOffFor: reason) }
    case .retried(let ends):
      tally[.retried] += ends.count { $0.reason != .preempted }
      tally[.preempted] += ends.count { $0.reason == .preempted }
    case .held(let runs): tally[.held] += runs.taskCount
    case .roundBegan(let runs): tally[.reopened] += runs.taskCount
    case .prioritySet(let runs, _): tally[.prioritised] += runs.taskCount
    case .policySet: tally[.policySet] += 1
    case .released: break
    case .nodeAwaited(let attempts): tally[.awaitedNode] += attempts.count
    case .nodeReturned(let tasks): tally[.nodeReturned] += tasks.count
    case .termBegan, .assigned, .started, .nodePlaced, .nodeMarked, .nodeForgotten, .frameworkSubscribed,
      .frameworkRemoved, .endsAcknowledged, .roleForgotten:
      break
    case .roleSet: tally[.roleSet] += 1
    }
  }

  private mutating func count(_ end: TaskEnd) {
    switch end.reason {
    case .none: tally[.succeeded] += 1
    case .cancelled: tally[.cancelled] += 1
    default: tally[.failed] += 1
    }
    if end.reason == .timedOut { tally[.timedOut] += 1 }
    // Nobody had signalled it: it ended by itself, and the order came first on record.
    if end.reason == .cancelled, end.detail == nil { tally[.cancelRacedEnd] += 1 }
  }

  private mutating func count(_ task: TaskNumber, calledOffFor reason: FailureReason) {
    tally[reason.outcome == .failed ? .failed : .cancelled] += 1
    switch reason {
    case .dependencyFailed: tally[.dependencyFailed] += 1
    case .jobStopped: tally[.jobStopped] += 1
    case .notNeeded: tally[.skipped] += 1
    case .cancelled: countCancel(of: task)
    default: break
    }
  }

  private mutating func countCancel(of task: TaskNumber) {
    switch books.task(task)?.state {
    case .blocked: tally[.cancelledBlocked] += 1
    case .queued: tally[.cancelledQueued] += 1
    case .assigned: tally[.cancelledAssigned] += 1
    case .running: tally[.cancelledRunning] += 1
    default: break
    }
  }
}
