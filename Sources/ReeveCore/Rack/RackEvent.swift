package import ReeveModel

/// What can happen to a rack. What comes on a session that is not the newest of its kind is never handled.
package enum RackEvent: Sendable {
  /// The stream to the master is open and its hello answered.
  case masterConnected(SessionNumber, RackAssignment)
  case masterOrdered(SessionNumber, RackOrders)
  case masterDisconnected(SessionNumber)
  /// A node's stream is open: its statement came first.
  case nodeConnected(SessionNumber, NodeStatement)
  case nodeReported(SessionNumber, NodeNumber, NodeReport)
  /// Any sign of life.
  case nodeBeat(SessionNumber, NodeNumber)
  case nodeDisconnected(SessionNumber, NodeNumber)
}

/// What a rack wants done. The shell carries effects out in this order and never adds one of its own.
package enum RackEffect: Equatable, Sendable {
  /// All that the rack has: once a master session, when every node of the roster has reported or was declared lost.
  case state(SessionNumber, RackReport)
  case report(SessionNumber, RackReport)
  /// The answer to a statement: under which generation the rack speaks.
  case welcome(SessionNumber, NodeNumber, Generation)
  case order(SessionNumber, NodeNumber, NodeOrders)
  /// Ends a node's stream, with a sentence for the log.
  case refuse(SessionNumber, NodeNumber, String)
}
