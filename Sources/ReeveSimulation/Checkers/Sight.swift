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
  case spawned(agent: Int, AgentEffect.Spawn, used: Resources, total: Resources)
  /// A process and its whole tree are gone; its end is written down.
  case exited(agent: Int, TaskEnd)
  /// An agent throws an end away.
  case forgotten(agent: Int, AttemptID)
  case nodeDied(agent: Int, wiped: Bool)
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
      Attempts(), OneEnd(), Dependencies(), PolicyOrder(), Cancellation(), Capacity(), Launches(), TrueEnds(),
      Shown(), Outboxes(), Fences(), Replay(interval: options.checksEachStep ? 1 : 64),
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
    books.apply(fact)
    tally.count(fact)
  }
}

extension Tally {
  mutating func count(_ fact: Fact) {
    switch fact {
    case .jobSubmitted(let job): submitted += job.spec.count
    case .returned(let attempts): returned += attempts.count
    case .lost(let attempts): lost += attempts.count
    case .ended(let ends):
      for end in ends {
        switch end.reason {
        case .none: succeeded += 1
        case .cancelled: cancelled += 1
        default: failed += 1
        }
      }
    default: break
    }
  }
}
