import ReeveModel

/// What the agent has to know of an attempt after its own restart: the supervisor keeps it, unread, with the process.
struct SpawnTag: Equatable, Sendable {
  var task: TaskNumber
  var node: NodeNumber
  var resources: Resources
  var timeLimit: TimeSpan?
  var grace: TimeSpan
  /// `JOB/TASK`, under which the attempt's files are kept.
  var name: String

  /// Format 1: a version byte, seven little-endian words, the name.
  private static let version: UInt8 = 1
  private static let wordCount = 7

  var bytes: [UInt8] {
    let words = [
      task.rawValue, UInt64(node.rawValue), UInt64(bitPattern: resources.cpuMillis),
      UInt64(bitPattern: resources.memory), UInt64(bitPattern: resources.disk),
      UInt64(bitPattern: timeLimit?.microseconds ?? 0), UInt64(bitPattern: grace.microseconds),
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
    name: String
  ) {
    self.task = task
    self.node = node
    self.resources = resources
    self.timeLimit = timeLimit
    self.grace = grace
    self.name = name
  }

  /// `nil` for bytes that no version of the agent has written.
  init?(bytes: [UInt8]) {
    let head = 1 + 8 * Self.wordCount
    guard bytes.count >= head, bytes[0] == Self.version else { return nil }
    let words = (0..<Self.wordCount).map { word in
      (0..<8).reduce(0 as UInt64) { $0 | UInt64(bytes[1 + 8 * word + $1]) << UInt64(8 * $1) }
    }
    let limit = Int64(bitPattern: words[5])
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
      name: String(decoding: bytes[head...], as: UTF8.self)
    )
  }
}
