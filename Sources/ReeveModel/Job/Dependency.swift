/// What an edge of the graph waits for.
package struct DependencyKind: Hashable, Sendable {
  package enum Condition: UInt8, Sendable, CaseIterable {
    /// It ended well; of an array, every task did.
    case succeeded
    /// It failed; of an array, all tasks have ended and some failed. A cancelled task has not failed.
    case failed
    /// It ended, however; of an array, every task did.
    case ended

    /// As users write it.
    package var word: String { "\(self)" }

    package init?(word: String) {
      guard let condition = Self.allCases.first(where: { $0.word == word }) else { return nil }
      self = condition
    }
  }

  package var condition: Condition
  /// From array to array: each task waits for the one at the same place in the other, not for all of them.
  package var isEach: Bool

  package init(_ condition: Condition = .succeeded, isEach: Bool = false) {
    self.condition = condition
    self.isEach = isEach
  }

  /// As users write it behind a name: `failed`, `each` or `failed:each`.
  package var words: String {
    guard isEach else { return condition.word }
    return condition == .succeeded ? "each" : "\(condition.word):each"
  }

  package init?(words: some StringProtocol) {
    self.init()
    let words = words.split(separator: ":", omittingEmptySubsequences: false)
    guard (1...2).contains(words.count) else { return nil }
    isEach = words.last == "each"
    guard words.count == 2 || !isEach else { return }
    guard let condition = Condition(word: String(words[0])), words.count == 1 || isEach else { return nil }
    self.condition = condition
  }

  /// One byte in columns: 0 is the usual edge.
  package var code: UInt8 { condition.rawValue | (isEach ? 4 : 0) }

  package init?(code: UInt8) {
    guard code < 8, let condition = Condition(rawValue: code & 3) else { return nil }
    self.init(condition, isEach: code & 4 != 0)
  }
}

/// An edge from an entry of a job to what `JobSpec.dependencies` cannot name: a job that was there before, or a part of it,
/// one task of an array of its own job, or what an open job had before.
package struct OuterDependency: Hashable, Sendable {
  /// The place of what waits among its job's entries.
  package var entry: UInt32
  /// Empty is the own job.
  package var job: JobID
  /// An entry's name, or a task's; empty is the whole job. Task by task, the job's only array.
  package var task: String
  package var kind: DependencyKind

  package init(entry: UInt32, job: JobID, task: String = "", _ kind: DependencyKind = DependencyKind()) {
    self.entry = entry
    self.job = job
    self.task = task
    self.kind = kind
  }

  package var isOwn: Bool { job.text.isEmpty }

  /// As users write it.
  package var description: String { isOwn ? task : task.isEmpty ? job.text : "\(job)/\(task)" }
}
