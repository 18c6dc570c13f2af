package import ReeveModel

/// What of an agent may be set.
package struct AgentSettings: Hashable, Sendable {
  /// How long a start may wait to travel with an end: of short tasks both go in one message.
  package var startsWait: TimeSpan
  /// A start that comes so soon after another message waits until then: a node that starts much has it told in few.
  package var startsInterval: TimeSpan
  /// While enough launches wait for room here, what started and ended gathers for so long: no core is idle until the rack
  /// hears.
  package var gatherInterval: TimeSpan
  /// A launch that has waited so long for room goes back to the rack: what runs here is not as short as it was thought.
  package var launchesWait: TimeSpan

  package init(
    startsWait: TimeSpan = .milliseconds(5),
    startsInterval: TimeSpan = .milliseconds(100),
    gatherInterval: TimeSpan = .milliseconds(100),
    launchesWait: TimeSpan = .seconds(1)
  ) {
    self.startsWait = startsWait
    self.startsInterval = startsInterval
    self.gatherInterval = gatherInterval
    self.launchesWait = launchesWait
  }
}
