import ReeveCore
import ReeveModel

/// Mistakes made on purpose at the edges between the cores, each of which must be found: the checkers' own test.
package enum PlantedBug: String, Sendable, CaseIterable {
  /// Effects leave before their records are durable.
  case acknowledgesEarly
  /// An end is lost between rack and master.
  case dropsEnd
  /// What came back unstarted is not told.
  case forgetsReturned
  /// The end of an old attempt counts as that of the task's current one.
  case acceptsOldEnd
  /// A failure is told as a success.
  case embellishesEnd
  /// A node starts a launch twice.
  case launchesTwice
  /// The journal holds an end twice.
  case recordsEndTwice
  /// The journal lacks a record that was said to be durable.
  case losesRecord
  /// Acknowledgements do not reach the nodes.
  case dropsAcknowledgement
  /// Orders to end an attempt do not reach the nodes.
  case dropsKill
  /// A node throws ends away as soon as it has told them.
  case forgetsEarly
  /// Jobs are shown as further on than they are.
  case showsTooMuch
  /// A job that was submitted before is acknowledged at once, though the first submission is not durable yet.
  case answersDuplicateEarly
  /// A program that exits with 0 after TERM has succeeded.
  case takesTermForSuccess
  /// A rack scheduler that was stopped looks at its timers before its mailbox.
  case timersBeforeMailbox
  /// A rack's statement is complete as soon as whoever has reported is in it.
  case ignoresRoster
  /// An agent that restarts does not know the generation that it has obeyed.
  case forgetsGeneration
  /// The end of an attempt that does not count any more is not acknowledged.
  case dropsMootAcknowledgement
  /// An agent that restarts takes back what its unacknowledged ends held, which nobody holds.
  case returnsCapacityTwice
  /// Attempts are numbered anew in each term, and the term is not in the number.
  case repeatsAttemptIDs
  /// The next leader does not know of cancels.
  case forgetsCancel
  /// What comes on a node's older session is taken for the newest's.
  case obeysOldSession
  /// A snapshot holds what the leader has decided, durable or not.
  case snapshotsUndurable
  /// Racks are not told of constraints.
  case ignoresConstraints
  /// What depends on a task that was queued again is not launched.
  case requeueLosesDependants
  /// Racks do not hear that room which they hold is let go.
  case dropsReleases
  /// Updates to frameworks are lost, and the stream goes on.
  case losesUpdates
}
