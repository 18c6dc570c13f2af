import Glibc
package import ReeveModel
import Synchronization

/// How tasks ended, on disk: one record of a fixed length a task, at a place that follows from its number, and what is known
/// of those that failed in a log beside it.
///
/// It is written after the journal and synced before the journal is trimmed, so that whatever a crash takes from it is
/// written again by the replay. What the disk has no room for stays in memory until it has, and keeps the journal from being
/// trimmed.
package final class FileHistory: Sendable {
  private let state: Mutex<State>
  private let ends: Descriptor
  private let details: Descriptor

  fileprivate struct State {
    /// What could not be written yet.
    var pending: [TaskNumber: Pending] = [:]
    /// Where the next details go; 0 is no place, for it stands for none.
    var detailsEnd: Int
    var nodes: [String]
    /// By node.
    var racks: [RackNumber]
    var rackNames: [String]
  }

  fileprivate struct Pending {
    var end: TaskEnd
    var rack: RackNumber
  }

  /// - Parameter directory: the master's own, whose lock this process holds.
  /// - Throws: `JournalError` where its files cannot be opened.
  package init(directory: String) throws {
    let folder = directory + "/history"
    if mkdir(folder, 0o700) != 0, errno != EEXIST { throw JournalError.system(errno, "make", folder) }
    ends = try Descriptor(opening: folder + "/ends", flags: O_RDWR | O_CREAT)
    details = try Descriptor(opening: folder + "/details", flags: O_RDWR | O_CREAT)
    state = Mutex(State(detailsEnd: max(8, try details.size()), nodes: [], racks: [], rackNames: []))
  }

  /// Notes what facts say that are durable. What a master before may have noted, in a replay, is not written again where it
  /// is there.
  package func note(_ facts: [Fact], isReplay: Bool = false) {
    guard facts.contains(where: \.isForHistory) else { return }
    state.withLock { state in
      for fact in facts {
        switch fact {
        case .ended(let ends): write(isReplay ? ends.filter { !hasKept($0) } : ends, &state)
        case .nodePlaced(let node, let rack): state.place(node, rack)
        case .rackGranted(let grant): state.name(grant.rack, grant.name)
        default: break
        }
      }
    }
  }

  /// Takes over the names of a roster, as a snapshot has it.
  package func note(nodes: [(RosterNode, RackNumber)], racks: [(RackNumber, String)]) {
    state.withLock { state in
      for (rack, name) in racks { state.name(rack, name) }
      for (node, rack) in nodes { state.place(node, rack) }
    }
  }

  /// Makes all that was noted durable.
  /// - Throws: `JournalError` where something cannot be.
  package func sync() throws {
    try state.withLock { state in
      if !state.pending.isEmpty {
        let pending = state.pending
        state.pending = [:]
        for (_, row) in pending.sorted(by: { $0.key < $1.key }) { write(row.end, row.rack, &state) }
        guard state.pending.isEmpty else {
          throw JournalError(
            .diskFull,
            "how \(state.pending.count) tasks ended cannot be written to \(ends.path): there is no room."
          )
        }
      }
    }
    try details.syncData()
    try ends.syncData()
  }

  /// Fills in how tasks ended. Neighbours are read at once.
  package func fill(_ views: inout [TaskView]) throws {
    var run: [Int] = []
    for i in views.indices where views[i].needsOutcome {
      if let first = run.first, let last = run.last,
        !Self.isNear(views[i].number, first: views[first].number, last: views[last].number)
      {
        try fill(run, of: &views)
        run.removeAll(keepingCapacity: true)
      }
      run.append(i)
    }
    try fill(run, of: &views)
  }

  /// Whether a record is better read with those before it: reading a few in between costs less than another call.
  private static func isNear(_ task: TaskNumber, first: TaskNumber, last: TaskNumber) -> Bool {
    task > last && task.rawValue - last.rawValue <= 16 && task.rawValue - first.rawValue < 1_000
  }

  private func fill(_ run: [Int], of views: inout [TaskView]) throws {
    guard let first = run.first, let last = run.last else { return }
    let start = HistoryRecord.offset(of: views[first].number)
    let state = state.withLock { $0 }
    let bytes = try ends.read(
      HistoryRecord.offset(of: views[last].number) + HistoryRecord.bytes - start,
      at: start
    )
    for i in run {
      let task = views[i].number
      if let pending = state.pending[task] {
        state.fill(&views[i], pending.end, pending.rack)
      } else if let record = HistoryRecord(bytes, at: HistoryRecord.offset(of: task) - start, of: task) {
        var end = record.end
        if views[i].details != nil, record.detail > 0 {
          end.detail = try detail(of: task, at: Int(record.detail))
        }
        state.fill(&views[i], end, record.rack)
      }
    }
  }

  // MARK: Records

  private func write(_ ends: [TaskEnd], _ state: inout State) {
    var start = 0
    // Tasks mostly end in about the order of their numbers: neighbours are written at once.
    while start < ends.count {
      var end = start + 1
      while end < ends.count, ends[end].task.rawValue == ends[end - 1].task.rawValue + 1 { end += 1 }
      write(ends[start..<end], &state)
      start = end
    }
  }

  private func write(_ run: ArraySlice<TaskEnd>, _ state: inout State) {
    guard let first = run.first, run.count > 1, state.pending.isEmpty else {
      for end in run { write(end, state.rack(of: end.node), &state) }
      return
    }
    do {
      var bytes: [UInt8] = []
      bytes.reserveCapacity(run.count * HistoryRecord.bytes)
      for end in run { bytes += try record(of: end, state.rack(of: end.node), &state).encoded }
      try ends.write(bytes[...], at: HistoryRecord.offset(of: first.task))
    } catch {
      for end in run { state.pending[end.task] = Pending(end: end, rack: state.rack(of: end.node)) }
    }
  }

  private func write(_ end: TaskEnd, _ rack: RackNumber, _ state: inout State) {
    do {
      let record = try record(of: end, rack, &state)
      try ends.write(record.encoded[...], at: HistoryRecord.offset(of: end.task))
      state.pending[end.task] = nil
    } catch {
      state.pending[end.task] = Pending(end: end, rack: rack)
    }
  }

  private func record(of end: TaskEnd, _ rack: RackNumber, _ state: inout State) throws -> HistoryRecord {
    var record = HistoryRecord(end, rack: rack)
    if let detail = end.detail {
      let bytes = HistoryDetail.encode(detail, of: end.task)
      try details.write(bytes[...], at: state.detailsEnd)
      record.detail = UInt64(state.detailsEnd)
      state.detailsEnd += bytes.count
    }
    return record
  }

  /// Whether an end is there with its detail, or one of a later round is. Those without a detail are not looked for: written
  /// again they take no more room.
  private func hasKept(_ end: TaskEnd) -> Bool {
    guard end.detail != nil, let (kept, _) = try? readFiles(end.task, withDetail: true) else { return false }
    return kept.attempt > end.attempt || kept == end
  }

  private func readFiles(_ task: TaskNumber, withDetail: Bool) throws -> (TaskEnd, RackNumber)? {
    let bytes = try ends.read(HistoryRecord.bytes, at: HistoryRecord.offset(of: task))
    guard let record = HistoryRecord(bytes, at: 0, of: task) else { return nil }
    var end = record.end
    if withDetail, record.detail > 0 { end.detail = try detail(of: task, at: Int(record.detail)) }
    return (end, record.rack)
  }

  private func detail(of task: TaskNumber, at offset: Int) throws -> TaskEnd.Detail? {
    guard let count = HistoryDetail.length(try details.read(HistoryDetail.headBytes, at: offset), of: task)
    else {
      return nil
    }
    return HistoryDetail.decode(try details.read(count, at: offset))
  }
}

extension FileHistory.State {
  fileprivate func fill(_ view: inout TaskView, _ end: TaskEnd, _ rack: RackNumber) {
    view.reason = end.reason
    view.status = end.status
    view.attempt = end.attempt
    view.attempts = Int(end.earlier) + 1
    view.started = end.started
    view.ended = end.ended
    view.usage = end.usage
    view.details?.end = end.detail
    if nodes.indices.contains(end.node.index - 1) { view.node = nodes[end.node.index - 1] }
    if rackNames.indices.contains(rack.index - 1) { view.rack = rackNames[rack.index - 1] }
  }

  fileprivate func rack(of node: NodeNumber) -> RackNumber {
    node.index >= 1 && node.index <= racks.count ? racks[node.index - 1] : RackNumber(0)
  }

  fileprivate mutating func place(_ node: RosterNode, _ rack: RackNumber) {
    while nodes.count < node.number.index {
      nodes.append("")
      racks.append(RackNumber(0))
    }
    nodes[node.number.index - 1] = node.name
    racks[node.number.index - 1] = rack
  }

  fileprivate mutating func name(_ rack: RackNumber, _ name: String) {
    while rackNames.count < rack.index { rackNames.append("") }
    rackNames[rack.index - 1] = name
  }
}

extension Fact {
  fileprivate var isForHistory: Bool {
    switch self {
    case .ended, .nodePlaced, .rackGranted: true
    default: false
    }
  }
}
