package import ReeveModel

/// Decides which task runs on which node of one rack, and says what the rack has and can take.
///
/// All of it is soft: rebuilt from the roster, the nodes' statements and what the master sends again.
package struct RackCore: Core {
  package typealias Event = RackEvent
  package typealias Effect = RackEffect

  let settings: RackSettings
  var link = MasterLink()
  var nodes = NodeTable()
  var attempts = Placements()
  var backlog = Backlog()
  var holds = Holds()
  var consignments = Consignments()
  var templates = TemplateTable()
  var outbox = NodeOutbox()
  var announcer = Announcer()
  var clock = TurnClock()
  /// Until when what is to be said to the master gathers.
  var gatherUntil: Instant?

  package init(_ settings: RackSettings = RackSettings()) { self.settings = settings }

  package mutating func handle(_ event: RackEvent, at now: Now, into effects: inout [RackEffect]) {
    switch event {
    case .masterConnected(let session, let assignment):
      masterConnected(session, assignment, at: now.boot, into: &effects)
    case .masterOrdered(let session, let orders):
      if link.listens(to: session) { obey(orders, at: now.boot) }
    case .masterDisconnected(let session):
      if link.listens(to: session) {
        link.close()
        dropHolds()
      }
    case .nodeConnected(let session, let statement):
      nodeConnected(session, statement, at: now.boot, into: &effects)
    case .nodeReported(let session, let number, let report):
      if let node = nodes.hear(session, number, at: now.boot) { take(report, from: node, at: now.boot) }
    case .nodeBeat(let session, let number):
      _ = nodes.hear(session, number, at: now.boot)
    case .nodeDisconnected(let session, let number):
      nodeDisconnected(session, number)
    }
  }

  /// What has arrived was handled before: now what has timed out, then what found room, then what is to be said.
  package mutating func decide(at now: Now, into effects: inout [RackEffect]) {
    nodes.excuse(clock.gap(at: now.boot, tolerance: settings.lateTurn), at: now.boot)
    judgeSilence(at: now.boot, into: &effects)
    nodes.resume(at: now.boot)
    // What was sent before has its room before anything is set aside; what that lets go of is for those who wait.
    placeWaiting(at: now.boot, into: &effects)
    if settleHolds() { placeWaiting(at: now.boot, into: &effects) }
    sendOrders(at: now.boot, into: &effects)
    speak(at: now.boot, into: &effects)
    clock.tick(at: now.boot, every: settings.lateTurn)
    clock.want(nextDeadline)
    assert(violations().isEmpty, "\(violations())")
  }

  package var nextDeadline: Instant? {
    [silenceDeadline.map(clock.step), pauseDeadline, speechDeadline, outbox.nextDeadline].compactMap(\.self)
      .min()
  }

  /// What cannot be, in words; nothing if all is well.
  package func violations() -> [String] {
    nodes.violations() + attempts.violations() + backlog.violations() + disagreements()
  }
}
