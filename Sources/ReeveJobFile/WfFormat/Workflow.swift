/// A recorded workflow: what ran, for how long, on how much, and who waited for whom.
package struct Workflow: Hashable, Sendable {
  package var name: String
  package var tasks: [Task]

  package struct Task: Hashable, Sendable {
    /// Unique within the workflow; any text.
    package var id: String
    /// The kind of task, or the id again.
    package var name: String
    /// Seconds, 0 or more; 0 also where none was recorded.
    package var runtime: Double
    /// At least 1; `nil` where none was recorded.
    package var coreCount: Int?
    /// Bytes: a measured peak, not a request.
    package var memory: Int64?
    /// Places of the tasks that this one waited for; sorted, without repeats.
    package var parents: [Int]
    package var inputs: [File]
    package var outputs: [File]

    package init(
      id: String,
      name: String,
      runtime: Double = 0,
      coreCount: Int? = nil,
      memory: Int64? = nil,
      parents: [Int] = [],
      inputs: [File] = [],
      outputs: [File] = []
    ) {
      self.id = id
      self.name = name
      self.runtime = runtime
      self.coreCount = coreCount
      self.memory = memory
      self.parents = parents
      self.inputs = inputs
      self.outputs = outputs
    }
  }

  package struct File: Hashable, Sendable {
    /// Any text, often a path.
    package var id: String
    /// Bytes; 0 also where none was recorded.
    package var size: Int64

    package init(id: String, size: Int64) {
      self.id = id
      self.size = size
    }
  }

  package init(name: String, tasks: [Task]) {
    self.name = name
    self.tasks = tasks
  }

  package var edgeCount: Int { tasks.reduce(0) { $0 + $1.parents.count } }
}
