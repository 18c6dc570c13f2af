/// How long tasks of a kind ran of late, for as many kinds as were seen last.
package struct LearntRunTimes: Hashable, Sendable {
  /// Two generations, so that the kinds that were not seen for long fall out together, without a list of who was seen when.
  package private(set) var recent: [TaskKind: Mean]
  package private(set) var older: [TaskKind: Mean]
  private static let generation = 4_096

  package init(recent: [TaskKind: Mean] = [:], older: [TaskKind: Mean] = [:]) {
    self.recent = recent
    self.older = older
  }

  package struct Mean: Hashable, Sendable {
    package var time = TimeSpan.zero
    /// What tasks that wait are ranked by. It follows the mean in steps, so that they are not put elsewhere at each end.
    package var expected = TimeSpan.zero
    /// How many ends are in it, as far as that still counts.
    package var ends: UInt32 = 0

    package init() {}
  }

  package subscript(kind: TaskKind) -> TimeSpan? { (recent[kind] ?? older[kind])?.expected }

  /// A task has run to its good end: the mean of the first ends, and then one that forgets the older ones.
  package mutating func learn(_ time: TimeSpan, of kind: TaskKind) {
    if let known = recent[kind] {
      recent[kind] = known.with(time)
      return
    }
    if recent.count >= Self.generation { (older, recent) = (recent, [:]) }
    recent[kind] = (older[kind] ?? Mean()).with(time)
  }
}

extension LearntRunTimes.Mean {
  private static let memory: UInt32 = 16

  fileprivate func with(_ new: TimeSpan) -> Self {
    var next = self
    next.ends = min(ends + 1, Self.memory)
    next.time.microseconds += (max(0, new.microseconds) - time.microseconds) / Int64(next.ends)
    let isFar = abs(next.time.microseconds - expected.microseconds) > expected.microseconds / 4
    if ends == 0 || isFar { next.expected = next.time }
    return next
  }
}

/// What tasks have in common that are expected to run for about as long: a job of that name, its user, and what their
/// templates run on what. A hash, of FNV-1a (Fowler, Noll and Vo): the same in every process.
package struct TaskKind: Hashable, Sendable {
  package let hash: UInt64

  package init(hash: UInt64) { self.hash = hash }

  /// A job without a name is like no other.
  package init(of template: TaskTemplate, in job: JobSpec) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    func add(_ text: String) {
      for byte in text.utf8 { add(byte) }
      // No text has it: where one ends is told.
      add(0xff)
    }
    add(job.user)
    add(job.name.isEmpty ? job.id.text : job.name)
    for word in template.command { add(word) }
    let resources = template.resources
    for amount in [resources.cpuMillis, resources.memory, resources.disk] { add(String(amount)) }
    self.hash = hash
  }
}
