package import ReeveModel

extension DurableState {
  /// How large parts get.
  package struct PartSize: Sendable {
    /// Some MiB of columns.
    package var tasks = 65_536
    /// What jobs gather to. One huge job is one part, as it is one record.
    package var bytes = 4 << 20
    package init() {}
  }

  /// Hands over the parts of a snapshot of this state, one in memory at a time.
  /// - Parameters:
  ///   - wall: when the last fact in it was written.
  ///   - size: how large parts get.
  ///   - body: gets them in order.
  package func forEachPart(
    at wall: WallTime,
    size: PartSize = PartSize(),
    _ body: (SnapshotPart) throws -> Void
  ) rethrows {
    try body(.head(head(at: wall)))
    try Self.forEachPart(of: jobs.jobs, size.bytes) { jobs in try body(.jobs(jobs.map(snapshot(of:)))) }
    try Self.forEachPart(of: active, size.tasks) { try body(.active($0)) }
    try Self.forEachPart(of: setbacks, size.tasks) { try body(.setbacks($0)) }
    try Self.forEachPart(of: awaited, size.tasks) { try body(.awaited($0)) }
    try Self.forEachPart(of: frameworks.unacknowledged, size.tasks) { try body(.unacknowledged($0)) }
  }

  private func head(at wall: WallTime) -> SnapshotHead {
    SnapshotHead(
      term: term,
      nextAttempt: nextAttempt,
      lastGeneration: lastGeneration,
      policy: policy,
      runTimes: runTimes,
      racks: roster.rackList.map {
        RackGrant(
          rack: $0,
          name: roster[$0].name,
          incarnation: roster[$0].incarnation,
          generation: roster[$0].generation
        )
      },
      nodes: roster.nodes.enumerated().map { i, node in
        SnapshotNode(
          node: RosterNode(number: NodeNumber(UInt32(i) + 1), name: node.name),
          rack: node.rack,
          isLost: node.isLost,
          lostBefore: node.lostBefore,
          isReturning: node.isReturning,
          isForgotten: node.isForgotten
        )
      },
      frameworks: frameworks.rows.indices.dropFirst().map { i in
        SnapshotFramework(
          framework: SubscribedFramework(
            number: FrameworkNumber(UInt32(i)),
            job: frameworks.rows[i].job,
            info: frameworks.rows[i].info,
            submitted: jobs[frameworks.rows[i].job].submitted
          ),
          isRemoved: frameworks.rows[i].isRemoved
        )
      },
      roles: frameworks.roles.values.sorted { $0.name < $1.name },
      jobCount: jobs.jobs.count,
      taskCount: jobs.taskCount,
      activeCount: active.count,
      wall: wall
    )
  }

  private static func forEachPart(
    of jobs: [Job],
    _ bytesMax: Int,
    _ body: (ArraySlice<Job>) throws -> Void
  ) rethrows {
    var (start, bytes) = (0, 0)
    for i in jobs.indices {
      bytes += jobs[i].spec.wireBytesMax + jobs[i].states.bytes.count
      guard bytes >= bytesMax else { continue }
      try body(jobs[start...i])
      (start, bytes) = (i + 1, 0)
    }
    if start < jobs.count { try body(jobs[start...]) }
  }

  private static func forEachPart<Value>(
    of table: [TaskNumber: Value],
    _ countMax: Int,
    _ body: ([NumberedTask<Value>]) throws -> Void
  ) rethrows {
    let rows = table.map { NumberedTask(task: $0.key, value: $0.value) }.sorted { $0.task < $1.task }
    for start in stride(from: 0, to: rows.count, by: countMax) {
      try body(Array(rows[start..<min(start + countMax, rows.count)]))
    }
  }

  private func snapshot(of job: Job) -> SnapshotJob {
    SnapshotJob(
      job: SubmittedJob(
        number: job.number,
        firstTask: job.firstTask,
        firstTemplate: job.firstTemplate,
        submitted: job.submitted,
        spec: job.spec,
        outerTargets: job.outerTargets,
        constraints: job.constraints
      ),
      ended: job.ended,
      closed: jobs.open(job.number)?.closed ?? .none,
      closedFor: jobs.open(job.number)?.closedFor ?? .none,
      states: job.states,
      priorities: job.priorities.runs,
      calledOff: job.calledOff.runs,
      lastEnd: job.lastEnd
    )
  }
}
