package import ReeveModel

/// Frameworks and roles, as the journal knows them. Frameworks are numbered in the order of their first subscription; 0 is the
/// built-in batch framework.
package struct FrameworkTable: Equatable, Sendable {
  package struct Row: Equatable, Sendable {
    package var info: FrameworkInfo
    /// The open job that its tasks are of; of the batch framework none.
    package var job: JobNumber
    /// It is done, and its id is not taken again.
    package var isRemoved = false
    /// What its attempts hold, by what they asked for.
    package var used = Resources.zero
  }

  package private(set) var rows = [
    Row(info: FrameworkInfo(id: JobID(Role.batchName), role: Role.batchName), job: JobNumber(0))
  ]
  /// Those that may get something, or still have it, in the order of their numbers.
  package private(set) var live = [FrameworkNumber.batch]
  private var numbers: [JobID: FrameworkNumber] = [:]
  private var byJob: [JobNumber: FrameworkNumber] = [:]
  /// What was set. A role that only frameworks name has weight 1, and neither guarantee nor limit.
  package private(set) var roles: [String: Role] = [:]
  /// Of tasks whose end their framework does not know yet, as far as the master can tell.
  package private(set) var unacknowledged: [TaskNumber: UnacknowledgedEnd] = [:]

  package init() {}

  package subscript(number: FrameworkNumber) -> Row { rows[number.index] }

  package subscript(id: JobID) -> FrameworkNumber? { numbers[id] }

  package var next: FrameworkNumber { FrameworkNumber(UInt32(rows.count)) }

  /// Whose the tasks of a job are.
  func framework(ofJob head: JobNumber) -> FrameworkNumber { byJob[head] ?? .batch }

  package func role(named name: String) -> Role { roles[name] ?? Role(name: name) }

  /// Those of the batch framework, of frameworks that are there, and all that were set; sorted by name.
  package var roleNames: [String] {
    Set(live.map { self[$0].info.role }).union(roles.keys).sorted()
  }

  /// The first of an id, or a newer one of the same.
  mutating func subscribe(_ framework: SubscribedFramework) {
    if framework.number == next {
      rows.append(Row(info: framework.info, job: framework.job))
      numbers[framework.info.id] = framework.number
      byJob[framework.job] = framework.number
      live.append(framework.number)
    } else {
      rows[framework.number.index].info = framework.info
    }
  }

  mutating func remove(_ number: FrameworkNumber, tasks isOwn: (TaskNumber) -> Bool) {
    rows[number.index].isRemoved = true
    unacknowledged = unacknowledged.filter { !isOwn($0.key) }
    leaveIfDone(number)
  }

  mutating func set(_ role: Role) { roles[role.name] = role }
  mutating func forgetRole(_ name: String) { roles[name] = nil }

  @inline(__always) mutating func hold(_ resources: Resources, _ number: FrameworkNumber) {
    rows[number.index].used += resources
  }

  @inline(__always) mutating func release(_ resources: Resources, _ number: FrameworkNumber) {
    rows[number.index].used -= resources
    if rows[number.index].isRemoved { leaveIfDone(number) }
  }

  private mutating func leaveIfDone(_ number: FrameworkNumber) {
    if rows[number.index].used == .zero { live.removeAll { $0 == number } }
  }

  /// A task has ended, which its framework must be told until it says that it knows.
  mutating func noteEnd(_ task: TaskNumber, _ end: UnacknowledgedEnd, of number: FrameworkNumber) {
    if !rows[number.index].isRemoved { unacknowledged[task] = end }
  }

  /// Told, or not an end any more.
  mutating func acknowledge(_ task: TaskNumber) { unacknowledged[task] = nil }

  /// Puts back what a snapshot says.
  mutating func restore(_ told: SnapshotFramework) {
    subscribe(told.framework)
    rows[told.framework.number.index].isRemoved = told.isRemoved
  }

  /// Ends what `restore` began, when all that is held is known.
  mutating func settle() {
    for number in live where self[number].isRemoved { leaveIfDone(number) }
  }
}
