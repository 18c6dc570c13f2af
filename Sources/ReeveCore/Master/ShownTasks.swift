import ReeveModel

/// Tasks as one answer shows them, as many as make a message of some MiB: of each its name and state, and what it reads,
/// writes and runs, which may be long.
struct ShownTasks {
  var views: [TaskView] = []
  /// Of texts, but for names of tasks.
  private var bytes = 0
  private static let bytesMax = 2 << 20

  init(_ count: Int) { views.reserveCapacity(count) }

  var isFull: Bool { bytes >= Self.bytesMax }

  /// Counts what a view has in common with those of the same template that follow it: a message says it once.
  mutating func countCommon(of view: TaskView) {
    bytes +=
      Self.bytes(view.inputs) + Self.bytes(view.outputs) + JobSpec.bytesMax(of: view.labels)
      + view.constraints.wireBytesMax
  }

  /// Counts the details of the last view, if it has any.
  mutating func countDetails() {
    guard let details = views.last?.details else { return }
    bytes +=
      Self.bytes(details.command) + Self.bytes(details.after) + JobSpec.bytesMax(of: details.environment)
  }

  private static func bytes(_ words: [String]) -> Int { words.reduce(0) { $0 + $1.utf8.count + 6 } }
}
