import HeapModule
package import ReeveCore
package import ReeveModel

/// Runs the jobs of a trace in one pool of cores, or on nodes of racks, by the queue and the decisions that run in production.
///
/// Of what falls on one instant the ends come first, then what is submitted, and then it is decided once.
package struct TraceReplay: Sendable {
  package var trace: JobTrace
  package var cores: Int
  package var policy: PolicySetting
  package var overtaking: Overtaking
  /// What the cores are spread over; `nil` where any can be used with any.
  private let nodes: NodeRooms?

  package init(
    _ trace: JobTrace,
    cores: Int,
    policy: PolicySetting,
    overtaking: Overtaking,
    nodes: NodeRooms? = nil
  ) {
    (self.trace, self.cores, self.policy, self.overtaking) = (trace, cores, policy, overtaking)
    self.nodes = nodes
  }

  private struct End: Comparable {
    var at: Instant
    var task: TaskNumber
    static func < (a: End, b: End) -> Bool { (a.at, a.task) < (b.at, b.task) }
  }

  /// When each job starts, from the beginning of the log. All of them must fit the machine.
  package func starts() -> [TimeSpan] {
    let jobs = trace.jobs
    let arrivals = jobs.indices.sorted { (jobs[$0].submit, $0) < (jobs[$1].submit, $1) }
    var starts = Array(repeating: TimeSpan.zero, count: jobs.count)
    var queue = BatchFramework()
    queue.begin(policy, overtaking: overtaking)
    var used: [UserNumber: Resources] = [:]
    var nodes = nodes
    let total = nodes.map { $0.node * $0.count } ?? Resources(cpuMillis: Int64(cores) * 1_000)
    var pool = Pool(total, overtaking: overtaking)
    func place(of task: TaskNumber) -> Int { arrivals[task.index - 1] }
    var ends = Heap<End>()
    var next = 0
    while let now = [ends.min?.at, next < jobs.count ? submit(jobs[arrivals[next]]) : nil].compactMap({ $0 })
      .min()
    {
      while let end = ends.min, end.at <= now {
        ends.removeMin()
        let job = jobs[place(of: end.task)]
        let planned = Instant(microseconds: end.at.microseconds - job.run.microseconds) + job.limit
        pool.end(resources(of: job), planned: planned)
        nodes?.release(end.task)
        used[job.user, default: .zero] -= resources(of: job)
      }
      while next < jobs.count, submit(jobs[arrivals[next]]) <= now {
        submit(jobs[arrivals[next]], as: next, to: &queue)
        next += 1
      }
      queue.weigh(in: total) { user in
        UserAccount(used: used[user] ?? .zero, due: policy.criteria.due(of: "\(user)"))
      }
      let started = pool.pass(over: &queue, at: now) { task in
        nodes?.place(jobs[place(of: task)], as: task) ?? true
      }
      for task in started {
        let job = jobs[place(of: task)]
        starts[place(of: task)] = TimeSpan(microseconds: now.microseconds)
        used[job.user, default: .zero] += resources(of: job)
        ends.insert(End(at: now + job.run, task: task))
      }
    }
    return starts
  }

  private func submit(_ job: JobTrace.Job) -> Instant { Instant(microseconds: job.submit.microseconds) }

  /// Tasks are numbered in the order in which they come, so that it is theirs in the queue.
  private func submit(_ job: JobTrace.Job, as place: Int, to queue: inout BatchFramework) {
    let resources = resources(of: job)
    let task = Candidate(
      submitted: WallTime(microseconds: job.submit.microseconds),
      resources: resources,
      estimate: job.limit
    )
    let run = ReadyRun(
      rank: queue.policy.rank(of: task),
      first: TaskNumber(UInt64(place) + 1),
      job: JobNumber(1)
    )
    queue.add(run, shape: queue.number(of: Shape(resources)), of: job.user, limit: job.limit)
  }

  private func resources(of job: JobTrace.Job) -> Resources {
    (nodes?.process(of: job) ?? Resources(cpuMillis: 1_000)) * job.cores
  }
}
