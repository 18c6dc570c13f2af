/// Why a journal cannot be opened, read or written.
package struct JournalError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Stable names, for scripts and the manual.
  package enum Code: String, CaseIterable, Sendable {
    /// Another process has the journal open.
    case locked = "journal.locked"
    /// Bytes that were durable are no longer what was written.
    case damaged = "journal.damaged"
    /// A whole file between the first and the last position is gone.
    case segmentMissing = "journal.segmentMissing"
    /// Written by a later version of Reeve.
    case newerFormat = "journal.newerFormat"
    /// Written by an earlier version of Reeve, in a form that this one cannot read any more.
    case olderFormat = "journal.olderFormat"
    /// Written by another cluster.
    case otherCluster = "journal.otherCluster"
    /// The file system, the user's quota or the process's file size limit leaves no room.
    case diskFull = "journal.diskFull"
    /// The directory or a file in it may not be written.
    case unwritable = "journal.unwritable"
    /// Larger than a frame can be.
    case payloadTooLarge = "journal.payloadTooLarge"
    /// The system refused to read, write or sync for any other reason.
    case inputOutput = "journal.inputOutput"
    /// An earlier append failed; this process must end.
    case unusable = "journal.unusable"
  }

  package let code: Code
  /// Sentences for people: what, where, and what to do.
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package var description: String { message }
}
