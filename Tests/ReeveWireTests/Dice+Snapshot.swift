import ReeveModel

extension Dice {
  static let snapshotPartKinds = ["head", "jobs", "tasks", "details"]

  mutating func snapshotPart(_ kind: String) -> SnapshotPart {
    switch kind {
    case "head": .head(snapshotHead())
    case "jobs": .jobs(list { SnapshotJob(job: $0.submittedJob(), ended: $0.wall()) })
    case "tasks": .tasks(snapshotTasks())
    default: .details(list { SnapshotDetail(task: $0.task(), detail: $0.detail()) })
    }
  }

  private mutating func snapshotHead() -> SnapshotHead {
    SnapshotHead(
      term: term(),
      nextAttempt: bits(40),
      lastGeneration: generation(),
      racks: list {
        RackGrant(rack: $0.rack(), name: $0.word(), incarnation: $0.bits(64), generation: $0.generation())
      },
      nodes: list {
        SnapshotNode(
          node: RosterNode(number: $0.node(), name: $0.word()),
          rack: $0.rack(),
          isLost: $0.bool(),
          lostBefore: $0.attempt(),
          isReturning: $0.bool(),
          isForgotten: $0.bool()
        )
      },
      jobCount: Int(u32()),
      taskCount: Int(u32()),
      wall: wall()
    )
  }

  private mutating func snapshotTasks() -> SnapshotTasks {
    var tasks = SnapshotTasks(first: task())
    for _ in 0..<(isFull ? 3 : count(0...20)) {
      tasks.states.append(one(of: isFull ? Array(TaskState.allCases.dropFirst()) : TaskState.allCases))
      tasks.attempts.append(attempt())
      tasks.racks.append(rack())
      tasks.nodes.append(node())
      tasks.reasons.append(reason())
      tasks.statuses.append(i32())
      tasks.started.append(wall())
      tasks.ended.append(wall())
      tasks.usages.append(bool() ? usage() : .init())
      tasks.launches.append(UInt16(bits(16)))
      tasks.losses.append(UInt8(bits(8)))
    }
    tasks.cancelOrdered = list { $0.task() }
    tasks.awaiting = list { SnapshotTasks.AwaitingTask(task: $0.task(), node: $0.node()) }
    return tasks
  }
}
