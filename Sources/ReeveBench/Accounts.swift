import Glibc

/// Who used how much cpu time, in the runs that were measured.
final class Accounts {
  private let cluster: BenchCluster
  private var used: [(role: String, seconds: Double)] = []

  init(_ cluster: BenchCluster) { self.cluster = cluster }

  func during<R>(_ body: () async throws -> R) async rethrows -> R {
    let before = times()
    let result = try await body()
    let after = times()
    if used.isEmpty { used = after.map { ($0.role, 0) } }
    for i in used.indices { used[i].seconds += after[i].seconds - before[i].seconds }
    return result
  }

  /// The tasks are children of the supervisors, which have waited for them.
  private func times() -> [(role: String, seconds: Double)] {
    let processes = cluster.processes + [("client", [getpid()])]
    return processes.flatMap { role, pids in
      let times = ProcessTimes.total(of: pids)
      let own = (role: role, seconds: times.own)
      return role == "supervisor" ? [own, (role: "task", seconds: times.children)] : [own]
    }
  }

  func tell(_ scenario: String, tasks: Int, _ report: @Sendable (Figure) -> Void) {
    let all = used + [("all", used.reduce(0) { $0 + $1.seconds })]
    for (role, seconds) in all { report(Figure("\(scenario).cpu_\(role)", seconds, "s")) }
    for (role, seconds) in all {
      report(Figure("\(scenario).cpu_\(role)_per_task", seconds * 1e6 / Double(tasks), "us"))
    }
  }
}
