package import ReeveModel

/// What a schedule of a trace comes to; times in seconds.
package struct TraceFigures: Equatable, Sendable {
  package var meanWait = 0.0
  package var medianWait = 0.0
  package var p95Wait = 0.0
  package var maxWait = 0.0
  /// How many times as long as it ran a job took, where what ran for less than ten seconds counts as ten (Feitelson et al.,
  /// "Theory and Practice in Parallel Job Scheduling", 1997).
  package var meanBoundedSlowdown = 0.0
  /// From the first submission to the last end.
  package var makespan = 0.0
  /// Of the cores in that time.
  package var utilization = 0.0

  private static let shortest = 10.0

  /// - Parameters:
  ///   - trace: at least one job.
  ///   - starts: of each job.
  ///   - cores: of the machine.
  package init(of trace: JobTrace, starts: [TimeSpan], cores: Int) {
    let jobs = trace.jobs
    guard !jobs.isEmpty else { return }
    let waits = jobs.indices.map { starts[$0].seconds - jobs[$0].submit.seconds }
    let slowdowns = jobs.indices.map { i in
      max(1, (waits[i] + jobs[i].run.seconds) / max(jobs[i].run.seconds, Self.shortest))
    }
    let sorted = waits.sorted()
    let count = Double(jobs.count)
    meanWait = waits.reduce(0, +) / count
    medianWait = sorted[(jobs.count - 1) / 2]
    p95Wait = sorted[min(jobs.count - 1, Int(0.95 * count))]
    maxWait = sorted[jobs.count - 1]
    meanBoundedSlowdown = slowdowns.reduce(0, +) / count
    let last = jobs.indices.map { starts[$0].seconds + jobs[$0].run.seconds }.max() ?? 0
    makespan = last - trace.firstSubmit
    utilization = trace.work / (Double(cores) * makespan)
  }
}

// What a trace is, whatever the schedule.
extension JobTrace {
  package var firstSubmit: Double { jobs.map(\.submit.seconds).min() ?? 0 }
  package var lastSubmit: Double { jobs.map(\.submit.seconds).max() ?? 0 }
  /// In seconds of cores.
  package var work: Double { jobs.reduce(0) { $0 + $1.run.seconds * Double($1.cores) } }

  /// No schedule is shorter: what comes after any one instant has its work to do from then on, and of jobs wider than half of
  /// the machine no two run at once.
  package func lowerBound(cores: Int) -> Double {
    var best = jobs.map { $0.submit.seconds + $0.run.seconds }.max() ?? 0
    var (work, wide) = (0.0, 0.0)
    let ordered = jobs.sorted { $0.submit > $1.submit }
    for (i, job) in ordered.enumerated() {
      work += job.run.seconds * Double(job.cores)
      if 2 * job.cores > cores { wide += job.run.seconds }
      guard i + 1 == ordered.count || ordered[i + 1].submit < job.submit else { continue }
      best = max(best, job.submit.seconds + max(work / Double(cores), wide))
    }
    return best - firstSubmit
  }
}
