import ReeveModel

/// A run in figures.
struct Report {
  private var faults: [(kind: String, count: Int, worst: Double, sum: Double)] = []
  private var longestGap = 0.0
  private let review: Review
  private let record: Record
  private let lasted: Duration

  init(_ record: Record, starts: [Int64], lasted: Duration) {
    self.record = record
    self.lasted = lasted
    review = Review(record)
    longestGap = zip(starts, starts.dropFirst()).map { Double($1 - $0) / 1e6 }.max() ?? 0
    for (kind, entries) in Dictionary(grouping: record.faults.entries, by: \.fault.kind) {
      let times = entries.compactMap { entry in
        starts.first { $0 >= entry.to }.map { Double($0 - entry.to) / 1e6 }
      }
      faults.append((kind, entries.count, times.max() ?? 0, times.reduce(0, +)))
    }
    faults.sort { $0.kind < $1.kind }
  }

  var findings: [Finding] { review.findings }
  var tasksStarted: Int { review.started }
  var count: Int { record.faults.entries.count }

  var text: String {
    var lines = [
      "\(count) faults in \(lasted.components.seconds) s; \(record.acknowledged.count) jobs, \(review.tasks) tasks, "
        + "\(review.started) scripts run, \(review.terms) terms of a master",
      "ended: \(review.ended(.none)) well, \(review.ended(.cancelled)) cancelled, \(review.ended(.exitCode)) by exit code, "
        + "\(review.ended(.timedOut)) timed out, \(review.ended(.dependencyFailed)) for a dependency, "
        + "\(review.ended(.nodeLost)) lost three times",
    ]
    for cause in LossCause.allCases {
      lines.append("run again, because \(cause.rawValue): \(review.restarts[cause] ?? 0)")
    }
    lines.append("longest time without any start: \(seconds(longestGap)) s")
    lines.append("from a fault's end to the next start, by kind (count, mean, longest):")
    for (kind, count, worst, sum) in faults {
      lines.append("  \(count) x \(kind): \(seconds(sum / Double(count))) s, \(seconds(worst)) s")
    }
    return lines.joined(separator: "\n")
  }

  private func seconds(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}
