import ReeveModel

extension Dice {
  static let snapshotPartKinds = ["head", "jobs", "active", "setbacks", "awaited", "unacknowledged"]

  mutating func snapshotPart(_ kind: String) -> SnapshotPart {
    switch kind {
    case "head": .head(snapshotHead())
    case "jobs": .jobs(list { $0.snapshotJob() })
    case "active": .active(list { NumberedTask(task: $0.task(), value: $0.activeTask()) })
    case "setbacks": .setbacks(list { NumberedTask(task: $0.task(), value: $0.setback()) })
    case "awaited": .awaited(list { NumberedTask(task: $0.task(), value: $0.node()) })
    default:
      .unacknowledged(
        list {
          let end = UnacknowledgedEnd(
            reason: $0.reason(),
            status: $0.i32(),
            node: $0.node(),
            attempt: $0.attempt()
          )
          return NumberedTask(task: $0.task(), value: end)
        }
      )
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

  mutating func subscribedFramework() -> SubscribedFramework {
    SubscribedFramework(
      number: FrameworkNumber(u32()),
      job: JobNumber(u32()),
      info: FrameworkInfo(
        id: JobID(word()),
        name: word(),
        role: word(),
        user: word(),
        failover: TimeSpan(microseconds: Int64(bits(40)))
      ),
      submitted: wall()
    )
  }

  mutating func role() -> Role {
    Role(
      name: word(),
      weight: Double(count(1...9)),
      guarantee: Resources(cpuMillis: Int64(count(1...9)), memory: .max, disk: 1),
      limit: Resources(cpuMillis: .max, memory: Int64(count(1...9)), disk: 2)
    )
  }

  private mutating func snapshotHead() -> SnapshotHead {
    SnapshotHead(
      term: term(),
      nextAttempt: bits(40),
      lastGeneration: generation(),
      policy: policySetting(),
      runTimes: runTimes(),
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
      frameworks: list { SnapshotFramework(framework: $0.subscribedFramework(), isRemoved: $0.bool()) },
      roles: list { $0.role() },
      jobCount: Int(u32()),
      taskCount: Int(u32()),
      activeCount: Int(u32()),
      wall: wall()
    )
  }
}

// Policies, and what is learnt for them.
extension Dice {
  mutating func policySetting() -> PolicySetting {
    var criteria = isFull || bool() ? PriorityCriteria(terms: []) : .plain
    if criteria != .plain {
      let factors = PriorityCriteria.Factor.named + [.label(word(), labelValues())]
      criteria.terms = list { dice in
        PriorityCriteria.Term(
          dice.one(of: factors),
          weight: Double(dice.i32()) / 8,
          per: Double(dice.u32()) + 1
        )
      }
      criteria.shares = byName { PriorityCriteria.UserShare(user: $0, share: $1) }
    }
    let order: QueueOrder = isFull ? .priority : one(of: QueueOrder.allCases)
    return PolicySetting(order, backfills: isFull || bool(), criteria: criteria)
  }

  private mutating func labelValues() -> PriorityCriteria.LabelValues {
    PriorityCriteria.LabelValues(table: byName { .init(word: $0, value: $1) }, otherwise: Double(i32()) / 8)
  }

  /// Sorted, and each name once.
  private mutating func byName<T>(_ make: (String, Double) -> T) -> [T] {
    var values: [String: Double] = [:]
    let words = list { $0.word() }
    for (i, word) in words.enumerated() { values[word] = Double(i) + 0.5 }
    return values.sorted { $0.key < $1.key }.map { make($0.key, $0.value) }
  }

  private mutating func runTimes() -> LearntRunTimes {
    var generations: [[TaskKind: LearntRunTimes.Mean]] = []
    for _ in 0..<2 {
      let means = list { dice in
        var mean = LearntRunTimes.Mean()
        mean.time = TimeSpan(microseconds: dice.amount())
        mean.expected = TimeSpan(microseconds: dice.amount())
        mean.ends = dice.u32()
        return (TaskKind(hash: dice.bits(64)), mean)
      }
      generations.append(Dictionary(means) { $1 })
    }
    return LearntRunTimes(recent: generations[0], older: generations[1])
  }
}
