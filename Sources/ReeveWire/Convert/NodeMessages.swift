package import ReeveModel

extension Reeve_V1_NodeReport {
  package init(_ report: NodeReport) {
    self.init()
    if !report.starts.isEmpty { starts = Reeve_V1_StartColumns(report.starts) }
    if !report.ends.isEmpty { ends = Reeve_V1_EndColumns(report.ends) }
    if !report.refused.isEmpty { refused = Reeve_V1_AttemptColumns(report.refused) }
  }
}

extension NodeReport {
  package init(wire: Reeve_V1_NodeReport) throws(WireError) {
    self.init(
      starts: try [TaskStart]("starts", wire: wire.starts),
      ends: try [TaskEnd]("ends", wire: wire.ends),
      refused: try [TaskAttempt]("refused", wire: wire.refused)
    )
  }
}

extension Reeve_V1_NodeOrders {
  package init(_ orders: NodeOrders) {
    self.init()
    if !orders.launches.isNothing { launches = Reeve_V1_LaunchColumns(orders.launches) }
    if !orders.kills.isEmpty { kills = Reeve_V1_KillColumns(orders.kills) }
    acknowledged = orders.acknowledged.map { $0.rawValue }
    if !orders.messages.isEmpty { messages = Reeve_V1_MessageColumns(orders.messages) }
  }
}

extension NodeOrders {
  package init(wire: Reeve_V1_NodeOrders) throws(WireError) {
    self.init()
    launches = try LaunchBatch("launches", wire: wire.launches)
    kills = try [KillOrder]("kills", wire: wire.kills)
    acknowledged = wire.acknowledged.map { AttemptID($0) }
    messages = try TaskMessages("messages", wire: wire.messages)
  }
}
