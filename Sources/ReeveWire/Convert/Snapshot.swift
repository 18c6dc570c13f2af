package import ReeveModel
import SwiftProtobuf

/// The version of what is in a snapshot's parts. A snapshot's manifest bears it, so that an older Reeve refuses what it
/// would misread.
package let snapshotContentVersion: UInt32 = 1

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
    case .jobs(let jobs):
      self.jobs.jobs = jobs.map { Reeve_V1_JobSubmitted($0.job) }
      self.jobs.endedMicros = jobs.map { $0.ended.microseconds }
    case .tasks(let tasks): self.tasks = Reeve_V1_SnapshotTasks(tasks)
    case .details(let details):
      self.details.tasks = details.map { $0.task.rawValue }
      self.details.details = details.map { Reeve_V1_EndDetail($0.detail, at: 0) }
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
    case .tasks(let tasks):
      self = .tasks(try part("tasks") { () throws(WireError) in try SnapshotTasks(wire: tasks) })
    case .details(let details):
      self = .details(try part("details") { () throws(WireError) in try [SnapshotDetail](wire: details) })
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
    jobs = UInt64(head.jobCount)
    tasks = UInt64(head.taskCount)
    wallMicros = head.wall.microseconds
  }
}

extension SnapshotHead {
  fileprivate init(wire: Reeve_V1_SnapshotHead) throws(WireError) {
    self.init(
      term: try Term("term", wire: wire.term),
      nextAttempt: wire.nextAttempt,
      lastGeneration: try Generation("last_generation", wire: wire.lastGeneration),
      racks: try parts("racks", wire.racks, RackGrant.init(wire:)),
      nodes: wire.nodes.map { SnapshotNode(wire: $0) },
      jobCount: try check("jobs", count: wire.jobs),
      taskCount: try check("tasks", count: wire.tasks),
      wall: try WallTime("wall_micros", wire: wire.wallMicros)
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

extension Array where Element == SnapshotJob {
  fileprivate init(wire: Reeve_V1_SnapshotJobs) throws(WireError) {
    let ended = wire.endedMicros
    try check("ended_micros", length: ended.count, is: wire.jobs.count)
    try check("ended_micros", ended, bits: WireLimits.amountBits)
    self = []
    reserveCapacity(ended.count)
    for i in ended.indices {
      do throws(WireError) {
        let job = try SubmittedJob(wire: wire.jobs[i])
        append(SnapshotJob(job: job, ended: WallTime(microseconds: ended[i])))
      } catch { throw error.inside("jobs[\(i)]") }
    }
  }
}

extension Array where Element == SnapshotDetail {
  fileprivate init(wire: Reeve_V1_SnapshotDetails) throws(WireError) {
    let details = try parts("details", wire.details) { (detail) throws(WireError) in
      try TaskEnd.Detail(wire: detail)
    }
    let tasks = wire.tasks
    try check("tasks", length: tasks.count, is: details.count)
    try check("tasks", tasks, bits: WireLimits.numberBits)
    self = details.indices.map { SnapshotDetail(task: TaskNumber(tasks[$0]), detail: details[$0]) }
  }
}
