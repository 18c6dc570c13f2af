package import ReeveModel

extension DurableState {
  /// How large parts get.
  package struct PartSize: Sendable {
    /// Some 4 MiB of columns.
    package var tasks = 65_536
    /// What jobs or details gather to. One huge job is one part, as it is one record.
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
    try Self.forEachPart(of: jobs.jobs, size.bytes, { $0.spec.wireBytesMax }) { jobs in
      try body(.jobs(jobs.map { SnapshotJob(job: $0.submission, ended: $0.ended) }))
    }
    for start in stride(from: 0, to: tasks.count, by: size.tasks) {
      try body(.tasks(tasks.part(start..<min(start + size.tasks, tasks.count))))
    }
    let details = tasks.details.map { SnapshotDetail(task: $0.key, detail: $0.value) }
    try Self.forEachPart(of: details.sorted { $0.task < $1.task }, size.bytes, { $0.footprint }) {
      try body(.details(Array($0)))
    }
  }

  private func head(at wall: WallTime) -> SnapshotHead {
    SnapshotHead(
      term: term,
      nextAttempt: nextAttempt,
      lastGeneration: lastGeneration,
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
      jobCount: jobs.jobs.count,
      taskCount: tasks.count,
      wall: wall
    )
  }

  private static func forEachPart<Element>(
    of elements: [Element],
    _ bytesMax: Int,
    _ size: (Element) -> Int,
    _ body: (ArraySlice<Element>) throws -> Void
  ) rethrows {
    var (start, bytes) = (0, 0)
    for (i, element) in elements.enumerated() {
      bytes += size(element)
      guard bytes >= bytesMax else { continue }
      try body(elements[start...i])
      (start, bytes) = (i + 1, 0)
    }
    if start < elements.count { try body(elements[start...]) }
  }
}

extension TaskTable {
  fileprivate func part(_ range: Range<Int>) -> SnapshotTasks {
    var part = SnapshotTasks(first: TaskNumber(UInt64(range.lowerBound) + 1))
    let outcomes = outcomes[range]
    part.states = Array(states[range])
    part.attempts = Array(attempts[range])
    part.racks = Array(racks[range])
    part.nodes = outcomes.map(\.node)
    part.reasons = outcomes.map(\.reason)
    part.statuses = outcomes.map(\.status)
    part.started = outcomes.map(\.started)
    part.ended = outcomes.map(\.ended)
    part.usages = outcomes.map(\.usage)
    part.launches = outcomes.map(\.launches)
    part.losses = outcomes.map(\.losses)
    part.cancelOrdered = range.lazy.filter { cancelOrdered[$0] }.map { TaskNumber(UInt64($0) + 1) }
    part.awaiting = awaited.lazy.filter { range.contains(place($0.key)) }
      .map { SnapshotTasks.AwaitingTask(task: $0.key, node: $0.value) }
      .sorted { $0.task < $1.task }
    return part
  }
}

extension Job {
  fileprivate var submission: SubmittedJob {
    SubmittedJob(
      number: number,
      firstTask: firstTask,
      firstTemplate: firstTemplate,
      submitted: submitted,
      spec: spec
    )
  }
}

extension SnapshotDetail {
  fileprivate var footprint: Int {
    16 + detail.message.utf8.count + detail.stdoutTail.count + detail.stderrTail.count
  }
}
