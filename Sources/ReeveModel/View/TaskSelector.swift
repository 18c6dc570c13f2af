/// Which tasks are meant: of a job all, one, or some of an array, and of those only what is in a state or bears a label.
package struct TaskSelector: Hashable, Sendable {
  /// As it was written: an id, or an id and indices of its array, such as `nightly.1-100`. Empty is every job.
  package var job: String
  /// An entry's or a task's name, or an array's and indices; `nil` is all of the job.
  package var task: String?
  /// As users see it; `nil` is all.
  package var state: String?
  /// Of the task or its job.
  package var label: TaskTemplate.Variable?
  /// Whose; `nil` is everybody's.
  package var user: String?

  package init(
    job: String,
    task: String? = nil,
    state: String? = nil,
    label: TaskTemplate.Variable? = nil,
    user: String? = nil
  ) {
    self.job = job
    self.task = task
    self.state = state
    self.label = label
    self.user = user
  }

  package var isWholeJob: Bool {
    !job.isEmpty && task == nil && state == nil && label == nil && user == nil
  }

  package init(job: JobID, task: String? = nil) { self.init(job: job.text, task: task) }

  /// A name and indices behind its last dot, each alone or from-to.
  package struct Indexed: Hashable, Sendable {
    package var name: String
    package var ranges: [ClosedRange<UInt32>]
  }

  /// Reads `tile.17`, `tile.1-100` or `tile.1,5-7`; `nil` where there are no indices behind the last dot.
  package static func indexed(_ text: String) -> Indexed? {
    guard let dot = text.lastIndex(of: "."), dot != text.startIndex else { return nil }
    var ranges: [ClosedRange<UInt32>] = []
    for part in text[text.index(after: dot)...].split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      guard let low = JobSpec.plainIndex(ends[0]), let high = JobSpec.plainIndex(ends[ends.count - 1]),
        low <= high
      else { return nil }
      ranges.append(low...high)
    }
    return Indexed(name: String(text[..<dot]), ranges: ranges)
  }

  /// As a user would write it, without state and user.
  package var description: String {
    if let task { return "\(job)/\(task)" }
    guard job.isEmpty else { return job }
    return label.map { "@\($0.name)=\($0.value)" } ?? "every job"
  }
}
