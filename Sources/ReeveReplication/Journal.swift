/// Where the master's facts are kept: payloads in one order, each under its position.
///
/// A payload is what one turn of the core has decided; the journal does not look into it. Positions begin at 1 and have no
/// gaps. A journal has one owner (the thread that writes for the master's shell) and one payload in flight at a time, so it
/// neither locks nor is `Sendable`: it is made by its owner or handed to it as a `sending` value.
package protocol Journal: AnyObject {
  /// The position that the next payload will get; 1 in an empty journal that no snapshot precedes.
  var nextPosition: UInt64 { get }

  /// Hands every payload after the snapshot that it was opened after to `body`, in order, and only what a crash can no longer
  /// take back.
  /// - Throws: What `body` throws, at once; `JournalError` if what was kept cannot be read.
  func replay(_ body: (_ position: UInt64, _ payload: [UInt8]) throws -> Void) throws

  /// Keeps one payload and returns its position when it is durable.
  ///
  /// After a failure the payload may or may not be found by the next one who opens the journal, and every later call fails
  /// too: the process must end, because its core is ahead of what is kept.
  /// - Throws: `JournalError`.
  func append(_ payload: [UInt8]) throws -> UInt64
}

/// What is known of a journal before it is read.
package struct JournalExpectation: Sendable {
  /// The id of the cluster whose facts it holds; another's is refused.
  package let cluster: UInt128
  /// Up to this position the caller has, from a snapshot, all that the journal held. What was trimmed before it is not
  /// missed.
  package let after: UInt64
  /// Up to this position, at least, it has to reach: a later snapshot, though it cannot be used, shows that it did.
  package let reaches: UInt64

  package init(cluster: UInt128, after: UInt64 = 0, reaches: UInt64 = 0) {
    self.cluster = cluster
    self.after = after
    self.reaches = max(after, reaches)
  }
}
