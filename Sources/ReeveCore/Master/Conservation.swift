import OrderedCollections
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
    var used: [UserNumber: Resources] = [:]
    for (task, attempt) in durable.active {
      let rack = attempt.rack.index - 1
      if attempt.hasStarted { running[rack] += 1 } else { waiting[rack] += 1 }
      assigned[rack] += durable.templates[attempt.template.index].resources
      let user = durable.jobs.user(of: attempt.job)
      used[user, default: .zero] += durable.templates[attempt.template.index].resources
      let state = durable.state(of: task)
      if state != (attempt.hasStarted ? .running : .assigned) {
        found.append("task \(task) is \(state.map { "\($0)" } ?? "unknown") with attempt \(attempt.attempt)")
      }
    }
    var active = 0
    for job in durable.jobs.jobs {
      active += job.counts[.assigned] + job.counts[.running]
      found += violations(of: job)
    }
    if active != durable.active.count {
      found.append("\(active) tasks are active, \(durable.active.count) are known")
    }
    for (i, rack) in durable.roster.racks.enumerated()
    where rack.waitingCount != waiting[i] || rack.runningCount != running[i] || rack.assigned != assigned[i] {
      found.append("rack \(rack.name) counts \(rack), has \(waiting[i]) waiting, \(running[i]) running")
    }
    for user in durable.jobs.users.all where durable.jobs.users[user].used != used[user] ?? .zero {
      found.append("user \(user) has \(durable.jobs.users[user]), and tasks of \(used[user] ?? .zero)")
    }
    for (task, _) in durable.setbacks where durable.state(of: task)?.isTerminal ?? true {
      found.append("task \(task) has ended, and its setbacks are kept")
    }
    return found + sharingViolations()
  }

  /// What frameworks have and are offered, and what of racks is promised for it.
  private func sharingViolations() -> [String] {
    var used = durable.frameworks.rows.map { _ in Resources.zero }
    for attempt in durable.active.values {
      used[durable.jobs[attempt.job].framework.index] += durable.templates[attempt.template.index].resources
    }
    var offered = used.map { _ in Resources.zero }
    var promised = racks.links.map(\.uncountedResources)
    for row in offers.rows.values {
      offered[row.framework.index] += row.resources * row.count
      // Pinned slices are held by the rack, which says so in what it has free.
      if row.holds.isEmpty { promised[row.rack.index - 1] += row.resources * row.count }
    }
    for row in holds.rows.values where !row.isOffered { offered[row.framework.index] += row.resources }
    var found: [String] = []
    for i in used.indices {
      let number = FrameworkNumber(UInt32(i))
      if used[i] != durable.frameworks[number].used { found.append("framework \(i) uses \(used[i])") }
      if isLeading, offered[i] != accounts[number].offered {
        found.append("framework \(i) is offered \(offered[i])")
      }
    }
    for (link, wanted) in zip(racks.links, promised) where link.promisedResources != wanted {
      found.append("rack \(link.address) promises \(link.promisedResources), should \(wanted)")
    }
    return found
  }

  private func violations(of job: Job) -> [String] {
    var found: [String] = []
    var counted = TaskCounts()
    for place in 0..<job.count {
      let state = job.states[place]
      counted[state] += 1
      if state == .blocked, durable.isReady(place, of: job.number) {
        found.append("task \(place) of \(job.spec.id) is blocked and waits for nothing")
      }
    }
    if job.counts != counted { found.append("job \(job.spec.id) counts \(job.counts), has \(counted)") }
    var fresh = job
    fresh.recountUnmet(outerUnmet: durable.outerUnmet(of: job))
    if fresh.unmet != job.unmet {
      found.append("job \(job.spec.id) waits for \(job.unmet), not \(fresh.unmet)")
    }
    if job.counts.total != job.spec.count {
      found.append("job \(job.spec.id) has lost tasks: \(job.counts)")
    }
    if (job.counts.unfinished == 0) != (job.ended != .none) {
      found.append("job \(job.spec.id) ended at \(job.ended) with \(job.counts.unfinished) unfinished")
    }
    if let open = durable.jobs.open(job.number) { found += violations(of: open, job.spec.id) }
    return found
  }

  private func violations(of open: OpenJob, _ id: JobID) -> [String] {
    var (counted, found) = (TaskCounts(), [String]())
    for part in open.parts { counted += durable.jobs[part].counts }
    if counted != open.counts { found.append("open job \(id) counts \(open.counts), has \(counted)") }
    if open.isOver != (open.ended != .none) {
      found.append("open job \(id) ended at \(open.ended) with \(counted.unfinished) unfinished")
    }
    return found
  }
}
