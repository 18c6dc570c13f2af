package import ReeveModel
import SwiftProtobuf

/// The version of what is in a snapshot's parts. A snapshot's manifest bears it, so that an older Reeve refuses what it
/// would misread.
package let snapshotContentVersion: UInt32 = 5

/// One part of a snapshot, as it lies in its file.
package func encodeSnapshotPart(_ part: SnapshotPart) throws -> [UInt8] {
  try Reeve_V1_SnapshotPart(part).serializedBytes()
}

package func decodeSnapshotPart(_ bytes: [UInt8]) throws -> SnapshotPart {
  try SnapshotPart(wire: Reeve_V1_SnapshotPart(serializedBytes: bytes))
}

extension Reeve_V1_SnapshotPart {
  package init(_ model: SnapshotPart) {
    self.init()
    switch model {
    case .head(let head): self.head = Reeve_V1_SnapshotHead(head)
    case .jobs(let jobs): self.jobs = Reeve_V1_SnapshotJobs(jobs)
    case .active(let rows): active = Reeve_V1_SnapshotActive(rows)
    case .setbacks(let rows): setbacks = Reeve_V1_SnapshotSetbacks(rows)
    case .awaited(let rows): awaited = Reeve_V1_SnapshotAwaited(rows)
    case .unacknowledged(let rows): unacknowledged = Reeve_V1_SnapshotUnacknowledged(rows)
    }
  }
}

extension SnapshotPart {
  package init(wire: Reeve_V1_SnapshotPart) throws(WireError) {
    switch wire.part {
    case .head(let head):
      self = .head(try part("head") { () throws(WireError) in try SnapshotHead(wire: head) })
    case .jobs(let jobs):
      self = .jobs(try part("jobs") { () throws(WireError) in try [SnapshotJob](wire: jobs) })
    case .active(let rows):
      self = .active(
        try part("active") { () throws(WireError) in try [NumberedTask<ActiveTask>](wire: rows) }
      )
    case .setbacks(let rows):
      self = .setbacks(
        try part("setbacks") { () throws(WireError) in try [NumberedTask<Setback>](wire: rows) }
      )
    case .awaited(let rows):
      self = .awaited(
        try part("awaited") { () throws(WireError) in try [NumberedTask<NodeNumber>](wire: rows) }
      )
    case .unacknowledged(let rows):
      self = .unacknowledged(
        try part("unacknowledged") { () throws(WireError) in
          try [NumberedTask<UnacknowledgedEnd>](wire: rows)
        }
      )
    case nil: throw WireError("part", "none that this version knows")
    }
  }
}

extension Reeve_V1_SnapshotHead {
  fileprivate init(_ head: SnapshotHead) {
    self.init()
    term = head.term.rawValue
    nextAttempt = head.nextAttempt
    lastGeneration = Reeve_V1_Generation(head.lastGeneration)
    racks = head.racks.map { Reeve_V1_RackGranted($0) }
    nodes = head.nodes.map { Reeve_V1_SnapshotNode($0) }
    frameworks = head.frameworks.map {
      var framework = Reeve_V1_SnapshotFramework()
      framework.framework = Reeve_V1_SubscribedFramework($0.framework)
      framework.removed = $0.isRemoved
      return framework
    }
    roles = head.roles.map { Reeve_V1_Role($0) }
    jobs = UInt64(head.jobCount)
    tasks = UInt64(head.taskCount)
    active = UInt64(head.activeCount)
    policy = Reeve_V1_PolicySet(head.policy)
    runTimes = Reeve_V1_RunTimes(head.runTimes)
    wallMicros = head.wall.microseconds
  }
}

extension SnapshotHead {
  fileprivate init(wire: Reeve_V1_SnapshotHead) throws(WireError) {
    self.init(
      term: try Term("term", wire: wire.term),
      nextAttempt: wire.nextAttempt,
      lastGeneration: try Generation("last_generation", wire: wire.lastGeneration),
      policy: try part("policy") { () throws(WireError) in
        try PolicySetting(wire: wire.hasPolicy ? wire.policy : .with { $0.order = wire.order })
      },
      runTimes: try part("run_times") { () throws(WireError) in try LearntRunTimes(wire: wire.runTimes) },
      racks: try parts("racks", wire.racks, RackGrant.init(wire:)),
      nodes: wire.nodes.map { SnapshotNode(wire: $0) },
      frameworks: try parts("frameworks", wire.frameworks, SnapshotFramework.init(wire:)),
      roles: try parts("roles", wire.roles, Role.init(wire:)),
      jobCount: try check("jobs", count: wire.jobs),
      taskCount: try check("tasks", count: wire.tasks),
      activeCount: try check("active", count: wire.active),
      wall: try WallTime("wall_micros", wire: wire.wallMicros)
    )
  }
}

extension SnapshotFramework {
  fileprivate init(wire: Reeve_V1_SnapshotFramework) throws(WireError) {
    self.init(
      framework: try part("framework") { () throws(WireError) in
        try SubscribedFramework(wire: wire.framework)
      },
      isRemoved: wire.removed
    )
  }
}

extension Reeve_V1_SnapshotNode {
  fileprivate init(_ node: SnapshotNode) {
    self.init()
    placed.node = node.node.number.rawValue
    placed.name = node.node.name
    placed.rack = node.rack.rawValue
    lost = node.isLost
    lostBefore = node.lostBefore.rawValue
    returning = node.isReturning
    forgotten = node.isForgotten
  }
}

extension SnapshotNode {
  fileprivate init(wire: Reeve_V1_SnapshotNode) {
    self.init(
      node: RosterNode(number: NodeNumber(wire.placed.node), name: wire.placed.name),
      rack: RackNumber(wire.placed.rack),
      isLost: wire.lost,
      lostBefore: AttemptID(wire.lostBefore),
      isReturning: wire.returning,
      isForgotten: wire.forgotten
    )
  }
}
