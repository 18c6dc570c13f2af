import ReeveModel

/// A run in figures.
struct Report {
  private var faults: [(kind: String, count: Int, worst: Double, sum: Double)] = []
  private var longestGap: (from: Int64, to: Int64) = (0, 0)
  private let review: Review
  private let record: Record
  private let lasted: Duration

  init(_ record: Record, starts: [Watcher.Start], lasted: Duration) {
    self.record = record
    self.lasted = lasted
    review = Review(record)
    let gaps = zip(starts, starts.dropFirst()).map { ($0.at, $1.at) }
    longestGap = gaps.max { $0.1 - $0.0 < $1.1 - $1.0 } ?? (0, 0)
    for (kind, entries) in Dictionary(grouping: record.faults.entries, by: \.fault.kind) {
      let times = entries.compactMap { entry in
        starts.first { $0.at >= entry.to && entry.fault.concerns($0.node) }.map {
          Double($0.at - entry.to) / 1e6
        }
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
    lines.append(
      "longest time without any start: \(seconds(Double(longestGap.to - longestGap.from) / 1e6)) s, under"
    )
    for entry in record.faults.entries
    where entry.to > longestGap.from - 10_000_000 && entry.from < longestGap.to {
      lines.append("  \(seconds(Double(entry.from - longestGap.from) / 1e6)) s: \(entry.fault)")
    }
    lines.append(
      "from a fault's end to the next start on a node that it concerned, by kind (count, mean, longest):"
    )
    for (kind, count, worst, sum) in faults {
      lines.append("  \(count) x \(kind): \(seconds(sum / Double(count))) s, \(seconds(worst)) s")
    }
    return lines.joined(separator: "\n")
  }

  private func seconds(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}

extension Fault {
  /// Whether what starts on a node shows that all is well again.
  fileprivate func concerns(_ node: String) -> Bool {
    switch self {
    case .kill(let role), .terminate(let role), .pause(let role, _): role.concerns(node)
    case .cut(.nodeToRack(let i), _, _), .cut(.nodeToMaster(let i), _, _), .cut(.masterToNode(let i), _, _):
      Role.node(i).concerns(node)
    case .cut(.rackToMaster(let i), _, _): Role.rack(i).concerns(node)
    case .cut(.clientToMaster, _, _), .killRoles, .killMachine: true
    }
  }
}

extension Role {
  fileprivate func concerns(_ node: String) -> Bool {
    switch self {
    case .master: true
    case .rack(let rack): (0..<Layout.nodes).contains { Layout.rack(of: $0) == rack && node == "node-\($0)" }
    case .node: node == "\(self)"
    }
  }
}
