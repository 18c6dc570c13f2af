import ReeveModel

/// What the agent has to know of an attempt after its own restart: the supervisor keeps it, unread, with the process.
struct SpawnTag: Equatable, Sendable {
  var task: TaskNumber
  var node: NodeNumber
  var resources: Resources
  var timeLimit: TimeSpan?
  var grace: TimeSpan
  var warning: TimeWarning?
  /// `JOB/TASK`, under which the attempt's files are kept.
  var name: String

  /// Format 2: a version byte, nine little-endian words, the name. Format 1, of agents that knew no warnings across a
  /// restart, lacks the last two words.
  private static let version: UInt8 = 2
  private static let wordCounts: [UInt8: Int] = [1: 7, 2: 9]

  var bytes: [UInt8] {
    let words = [
      task.rawValue, UInt64(node.rawValue), UInt64(bitPattern: resources.cpuMillis),
      UInt64(bitPattern: resources.memory), UInt64(bitPattern: resources.disk),
      UInt64(bitPattern: timeLimit?.microseconds ?? 0), UInt64(bitPattern: grace.microseconds),
      UInt64(bitPattern: Int64(warning?.signal ?? 0)), UInt64(bitPattern: warning?.before.microseconds ?? 0),
    ]
    var bytes = [Self.version]
    for word in words {
      for shift in stride(from: 0, to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }
    return bytes + Array(name.utf8)
  }

  init(
    task: TaskNumber,
    node: NodeNumber,
    resources: Resources,
    timeLimit: TimeSpan?,
    grace: TimeSpan,
    warning: TimeWarning?,
    name: String
  ) {
    self.task = task
    self.node = node
    self.resources = resources
    self.timeLimit = timeLimit
    self.grace = grace
    self.warning = warning
    self.name = name
  }

  /// `nil` for bytes that no version of the agent has written.
  init?(bytes: [UInt8]) {
    guard let version = bytes.first, let count = Self.wordCounts[version], bytes.count >= 1 + 8 * count else {
      return nil
    }
    let words = (0..<count).map { word in
      (0..<8).reduce(0 as UInt64) { $0 | UInt64(bytes[1 + 8 * word + $1]) << UInt64(8 * $1) }
    }
    let limit = Int64(bitPattern: words[5])
    let signal = count > 7 ? Int32(truncatingIfNeeded: words[7]) : 0
    self.init(
      task: TaskNumber(words[0]),
      node: NodeNumber(UInt32(truncatingIfNeeded: words[1])),
      resources: Resources(
        cpuMillis: Int64(bitPattern: words[2]),
        memory: Int64(bitPattern: words[3]),
        disk: Int64(bitPattern: words[4])
      ),
      timeLimit: limit > 0 ? TimeSpan(microseconds: limit) : nil,
      grace: TimeSpan(microseconds: Int64(bitPattern: words[6])),
      warning: signal == 0
        ? nil
        : TimeWarning(signal: signal, before: TimeSpan(microseconds: Int64(bitPattern: words[8]))),
      name: String(decoding: bytes[(1 + 8 * count)...], as: UTF8.self)
    )
  }
}
