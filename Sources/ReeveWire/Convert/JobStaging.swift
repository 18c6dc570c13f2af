package import ReeveModel

/// Puts a job together from the chunks of one stream. A stream that ends before `take` gave the job had no job in it.
package struct JobStaging: Sendable {
  private var spec: JobSpec?
  /// Committed or refused: nothing more is taken.
  private var isOver = false
  /// Bytes that are staged, as they lie in memory.
  private var size = 0
  private let limit: Int

  /// - Parameter limit: bytes in all that one job may take here.
  package init(limit: Int = 1 << 30) {
    self.limit = limit
  }

  /// Takes the next chunk, and gives the job at the commit.
  package mutating func take(_ chunk: Reeve_V1_SubmitChunk) throws(WireError) -> JobSpec? {
    guard !isOver else { throw WireError("", "a chunk after the end of the job") }
    do throws(WireError) {
      switch chunk.part {
      case .head(let head): try begin(head)
      case .tasks(let columns): try extend(columns)
      case .commit(let commit): return try complete(commit)
      case nil: throw WireError("", "a chunk with nothing known in it")
      }
      return nil
    } catch {
      spec = nil
      isOver = true
      throw error
    }
  }

  private mutating func begin(_ head: Reeve_V1_JobSpec) throws(WireError) {
    guard case nil = spec else { throw WireError("head", "a second head of one job") }
    try grow(by: head.footprint)
    spec = try part("head") { () throws(WireError) in try JobSpec(first: head) }
  }

  private mutating func extend(_ columns: Reeve_V1_TaskColumns) throws(WireError) {
    guard case .some = spec else { throw WireError("tasks", "came before the head of their job") }
    try grow(by: columns.footprint)
    // In place: a copy of what is staged for each chunk would be quadratic.
    do { try spec?.append(wire: columns) } catch { throw error.inside("tasks") }
  }

  private mutating func complete(_ commit: Reeve_V1_SubmitCommit) throws(WireError) -> JobSpec {
    guard let job = spec else { throw WireError("commit", "came before the head of its job") }
    guard commit.tasks == UInt64(job.entryCount) else {
      throw WireError("commit.tasks", "\(commit.tasks) where \(job.entryCount) tasks came")
    }
    try part("tasks") { () throws(WireError) in try job.checkDependencies() }
    spec = nil
    isOver = true
    return job
  }

  private mutating func grow(by bytes: Int) throws(WireError) {
    // Cannot overflow: chunks are messages, and those are shorter than 2 GiB.
    size += bytes
    guard size <= limit else { throw WireError("", "the job is larger than \(limit) bytes") }
  }
}

extension Reeve_V1_JobSpec {
  /// Bytes that the head takes, but for the fixed part of each entry, for which 64 stand.
  fileprivate var footprint: Int {
    func length(_ variables: [Reeve_V1_Variable]) -> Int {
      variables.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 64 }
    }
    let templates = templates.reduce(0) { sum, template in
      sum + template.command.reduce(64) { $0 + $1.utf8.count + 64 } + length(template.environment)
    }
    return templates + length(labels) + tasks.footprint
  }
}
