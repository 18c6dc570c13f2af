import HeapModule
package import ReeveCore
package import ReeveModel

/// Runs the jobs of a trace in one pool of cores, by the queue and the decisions that run in production.
///
/// Of what falls on one instant the ends come first, then what is submitted, and then it is decided once.
package struct TraceReplay: Sendable {
  package var trace: JobTrace
  package var cores: Int
  package var order: QueueOrder
  package var overtaking: Overtaking

  package init(_ trace: JobTrace, cores: Int, order: QueueOrder, overtaking: Overtaking) {
    (self.trace, self.cores, self.order, self.overtaking) = (trace, cores, order, overtaking)
  }

  private struct End: Comparable {
    var at: Instant
    var job: Int
    static func < (a: End, b: End) -> Bool { (a.at, a.job) < (b.at, b.job) }
  }

  /// When each job starts, from the beginning of the log. All of them must fit the machine.
  package func starts() -> [TimeSpan] {
    let jobs = trace.jobs
    let arrivals = jobs.indices.sorted { (jobs[$0].submit, $0) < (jobs[$1].submit, $1) }
    var starts = Array(repeating: TimeSpan.zero, count: jobs.count)
    var queue = BatchFramework()
    queue.begin(order, overtaking: overtaking)
    var pool = Pool(Self.resources(cores: cores), overtaking: overtaking)
    var ends = Heap<End>()
    var next = 0
    while let now = [ends.min?.at, next < jobs.count ? submit(jobs[arrivals[next]]) : nil].compactMap({ $0 })
      .min()
    {
      while let end = ends.min, end.at <= now {
        ends.removeMin()
        let job = jobs[end.job]
        let planned = Instant(microseconds: starts[end.job].microseconds) + job.limit
        pool.end(Self.resources(cores: job.cores), planned: planned)
      }
      while next < jobs.count, submit(jobs[arrivals[next]]) <= now {
        submit(jobs[arrivals[next]], as: next, to: &queue)
        next += 1
      }
      for task in pool.pass(over: &queue, at: now, isReady: { _, _ in true }) {
        let job = arrivals[task.index - 1]
        starts[job] = TimeSpan(microseconds: now.microseconds)
        ends.insert(End(at: now + jobs[job].run, job: job))
      }
    }
    return starts
  }

  private func submit(_ job: JobTrace.Job) -> Instant { Instant(microseconds: job.submit.microseconds) }

  /// Tasks are numbered in the order in which they come, so that it is theirs in the queue.
  private func submit(_ job: JobTrace.Job, as place: Int, to queue: inout BatchFramework) {
    let rank = queue.policy.rank(of: Candidate())
    let run = ReadyRun(rank: rank, first: TaskNumber(UInt64(place) + 1), job: JobNumber(1))
    queue.add(run, shape: queue.shape(of: Self.resources(cores: job.cores)), limit: job.limit)
  }

  private static func resources(cores: Int) -> Resources { Resources(cpuMillis: Int64(cores) * 1_000) }
}
