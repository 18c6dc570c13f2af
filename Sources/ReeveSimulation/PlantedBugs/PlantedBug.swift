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
}
