import ReeveModel

/// Why an attempt that had begun to run was given up, as far as the faults tell.
enum LossCause: String, CaseIterable {
  case machine = "the machine died"
  case cutOff = "its node was cut off or stopped for longer than a rack bears"
  case chain = "several faults kept its node from its rack for longer than a rack bears"
}

/// Judges losses: a node may be given up only if it was really out of reach for as long as a rack bears silence.
struct Losses {
  private struct Span {
    var from: Int64
    var to: Int64
  }

  private static let second: Int64 = 1_000_000
  /// A rack bears silence for ten seconds, counted from the last beat; so much of it must be accounted for.
  private static let silence = (from: 9_600_000 as Int64, to: 600_000 as Int64)
  private static let uncoveredMax: Int64 = 500_000
  /// What one short fault can be blamed for, with all that follows from it: less than a rack bears.
  private static let shareMax = 8 * second

  private let log: FaultLog
  private var spans: [Int: (longOwn: [Span], all: [Span])] = [:]

  init(_ log: FaultLog) {
    self.log = log
    for node in 0..<Layout.nodes { spans[node] = spans(of: node) }
  }

  /// - Parameters:
  ///   - node: where the attempt ran.
  ///   - at: when it was given up.
  ///   - start: the line of the history in which it starts.
  ///   - end: the line in which it ends, if it does.
  /// - Returns: `nil` where there was no reason to give it up.
  func cause(node: Int, at: Int64, start: Int, end: Int?) -> LossCause? {
    let died = log.entries.contains { entry in
      // A script may have said its last just before the death, and its exit never have been seen.
      entry.fault == .killMachine && entry.from < at && at < entry.from + 60 * Self.second
        && start < entry.lines && (end ?? .max) > entry.lines - 40
    }
    if died { return .machine }
    guard let (longOwn, all) = spans[node] else { return nil }
    if uncovered(longOwn, before: at) <= Self.uncoveredMax { return .cutOff }
    return uncovered(all, before: at) <= Self.uncoveredMax ? .chain : nil
  }

  private func spans(of node: Int) -> (longOwn: [Span], all: [Span]) {
    let rack = Layout.rack(of: node)
    var (longOwn, all): ([Span], [Span]) = ([], [])
    for entry in log.entries {
      guard let afterwards = recovery(entry.fault, node, rack) else { continue }
      if entry.to - entry.from >= Int64(Fault.long) * 1_000 {
        // Masters and racks that were stopped themselves accuse nobody.
        guard isOwn(entry.fault, node) else { continue }
        longOwn.append(Span(from: entry.from, to: entry.to + afterwards))
        all.append(Span(from: entry.from, to: entry.to + afterwards))
      } else {
        all.append(Span(from: entry.from, to: min(entry.to + afterwards, entry.from + Self.shareMax)))
      }
    }
    for (role, absences) in log.absences where role == .master || role == .rack(rack) || role == .node(node) {
      for absence in absences {
        let to = min(absence.to + 4 * Self.second, absence.from + Self.shareMax)
        all.append(Span(from: absence.from, to: to))
      }
    }
    return (longOwn, all)
  }

  private func isOwn(_ fault: Fault, _ node: Int) -> Bool {
    switch fault {
    case .pause(.node(node), _), .cut(.nodeToRack(node), _, _): true
    default: false
    }
  }

  /// How long after its end a fault may still keep the node from its rack: the waits between tries, and calls whose answer
  /// never comes. `nil` for what does not concern the node.
  private func recovery(_ fault: Fault, _ node: Int, _ rack: Int) -> Int64? {
    switch fault {
    case .pause(.node(node), _), .pause(.rack(rack), _): 4 * Self.second
    case .pause(.master, _): 7 * Self.second
    case .cut(.nodeToRack(node), _, _), .cut(.nodeToMaster(node), _, _): 8 * Self.second
    case .cut(.rackToMaster(rack), _, _): 7 * Self.second
    default: nil
    }
  }

  private func uncovered(_ spans: [Span], before at: Int64) -> Int64 {
    var cursor = at - Self.silence.from
    let end = at - Self.silence.to
    var uncovered: Int64 = 0
    for span in spans.sorted(by: { $0.from < $1.from }) where span.to > cursor && cursor < end {
      if span.from > cursor { uncovered += min(span.from, end) - cursor }
      cursor = max(cursor, span.to)
    }
    return uncovered + max(0, end - cursor)
  }
}
