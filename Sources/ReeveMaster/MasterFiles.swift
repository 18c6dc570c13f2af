import Foundation
import Glibc
package import ReeveCore
package import ReeveModel
package import ReeveReplication
package import ReeveShell
import ReeveWire

/// A master's files in the data directory of a cluster, opened: nobody else can write them while the journal lives.
package struct MasterFiles {
  package let cluster: ClusterID
  package let journal: FileJournal
  package let history: FileHistory
  /// The newest good snapshot, without its state; the journal replays what came after it.
  private(set) var restored: Restored
  private let state: Handover
  let compaction: Compaction

  /// Makes what is not there yet.
  /// - Parameters:
  ///   - data: the cluster's directory.
  ///   - warn: called with a sentence for each thing that was put right or passed over.
  /// - Throws: `JournalError`, `Refusal`.
  package init(data: String, warn: (String) -> Void) throws {
    let directory = data + "/master"
    try FileManager.default.createDirectory(
      atPath: directory,
      withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700]
    )
    var found: (cluster: ClusterID, snapshots: FileSnapshots, newest: Restored)?
    journal = try FileJournal(directory: directory, warn: warn) {
      // Not before: two that start for the first time at once would each choose an id.
      let cluster = try readOrCreateClusterID(directory + "/cluster")
      let snapshots = try FileSnapshots(
        directory: directory,
        cluster: cluster.value,
        content: snapshotContentVersion
      )
      let newest = try Restored(from: snapshots, isUrgent: true, warn: warn)
      found = (cluster, snapshots, newest)
      return JournalExpectation(
        cluster: cluster.value,
        after: newest.position,
        reaches: newest.unreadable
      )
    }
    guard let found else { preconditionFailure("the journal was opened without a look at the snapshots") }
    cluster = found.cluster
    restored = found.newest
    history = try FileHistory(directory: directory)
    history.note(restored.state.roster)
    state = Handover(restored.state)
    restored.state = DurableState()
    let snapshots = found.snapshots
    compaction = Compaction(directory: directory, snapshots: snapshots, history: history)
    // Only now that the journal is known to go on from the older one.
    try compaction.setAside(restored.damaged, warn: warn)
    try snapshots.removeUnfinished()
  }

  /// Gives the restored state away. Kept here too, or in a copy of this value, it would be there twice from its first change
  /// on, and that change would wait until all of it is copied.
  package func takeState() -> DurableState { state.take() }

  private final class Handover {
    private var state: DurableState
    init(_ state: DurableState) { self.state = state }

    func take() -> DurableState {
      defer { state = DurableState() }
      return state
    }
  }

  /// The last position of the journal.
  package var position: UInt64 { journal.nextPosition - 1 }

  /// Keeps what one turn decided; durable on return.
  ///
  /// A turn that took several large jobs is kept in several groups. Cut between two facts, as by a crash between two groups,
  /// it is what the core decided up to there, and nobody has heard of any of it.
  /// - Returns: the bytes of it.
  package func append(_ facts: [Fact], at wall: WallTime) throws -> Int {
    var (start, bytes, written) = (0, 0, 0)
    func write(through end: Int) throws {
      let group = try encodeGroup(Array(facts[start..<end]), at: wall)
      _ = try journal.append(group)
      (start, bytes, written) = (end, 0, written + group.count)
    }
    for (i, fact) in facts.enumerated() {
      guard case .jobSubmitted(let job) = fact else { continue }
      let size = job.spec.wireBytesMax
      if bytes > 0, bytes + size > Self.groupBytesMax { try write(through: i) }
      bytes += size
    }
    try write(through: facts.count)
    history.note(facts)
    return written
  }

  /// Of jobs in one group, unless one alone has more: a group is in memory several times while it is written.
  private static let groupBytesMax = 16 << 20

  /// Hands over every turn after the snapshot, in order.
  package func replay(
    _ body: (_ position: UInt64, _ facts: [Fact], _ wall: WallTime, _ bytes: Int) throws -> Void
  ) throws {
    func take(_ turn: Turn) throws {
      history.note(turn.facts, isReplay: true)
      try body(turn.position, turn.facts, turn.wall, turn.bytes)
    }
    var ahead = Ahead<Turn>()
    try journal.replay { position, payload in
      try ahead.add(bytes: payload.count, { try Turn(position, payload) }, take: take)
    }
    try ahead.finish(take: take)
  }

  private struct Turn: Sendable {
    let position: UInt64
    let facts: [Fact]
    let wall: WallTime
    let bytes: Int

    init(_ position: UInt64, _ payload: [UInt8]) throws {
      (facts, wall) = try decodeGroup(payload)
      self.position = position
      bytes = payload.count
    }
  }

  /// Makes a snapshot of all that the journal holds, as the master does beside its work.
  package func compact(warn: (String) -> Void) throws {
    _ = try compaction.run(through: position, warn: warn)
  }
}

extension FileHistory {
  /// Takes over the names that the rest of the journal only counts.
  fileprivate func note(_ roster: Roster) {
    note(
      nodes: roster.nodes.enumerated().map { i, node in
        (RosterNode(number: NodeNumber(UInt32(i) + 1), name: node.name), node.rack)
      },
      racks: roster.racks.enumerated().map { i, rack in (RackNumber(UInt32(i) + 1), rack.name) }
    )
  }
}

/// The cluster's random id, made at the first start.
private func readOrCreateClusterID(_ path: String) throws -> ClusterID {
  // One that is there and cannot be read must not be replaced: the journal would be another cluster's.
  if access(path, F_OK) == 0 || errno != ENOENT {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    guard let value = UInt128(text.trimmingCharacters(in: .whitespacesAndNewlines), radix: 16) else {
      throw Refusal(
        .invalid,
        field: "cluster",
        "\"\(path)\" holds no cluster id: 32 hexadecimal digits. Put back the file that belongs to this journal."
      )
    }
    return ClusterID(value: value)
  }
  let id = ClusterID(value: UInt128.random(in: 1 ... .max))
  try writeWhole("\(id)\n", to: path)
  return id
}
