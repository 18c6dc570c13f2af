import ReeveModel

/// Which template stands for others of an open job that are the same, so that racks and nodes are told it once: a framework
/// that accepts with a task at a time brings a template with each.
struct SharedTemplates: Sendable {
  private var first: [Key: TemplateNumber] = [:]
  private var last: (own: TemplateNumber, shared: TemplateNumber)?

  /// What differs more often than that is not worth the room.
  private static let countMax = 1_024

  private struct Key: Hashable, Sendable {
    var job: JobNumber
    var template: TaskTemplate
  }

  /// - Parameters:
  ///   - own: its number.
  ///   - template: what is in it.
  ///   - head: the job that it is of.
  /// - Returns: the number of the one that stands for it, which is of the same job.
  mutating func shared(_ own: TemplateNumber, _ template: TaskTemplate, of head: JobNumber) -> TemplateNumber
  {
    if let last, last.own == own { return last.shared }
    if first.count >= Self.countMax { first.removeAll(keepingCapacity: true) }
    let key = Key(job: head, template: template)
    let shared = first[key] ?? own
    first[key] = shared
    last = (own, shared)
    return shared
  }
}
