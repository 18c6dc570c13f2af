/// How much a job may ask for. What lies beyond is taken for a slip, long before a sum of it could overflow.
package enum Limits {
  /// Of a job's id.
  package static let jobIDBytes = 64
  /// Of the names of tasks, jobs, users, labels, attributes and environment variables.
  package static let nameBytes = 256
  /// Of a job. More than that is several jobs.
  package static let tasks = 10_000_000
  /// Of an array's indices.
  package static let arrayIndex: UInt32 = 2_000_000_000
  /// Of one task, by itself.
  package static let retries: UInt16 = 1_000
  /// Between two tries, whatever they double to.
  package static let retryDelay = TimeSpan.seconds(300)
  /// Of a node, beside those that every node has.
  package static let attributes = 64
  /// Of a task, and of each of them its values.
  package static let constraints = 16
  package static let constraintValues = 1_000
  /// Of inputs and of outputs of a task.
  package static let dataNames = 10_000
  /// Thousandths of a core: a million cores.
  package static let cpuMillis: Int64 = 1_000_000_000
  /// What a process needs before it does anything; less is a forgotten unit.
  package static let leastMemory: Int64 = 1 << 20
  /// Of memory and of disk: 1 EiB.
  package static let bytes: Int64 = 1 << 60
  /// Ten years.
  package static let timeLimit = TimeSpan.seconds(3_650 * 86_400)
  package static let grace = TimeSpan.seconds(3_600)
  package static let priority: ClosedRange<Int32> = -1_000_000...1_000_000
  /// What Linux takes as a path (`PATH_MAX` less its NUL).
  package static let pathBytes = 4_095
  /// What Linux takes as one argument or variable (`MAX_ARG_STRLEN` less its NUL).
  package static let argumentBytes = 131_071
}
