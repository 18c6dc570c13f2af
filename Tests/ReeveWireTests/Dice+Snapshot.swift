import ReeveModel

extension Dice {
  static let snapshotPartKinds = ["head", "jobs", "active", "setbacks", "awaited"]

  mutating func snapshotPart(_ kind: String) -> SnapshotPart {
    switch kind {
    case "head": .head(snapshotHead())
    case "jobs": .jobs(list { $0.snapshotJob() })
    case "active": .active(list { NumberedTask(task: $0.task(), value: $0.activeTask()) })
    case "setbacks": .setbacks(list { NumberedTask(task: $0.task(), value: $0.setback()) })
    default: .awaited(list { NumberedTask(task: $0.task(), value: $0.node()) })
    }
  }

  private mutating func snapshotJob() -> SnapshotJob {
    let job = submittedJob()
    var states = TaskStates(
      one(of: Array(TaskState.allCases.dropFirst(isFull ? 1 : 0))),
      count: job.spec.count
    )
    for place in 0..<states.count where isFull || bool() {
      states[place] = one(of: Array(TaskState.allCases.dropFirst(isFull ? 1 : 0)))
      if bool() { states.setHeld(true, at: place..<place + 1) }
    }
    return SnapshotJob(
      job: job,
      ended: wall(),
      closed: isFull ? wall() : WallTime(microseconds: 5),
      closedFor: reason(),
      states: states,
      priorities: list { PlaceMap.Run(first: $0.u32(), count: $0.u32(), $0.i32()) },
      calledOff: list {
        PlaceMap.Run(first: $0.u32(), count: $0.u32(), CalledOff($0.reason(), at: $0.wall()))
      },
      lastEnd: LastEnd(reason: reason(), status: i32())
    )
  }

  private mutating func activeTask() -> ActiveTask {
    var active = ActiveTask(
      attempt: attempt(),
      job: JobNumber(u32()),
      template: TemplateNumber(u32()),
      rack: rack()
    )
    active.node = node()
    active.started = wall()
    active.ordered = reason()
    return active
  }

  private mutating func setback() -> Setback {
    var setback = Setback()
    setback.attempts = UInt16(bits(16))
    setback.losses = UInt8(bits(8))
    setback.retries = UInt16(bits(16))
    setback.retriedAt = wall()
    setback.reason = reason()
    setback.status = i32()
    return setback
  }

  private mutating func snapshotHead() -> SnapshotHead {
    SnapshotHead(
      term: term(),
      nextAttempt: bits(40),
      lastGeneration: generation(),
      order: isFull ? .priority : one(of: QueueOrder.allCases),
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
      activeCount: Int(u32()),
      wall: wall()
    )
  }
}
