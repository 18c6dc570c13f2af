package import ReeveModel

/// A cluster in three lines.
package struct ClusterSummary: Sendable {
  private let nodes: [NodeView]
  private let jobs: [JobProgress]
  private let policy: QueueOrder

  package init(nodes: [NodeView], jobs: [JobProgress], policy: QueueOrder) {
    self.nodes = nodes
    self.jobs = jobs
    self.policy = policy
  }

  package var text: String {
    let up = nodes.filter { $0.status.state == .up }
    let total = up.reduce(Resources.zero) { $0 + $1.status.total }
    let free = up.reduce(Resources.zero) { $0 + $1.status.free }
    let open = jobs.filter { $0.counts.unfinished > 0 }
    let pending = open.reduce(0) { $0 + $1.counts.pending }
    let running = open.reduce(0) { $0 + $1.counts.running }
    let used = Amounts.cpus(total.cpuMillis - free.cpuMillis)
    return """
      nodes   \(up.count) up of \(nodes.count)
      in use  \(used) of \(Amounts.cpus(total.cpuMillis)) cpus, \(Amounts.size(total.memory - free.memory)) of \
      \(Amounts.size(total.memory)) of memory
      tasks   \(running) running, \(pending) pending in \(Amounts.count(open.count, "job")), policy \(policy.word)


      """
  }
}
