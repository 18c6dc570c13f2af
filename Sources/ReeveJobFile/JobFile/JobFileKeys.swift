/// What a job file may say of the job as a whole.
package enum JobKey: String, CaseIterable {
  case id, name, labels, defaults, tasks
}

/// What a job file may say of a task.
package enum TaskKey: String, CaseIterable {
  case id, command, cpus, memory, disk, time, priority, env, after, directory, grace, onNodeLoss
  // Part of the format, but nothing carries them out yet. They are refused: a job that counts on its retries
  // must not run without them.
  case array, retries, inputs, outputs, labels

  package var isSupported: Bool {
    switch self {
    case .array, .retries, .inputs, .outputs, .labels: false
    default: true
    }
  }

  /// Whether it can be given once for all tasks, under `defaults`.
  package var hasDefault: Bool {
    switch self {
    case .id, .command, .after: false
    default: true
    }
  }

  static let supported = allCases.filter(\.isSupported)
}

/// When a dependency lets its dependents go.
enum DependencyCondition: String, CaseIterable {
  case succeeded
  // Not supported yet.
  case failed, ended

  static let supported: [DependencyCondition] = [.succeeded]
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
