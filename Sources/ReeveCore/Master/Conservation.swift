import ReeveModel

extension MasterCore {
  /// What is wrong with the core's books, in words; empty where all is well.
  ///
  /// Checked after every step of the simulator: O(everything).
  package func violations() -> [String] {
    var found: [String] = []
    var waiting = [Int](repeating: 0, count: durable.roster.racks.count)
    var running = waiting
    var assigned = [Resources](repeating: .zero, count: waiting.count)
    var counts = [TaskCounts](repeating: TaskCounts(), count: durable.jobs.jobs.count)
    let tasks = durable.tasks
    for i in tasks.states.indices {
      counts[tasks.jobs[i].index - 1][tasks.states[i]] += 1
      if (tasks.states[i] == .blocked) != (tasks.unmet[i] > 0), !tasks.states[i].isTerminal {
        found.append("task \(i + 1) is \(tasks.states[i]) with \(tasks.unmet[i]) unmet dependencies")
      }
      guard tasks.states[i].hasAttempt else { continue }
      let rack = tasks.racks[i].index - 1
      if tasks.states[i] == .assigned { waiting[rack] += 1 } else { running[rack] += 1 }
      assigned[rack] += durable.template(of: i).resources
    }
    for (job, counted) in zip(durable.jobs.jobs, counts) {
      if job.counts != counted { found.append("job \(job.spec.id) counts \(job.counts), has \(counted)") }
      if job.counts.total != job.spec.count {
        found.append("job \(job.spec.id) has lost tasks: \(job.counts)")
      }
      if (job.counts.unfinished == 0) != (job.ended != .none) {
        found.append("job \(job.spec.id) ended at \(job.ended) with \(job.counts.unfinished) unfinished")
      }
    }
    for (i, rack) in durable.roster.racks.enumerated()
    where rack.waitingCount != waiting[i] || rack.runningCount != running[i] || rack.assigned != assigned[i] {
      found.append("rack \(rack.name) counts \(rack), has \(waiting[i]) waiting, \(running[i]) running")
    }
    return found
  }
}
