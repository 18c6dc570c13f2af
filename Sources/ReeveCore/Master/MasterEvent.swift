package import ReeveModel

/// What can happen to the master. What comes on a session that is not its rack's newest is never handled.
package enum MasterEvent: Sendable {
  /// The journal is replayed and the lease is held: decisions begin, under a term higher than any before.
  case leading(Term)
  case rackConnected(SessionNumber, RackHello)
  case rackStated(SessionNumber, RackReport)
  case rackReported(SessionNumber, RackReport)
  case rackDisconnected(SessionNumber)
  /// Somebody looks for the rack scheduler of a node; with `rack` nil the master chooses.
  case nodeLocated(RequestNumber, node: String, rack: String?)
  /// A job that has been validated on its own; `hasRoom` is false where the journal might not be able to take it.
  case submitted(RequestNumber, JobSpec, hasRoom: Bool = true)
  /// What users want done with tasks; a policy is of the whole cluster, and selects none.
  case ordered(RequestNumber, UserOrder, [TaskSelector])
  /// A lost node shall be struck off.
  case forgetRequested(RequestNumber, node: String)
  case asked(RequestNumber, Query)
  case watchOpened(RequestNumber, [JobID])
  /// Follows one task: told now and at each start, loss and end.
  case followOpened(RequestNumber, TaskSelector)
  /// A framework, validated on its own.
  case frameworkSubscribed(SessionNumber, FrameworkInfo)
  case frameworkSaid(SessionNumber, RequestNumber, FrameworkRequest)
  case frameworkDisconnected(SessionNumber)
  /// The disk under the journal has little room left, or has enough again. Ends can still be written.
  case diskChanged(isLow: Bool)
  /// The client of a watch or follow has gone.
  case closed(RequestNumber)
}

/// What the master wants done. Everything but records leaves when the records before it are durable.
package enum MasterEffect: Equatable, Sendable {
  case record(Fact)
  case assign(SessionNumber, RackAssignment)
  case order(SessionNumber, RackOrders)
  /// Ends a rack's stream, with a sentence for both logs.
  case refuseRack(SessionNumber, String)
  case located(RequestNumber, Result<NodePlace, Refusal>)
  case submitted(RequestNumber, Result<Submission, Refusal>)
  case welcomed(SessionNumber, FrameworkWelcome)
  case offered(SessionNumber, [FrameworkOffer])
  case rescinded(SessionNumber, [OfferID], RescindReason)
  case updated(SessionNumber, [TaskUpdate])
  /// For how many tasks what a framework said changes something.
  case replied(RequestNumber, Result<Int, Refusal>)
  /// Ends a framework's stream.
  case refuseFramework(SessionNumber, Refusal)
  /// For how many tasks an order changes something.
  case obeyed(RequestNumber, Result<Int, Refusal>)
  /// How many tasks had waited for the node.
  case forgotten(RequestNumber, Result<Int, Refusal>)
  case answered(RequestNumber, Answer)
  case progress(RequestNumber, JobProgress)
  case watchEnded(RequestNumber, Refusal?)
  case followed(RequestNumber, TaskView, nodeAddress: String)
  case followRefused(RequestNumber, Refusal)
}

/// Where a node belongs.
package struct NodePlace: Equatable, Sendable {
  package var node: NodeNumber
  package var rack: RackNumber
  /// Of the rack scheduler, as `host:port`.
  package var address: String
  package var generation: Generation
}

/// A submission that is durable.
package struct Submission: Equatable, Sendable {
  package var id: JobID
  package var tasks: Int
  /// The very same job had been submitted before.
  package var known: Bool
}
