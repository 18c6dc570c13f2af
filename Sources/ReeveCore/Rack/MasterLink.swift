package import ReeveModel

/// The rack's side of its session with the master: who it is to the master, what was asked, what is to be said.
package struct MasterLink: Sendable {
  package private(set) var rack: RackNumber?
  /// Under which the rack speaks; `nil` before the first assignment.
  package private(set) var generation: Generation?
  private var term = Term(0)
  package private(set) var session: SessionNumber?
  private var isOpen = false
  /// Whether the statement was made in this session. What happens before is in it, and is not said twice.
  package private(set) var isStated = false
  /// The last batch of launches of this session.
  package private(set) var countedIn: UInt64 = 0
  /// What the offer says fits for.
  package private(set) var asked: [(number: ShapeNumber, shape: RackShape)] = []
  /// What the session's shape numbers mean; also those no longer asked about, which a recall may name.
  private var shapes: [ShapeNumber: RackShape] = [:]
  private var report = RackReport()
  /// Grows with each change that an offer may show.
  package private(set) var version: UInt64 = 0

  package init() {}

  package var awaitsStatement: Bool { isOpen && !isStated }

  package func listens(to session: SessionNumber) -> Bool { isOpen && self.session == session }

  /// Opens a session: batches, shapes and what is to be said begin anew.
  /// - Returns: whether it is the newest. One of an older leader, or of an older assignment, is not.
  package mutating func open(_ session: SessionNumber, _ assignment: RackAssignment) -> Bool {
    guard isNewest(session, assignment) else { return false }
    close()
    self.session = session
    (rack, generation, term) = (assignment.rack, assignment.generation, assignment.term)
    isOpen = true
    countedIn = 0
    asked = []
    shapes = [:]
    version += 1
    return true
  }

  /// Sessions are counted by the master's end: a new leader may begin anew.
  private func isNewest(_ session: SessionNumber, _ assignment: RackAssignment) -> Bool {
    guard let last = self.session, let generation else { return true }
    return assignment.generation >= generation
      && (assignment.term > term || assignment.term == term && session > last)
  }

  package mutating func close() {
    isOpen = false
    isStated = false
    report = RackReport()
  }

  package mutating func count(_ batch: UInt64) {
    guard batch > countedIn else { return }
    countedIn = batch
    version += 1
  }

  package mutating func ask(_ shapes: [(number: ShapeNumber, shape: RackShape)]) {
    asked = shapes
    for (number, shape) in shapes { self.shapes[number] = shape }
    version += 1
  }

  package subscript(shape: ShapeNumber) -> RackShape? { shapes[shape] }

  // MARK: What is to be said

  package mutating func started(_ start: TaskStart) { if isStated { report.started.append(start) } }
  package mutating func ended(_ end: TaskEnd) { if isStated { report.ends.append(end) } }
  package mutating func returned(_ name: TaskAttempt) { if isStated { report.returned.append(name) } }
  package mutating func lost(_ attempt: LostAttempt) { if isStated { report.lost.append(attempt) } }
  package mutating func changed(_ status: NodeStatus) { if isStated { report.nodes.append(status) } }

  package mutating func held(_ room: HeldRoom) { if isStated { report.held.append(room) } }
  package mutating func unheld(_ hold: HoldID) { if isStated { report.unheld.append(hold) } }

  package var hasNews: Bool { !report.isEmpty }

  /// A message has enough in it at so many items.
  private static let gatherMax = 64
  /// When the first of what is gathering came.
  private var newsSince: Instant?

  /// Until when what there is to say may gather; `nil` if it must leave now. Only starts and ends may.
  package mutating func mayGather(at now: Instant, for interval: TimeSpan) -> Instant? {
    guard hasNews, report.returned.isEmpty, report.lost.isEmpty, report.held.isEmpty, report.unheld.isEmpty,
      report.started.count + report.ends.count < Self.gatherMax
    else { return nil }
    let since = newsSince ?? now
    newsSince = since
    return now < since + interval ? since + interval : nil
  }

  package mutating func stated() { isStated = true }

  /// What has gathered since the last time; the caller must send it.
  package mutating func takeReport() -> RackReport {
    var taken = RackReport()
    swap(&taken, &report)
    newsSince = nil
    taken.countedIn = countedIn
    return taken
  }
}
