/// What a job file may say of the job as a whole.
package enum JobKey: String, CaseIterable {
  case id, name, labels, maxFailures, hold, allowPending, open, defaults, tasks
}

/// What a job file may say of a task.
package enum TaskKey: String, CaseIterable {
  case id, command, array, values, cpus, memory, disk, time, deadline, warning, priority, retries, env, after,
    directory
  case grace, onNodeLoss, inputs, outputs, labels, constraints

  /// Whether it can be given once for all tasks, under `defaults`.
  package var hasDefault: Bool {
    switch self {
    case .id, .command, .after, .array, .values: false
    default: true
    }
  }
}

/// What `retries` may say where it is not just a number.
enum RetryKey: String, CaseIterable {
  case limit, delay, exitCodes, reasons
}

/// What a dependency may say where it is not just a task's id.
enum DependencyKey: String, CaseIterable {
  case task, job, when, each
}

/// Whose fields are being read: a path is made of it only for a refusal.
enum FieldOwner {
  case defaults
  case task(Int)

  var path: String {
    switch self {
    case .defaults: "defaults"
    case .task(let place): "tasks[\(place)]"
    }
  }
}

/// A field of an owner, such as `tasks[4].memory`.
struct Field {
  var owner: FieldOwner
  var key: TaskKey
  var path: String { "\(owner.path).\(key.rawValue)" }
}
