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
