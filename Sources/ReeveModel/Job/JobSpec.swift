/// A job as it is submitted: tasks in columns over shared templates.
///
/// All columns have one entry a task. Edges are a compressed sparse row: the tasks that task `i` waits for are
/// `dependencies[dependencyRange(i)]`, as places in this job.
package struct JobSpec: Hashable, Sendable {
  package var id: JobID
  package var name: String
  package var user: String
  /// Sorted by name, without repeats.
  package var labels: [TaskTemplate.Variable]
  package var templates: [TaskTemplate]
  package var taskNames: PackedStrings
  package var taskTemplates: [UInt32]
  package var arguments: PackedLists
  package var dependencyEnds: [UInt32]
  package var dependencies: [UInt32]

  package init(id: JobID, name: String = "", user: String = "", labels: [TaskTemplate.Variable] = []) {
    self.id = id
    self.name = name
    self.user = user
    self.labels = labels
    templates = []
    taskNames = PackedStrings()
    taskTemplates = []
    arguments = PackedLists()
    dependencyEnds = []
    dependencies = []
  }

  package var count: Int { taskTemplates.count }

  package func dependencyRange(_ i: Int) -> Range<Int> {
    (i == 0 ? 0 : Int(dependencyEnds[i - 1]))..<Int(dependencyEnds[i])
  }

  /// The whole command line of task `i`.
  package func command(_ i: Int) -> [String] {
    templates[Int(taskTemplates[i])].command + arguments[i]
  }

  /// So many bytes it takes on the wire and in the journal at most, and often not much less.
  package var wireBytesMax: Int {
    let texts = id.text.utf8.count + name.utf8.count + user.utf8.count
    let strings = arguments.strings
    let columns =
      taskNames.bytes.count + Self.bytesMax(of: count, upTo: taskNames.bytes.count)
      + Self.bytesMax(of: count, upTo: templates.count)
      + strings.bytes.count + Self.bytesMax(of: strings.count, upTo: strings.bytes.count)
      + Self.bytesMax(of: count, upTo: strings.count)
      + Self.bytesMax(of: count, upTo: dependencies.count)
      + Self.bytesMax(of: dependencies.count, upTo: count)
    return templates.reduce(256 + texts + columns + Self.bytesMax(of: labels)) { sum, template in
      let command = template.command.reduce(0) { $0 + $1.utf8.count + 6 }
      let directory = template.directory?.utf8.count ?? 0
      return sum + 128 + command + Self.bytesMax(of: template.environment) + directory
    }
  }

  /// Of so many numbers, each of seven bits a byte.
  private static func bytesMax(of count: Int, upTo largest: Int) -> Int {
    count * max(1, (Int.bitWidth - largest.leadingZeroBitCount + 6) / 7)
  }

  private static func bytesMax(of variables: [TaskTemplate.Variable]) -> Int {
    variables.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 24 }
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
    dependencyEnds.append(UInt32(dependencies.count))
  }
}
