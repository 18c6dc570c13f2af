package import ReeveModel

/// A decider: no I/O, clock, randomness or concurrency, so that the same value runs in production, in a unit test and in
/// the simulator, and a failure found under a seed is found again under it.
///
/// A shell hands over everything that has arrived, one event after the other, and ends the turn with `decide`. It carries
/// the effects out in their order and never adds one of its own.
package protocol Core: Sendable {
  associatedtype Event: Sendable
  associatedtype Effect: Sendable

  /// Takes in one event.
  mutating func handle(_ event: Event, at now: Now, into effects: inout [Effect])

  /// Ends a turn: decides what the events of the turn made possible, and whatever is due by now.
  mutating func decide(at now: Now, into effects: inout [Effect])

  /// When `decide` is wanted even if nothing happens; `nil` is never.
  var nextDeadline: Instant? { get }
}
