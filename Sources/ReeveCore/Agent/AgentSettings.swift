package import ReeveModel

/// What of an agent may be set.
package struct AgentSettings: Hashable, Sendable {
  /// How long a start may wait to travel with an end: of short tasks both go in one message.
  package var startsWait: TimeSpan
  /// While launches wait for room here, what started and ended gathers for so long: no core is idle until the rack hears.
  package var gatherInterval: TimeSpan
  /// A launch that has waited so long for room goes back to the rack: what runs here is not as short as it was thought.
  package var launchesWait: TimeSpan

  package init(
    startsWait: TimeSpan = .milliseconds(5),
    gatherInterval: TimeSpan = .milliseconds(20),
    launchesWait: TimeSpan = .milliseconds(200)
  ) {
    self.startsWait = startsWait
    self.gatherInterval = gatherInterval
    self.launchesWait = launchesWait
  }
}
