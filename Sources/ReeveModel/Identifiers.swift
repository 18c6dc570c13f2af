/// A dense number that stands for a longer name on the streams, in the journal and inside the cores.
///
/// The types differ only in what they number, so that one is never passed for another.
@usableFromInline package protocol Numbered: Hashable, Comparable, Sendable, CustomStringConvertible {
  associatedtype RawValue: FixedWidthInteger & Sendable
  var rawValue: RawValue { get }
  init(_ rawValue: RawValue)
}

extension Numbered {
  @inlinable package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  @inlinable package var description: String { String(rawValue) }
  /// The place in an array that holds one element a number.
  @inlinable package var index: Int { Int(rawValue) }
}

/// A job, in the order of submission: one sequence for the life of the cluster.
@usableFromInline package struct JobNumber: Numbered {
  @usableFromInline package var rawValue: UInt32
  @inlinable package init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

/// A task, in the order of submission: the tasks of a job are numbered one after the other.
///
/// First come, first served is the order of these numbers.
@usableFromInline package struct TaskNumber: Numbered {
  @usableFromInline package var rawValue: UInt64
  @inlinable package init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

/// What tasks of a job share, interned once a job and sent once a stream.
@usableFromInline package struct TemplateNumber: Numbered {
  @usableFromInline package var rawValue: UInt32
  @inlinable package init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

/// A node of the roster, in the order in which nodes were first seen.
@usableFromInline package struct NodeNumber: Numbered {
  @usableFromInline package var rawValue: UInt32
  @inlinable package init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

/// A rack of the roster, in the order in which racks were first seen.
@usableFromInline package struct RackNumber: Numbered {
  @usableFromInline package var rawValue: UInt32
  @inlinable package init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

/// A distinct shape, interned by the master; a name within one term.
@usableFromInline package struct ShapeNumber: Numbered {
  @usableFromInline package var rawValue: UInt32
  @inlinable package init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

/// A framework, in the order of first subscription: one sequence for the life of the cluster. 0 is the built-in batch
/// framework.
@usableFromInline package struct FrameworkNumber: Numbered {
  @usableFromInline package var rawValue: UInt32
  @inlinable package init(_ rawValue: UInt32) { self.rawValue = rawValue }
  @inlinable package static var batch: FrameworkNumber { FrameworkNumber(0) }
}

/// An offer to a framework: the term of the leader that made it in the upper 24 bits, and its place among that leader's. An
/// offer is void with its term.
@usableFromInline package struct OfferID: Numbered {
  @usableFromInline package var rawValue: UInt64
  @inlinable package init(_ rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable package init(term: Term, number: UInt64) {
    precondition(term.rawValue < 1 << 24 && number < 1 << 40, "offer \(term).\(number) is out of range")
    rawValue = UInt64(term.rawValue) << 40 | number
  }
}

/// Room that the master has a rack set aside, counted by each leader from 1. It lives with the rack's session.
@usableFromInline package struct HoldID: Numbered {
  @usableFromInline package var rawValue: UInt64
  @inlinable package init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

/// A role as racks know it: a number that a leader gives it. 0 is none that is known.
@usableFromInline package struct RoleNumber: Numbered {
  @usableFromInline package var rawValue: UInt32
  @inlinable package init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

/// A user, in the order in which users first submitted something.
@usableFromInline package struct UserNumber: Numbered {
  @usableFromInline package var rawValue: UInt32
  @inlinable package init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

/// One opening of a stream, counted by the end that accepted it.
@usableFromInline package struct SessionNumber: Numbered {
  @usableFromInline package var rawValue: UInt64
  @inlinable package init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

/// One request of a client, counted by the shell that took it in.
@usableFromInline package struct RequestNumber: Numbered {
  @usableFromInline package var rawValue: UInt64
  @inlinable package init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

/// The fencing number that comes with the master's lease; it only grows.
@usableFromInline package struct Term: Numbered {
  @usableFromInline package var rawValue: UInt32
  @inlinable package init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

/// One launch of a task: the term of the leader that assigned it and its place among that leader's assignments.
///
/// The term in it is a name, not a fence. Ids are never repeated, so nothing need be remembered of ended attempts.
@usableFromInline package struct AttemptID: Numbered {
  /// 24 bits of term and 40 of number: a leader that assigns 60,000 tasks a second for half a year runs out, and then
  /// takes a new term.
  @usableFromInline package var rawValue: UInt64

  @inlinable package init(_ rawValue: UInt64) { self.rawValue = rawValue }

  @inlinable package init(term: Term, number: UInt64) {
    precondition(term.rawValue < 1 << 24 && number < 1 << 40, "attempt \(term).\(number) is out of range")
    rawValue = UInt64(term.rawValue) << 40 | number
  }

  /// No attempt: what a task that was never assigned has.
  @inlinable package static var none: AttemptID { AttemptID(0) }

  @inlinable package var term: Term { Term(UInt32(rawValue >> 40)) }
  @inlinable package var number: UInt64 { rawValue & (1 << 40 - 1) }
  @inlinable package func advanced(by count: Int) -> AttemptID { AttemptID(rawValue + UInt64(count)) }

  @usableFromInline package var description: String { "\(term).\(number)" }
}

/// The fencing number of one rack's assignment to a rack-scheduler process: one sequence for the whole cluster.
package struct Generation: Hashable, Comparable, Sendable, CustomStringConvertible {
  package var term: Term
  package var number: UInt64

  package init(term: Term, number: UInt64) {
    self.term = term
    self.number = number
  }

  package static let none = Generation(term: Term(0), number: 0)

  package static func < (a: Generation, b: Generation) -> Bool {
    (a.term, a.number) < (b.term, b.number)
  }

  @usableFromInline package var description: String { "\(term).\(number)" }
}

/// The name of a job: 1 to 64 letters, digits, `-`, `_` or `.`, made by the client before its first try.
package struct JobID: Hashable, Comparable, Sendable, CustomStringConvertible {
  package var text: String
  package init(_ text: String) { self.text = text }
  package static func < (a: JobID, b: JobID) -> Bool { a.text < b.text }
  package var description: String { text }
}
