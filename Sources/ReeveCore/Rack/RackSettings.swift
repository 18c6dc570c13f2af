package import ReeveModel

/// What of a rack may be set.
package struct RackSettings: Hashable, Sendable {
  /// A node that is silent for so long takes no launch.
  package var nodeSuspectAfter: TimeSpan
  /// A node that is silent for so long has lost what it ran.
  package var nodeLostAfter: TimeSpan
  /// The shortest time between two offers with nothing else to say.
  package var offerInterval: TimeSpan
  /// The shortest time between two accounts of what nodes run and have free.
  package var figuresInterval: TimeSpan
  /// A node that has refused a launch gets none for so long: it knows something that the rack does not.
  package var refusalPause: TimeSpan
  /// A turn that comes so much later than wanted means that the rack itself did not run.
  package var lateTurn: TimeSpan

  /// While there is a backlog, what started and ended gathers for so long: no slot waits for the master then.
  package var gatherInterval: TimeSpan
  /// Acknowledgements gather for so long, or until something else goes to the node.
  package var acknowledgeWithin: TimeSpan

  package init(
    nodeSuspectAfter: TimeSpan = .seconds(3),
    nodeLostAfter: TimeSpan = .seconds(10),
    offerInterval: TimeSpan = .milliseconds(5),
    figuresInterval: TimeSpan = .milliseconds(200),
    refusalPause: TimeSpan = .milliseconds(100),
    lateTurn: TimeSpan = .seconds(2),
    gatherInterval: TimeSpan = .milliseconds(10),
    acknowledgeWithin: TimeSpan = .milliseconds(250)
  ) {
    self.nodeSuspectAfter = nodeSuspectAfter
    self.nodeLostAfter = nodeLostAfter
    self.offerInterval = offerInterval
    self.figuresInterval = figuresInterval
    self.refusalPause = refusalPause
    self.lateTurn = lateTurn
    self.gatherInterval = gatherInterval
    self.acknowledgeWithin = acknowledgeWithin
  }
}
