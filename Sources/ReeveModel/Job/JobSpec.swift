/// A job as it is submitted: entries in columns over shared templates. An entry is a task, or an array of them.
///
/// Columns have one item an entry. Edges are a compressed sparse row: the entries that entry `i` waits for are
/// `dependencies[dependencyRange(i)]`, as places in this job.
package struct JobSpec: Hashable, Sendable {
  package var id: JobID
  package var name: String
  package var user: String
  /// Sorted by name, without repeats.
  package var labels: [TaskTemplate.Variable]
  /// What has not started by then is called off when so many tasks have failed; 0 is never.
  package var failuresMax: UInt32
  /// Its tasks are held from the start.
  package var isHeld: Bool
  /// It is taken though some task is larger than every node that there is: nodes will come.
  package var mayWaitForNodes: Bool
  /// Tasks can be added until it is closed; it may begin without one.
  package var isOpen: Bool
  /// Of what is added to the open job of that id, a name, so that it is added once however often that is tried; empty for a
  /// job of its own.
  package var addition: String
  package var templates: [TaskTemplate]
  package var taskNames: PackedStrings
  package var taskTemplates: [UInt32]
  package var arguments: PackedLists
  package var dependencyEnds: [UInt32]
  package var dependencies: [UInt32]
  /// `DependencyKind.code` of each edge; empty where all are usual ones.
  package var dependencyKinds: [UInt8]
  /// In the order of their entries.
  package var arrays: [TaskArray]
  /// In the order of their entries.
  package var outerDependencies: [OuterDependency]

  package init(id: JobID, name: String = "", user: String = "", labels: [TaskTemplate.Variable] = []) {
    self.id = id
    self.name = name
    self.user = user
    self.labels = labels
    failuresMax = 0
    isHeld = false
    mayWaitForNodes = false
    isOpen = false
    addition = ""
    templates = []
    taskNames = PackedStrings()
    taskTemplates = []
    arguments = PackedLists()
    dependencyEnds = []
    dependencies = []
    dependencyKinds = []
    arrays = []
    outerDependencies = []
  }

  package var entryCount: Int { taskTemplates.count }

  /// How many tasks its entries stand for.
  package var count: Int { arrays.reduce(entryCount) { $0 + $1.count - 1 } }

  package var hasDependencies: Bool { !dependencies.isEmpty || !outerDependencies.isEmpty }

  package func dependencyRange(_ entry: Int) -> Range<Int> {
    (entry == 0 ? 0 : Int(dependencyEnds[entry - 1]))..<Int(dependencyEnds[entry])
  }

  /// Where in `outerDependencies` those of an entry are.
  package func outerRange(_ entry: Int) -> Range<Int> {
    guard !outerDependencies.isEmpty else { return 0..<0 }
    let start = outerDependencies.partitioningIndex { $0.entry >= UInt32(entry) }
    return start..<outerDependencies[start...].partitioningIndex { $0.entry > UInt32(entry) }
  }

  /// The array that an entry is.
  package func array(ofEntry entry: Int) -> TaskArray? {
    let i = arrays.partitioningIndex { $0.entry >= UInt32(entry) }
    return i < arrays.count && arrays[i].entry == UInt32(entry) ? arrays[i] : nil
  }

  package func dependencyKind(_ edge: Int) -> DependencyKind {
    dependencyKinds.isEmpty
      ? DependencyKind() : DependencyKind(code: dependencyKinds[edge]) ?? DependencyKind()
  }

  /// The whole command line of an entry, its placeholders as they were written.
  package func command(_ entry: Int) -> [String] {
    templates[Int(taskTemplates[entry])].command + arguments[entry]
  }

  package mutating func append(
    name: String,
    template: Int,
    arguments own: some Sequence<String>,
    after: some Sequence<UInt32>
  ) {
    taskNames.append(name)
    taskTemplates.append(UInt32(template))
    arguments.append(own)
    dependencies.append(contentsOf: after)
    if !dependencyKinds.isEmpty {
      dependencyKinds.append(contentsOf: repeatElement(0, count: dependencies.count - dependencyKinds.count))
    }
    dependencyEnds.append(UInt32(dependencies.count))
  }

  /// One more dependency of the entry that was appended last.
  package mutating func appendDependency(_ entry: UInt32, _ kind: DependencyKind) {
    if kind.code != 0, dependencyKinds.isEmpty {
      dependencyKinds = Array(repeating: 0, count: dependencies.count)
    }
    dependencies.append(entry)
    if kind.code != 0 || !dependencyKinds.isEmpty { dependencyKinds.append(kind.code) }
    dependencyEnds[dependencyEnds.count - 1] = UInt32(dependencies.count)
  }
}

extension JobSpec {
  /// So many bytes it takes on the wire and in the journal at most, and often not much less.
  package var wireBytesMax: Int {
    let texts = id.text.utf8.count + name.utf8.count + user.utf8.count + addition.utf8.count
    let strings = arguments.strings
    let columns =
      taskNames.bytes.count + Self.bytesMax(of: entryCount, upTo: taskNames.bytes.count)
      + Self.bytesMax(of: entryCount, upTo: templates.count)
      + strings.bytes.count + Self.bytesMax(of: strings.count, upTo: strings.bytes.count)
      + Self.bytesMax(of: entryCount, upTo: strings.count)
      + Self.bytesMax(of: entryCount, upTo: dependencies.count)
      + Self.bytesMax(of: dependencies.count, upTo: entryCount) + dependencyKinds.count
    let own = arrays.reduce(0) { sum, array in
      sum + 32 + 24 * array.runs.count + array.values.bytes.count
        + Self.bytesMax(of: array.values.count, upTo: array.values.bytes.count)
    }
    let outer = outerDependencies.reduce(0) { $0 + 48 + $1.job.text.utf8.count + $1.task.utf8.count }
    return templates.reduce(256 + texts + columns + own + outer + Self.bytesMax(of: labels)) {
      $0 + $1.wireBytesMax
    }
  }

  /// Of so many numbers, each of seven bits a byte.
  private static func bytesMax(of count: Int, upTo largest: Int) -> Int {
    count * max(1, (Int.bitWidth - largest.leadingZeroBitCount + 6) / 7)
  }

  package static func bytesMax(of variables: [TaskTemplate.Variable]) -> Int {
    variables.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 24 }
  }
}

extension TaskTemplate {
  /// The same of what tasks share.
  package var wireBytesMax: Int {
    let texts = (command + inputs + outputs).reduce(0) { $0 + $1.utf8.count + 6 }
    return 224 + texts + JobSpec.bytesMax(of: environment) + JobSpec.bytesMax(of: labels)
      + constraints.wireBytesMax + (directory?.utf8.count ?? 0) + 2 * retry.exitCodes.count + 2
      * retry.reasons.count
  }
}
