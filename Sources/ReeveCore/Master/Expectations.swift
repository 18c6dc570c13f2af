import ReeveModel

/// How long tasks that wait are expected to run, as of when they were put where they stand in the queue.
struct Expectations: Sendable {
  private struct Kind: Sendable {
    /// `nil` where nothing was known.
    var time: TimeSpan?
    var templates: Set<TemplateNumber> = []
  }

  private var kinds: [TaskKind: Kind] = [:]
  /// Of all kinds together.
  private var templateCount = 0
  private static let leastRoom = 1_024
  private var room = leastRoom

  init() {}

  var isEmpty: Bool { kinds.isEmpty }

  /// What the tasks of a kind that wait stand by; `nil` where none wait.
  subscript(kind: TaskKind) -> TimeSpan?? { kinds[kind].map(\.time) }

  /// Tasks of a template are put into the queue.
  /// - Parameters:
  ///   - template: whose.
  ///   - kind: and of which kind they are.
  ///   - time: what is expected of the kind, if none of it waits already.
  ///   - waits: whether tasks of a template may still wait: what does not is forgotten now and then.
  mutating func note(
    _ template: TemplateNumber,
    of kind: TaskKind,
    _ time: TimeSpan?,
    waits: (TemplateNumber) -> Bool
  ) {
    let isNew = kinds[kind, default: Kind(time: time)].templates.insert(template).inserted
    if isNew { templateCount += 1 }
    guard templateCount > room else { return }
    kinds = kinds.mapValues { Kind(time: $0.time, templates: $0.templates.filter(waits)) }
      .filter { !$0.value.templates.isEmpty }
    templateCount = kinds.values.reduce(0) { $0 + $1.templates.count }
    room = max(Self.leastRoom, 2 * templateCount)
  }

  /// Another time is expected of a kind.
  /// - Returns: the templates whose tasks stand elsewhere now, in the order of their numbers.
  mutating func forget(_ kind: TaskKind) -> [TemplateNumber] {
    let templates = (kinds.removeValue(forKey: kind)?.templates ?? []).sorted()
    templateCount -= templates.count
    return templates
  }
}
