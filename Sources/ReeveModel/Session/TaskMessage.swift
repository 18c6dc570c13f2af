/// What a framework tells one of its tasks, which reads it as a line.
package struct TaskMessage: Hashable, Sendable {
  package var attempt: AttemptID
  /// Without the newline that ends it.
  package var line: [UInt8]

  /// In bytes.
  package static let lengthMax = 64 << 10

  package init(to attempt: AttemptID, _ line: [UInt8]) {
    self.attempt = attempt
    self.line = line
  }

  /// Whether these bytes can be a line.
  package static func validate(_ data: [UInt8]) throws(Refusal) {
    guard data.count <= lengthMax else {
      throw Refusal(
        .tooLarge,
        field: "data",
        "the message has \(data.count) bytes; the most is \(lengthMax). Send what is larger in parts, or where it is to be found."
      )
    }
    if let newline = data.firstIndex(of: UInt8(ascii: "\n")) {
      throw Refusal(
        .invalid,
        field: "data",
        "byte \(newline) of the message is a newline, and a message is one line. Send several, or encode the data, as by base64."
      )
    }
  }
}

/// Messages that travel together, in their order: so many bytes at most, for nobody waits for them.
package struct TaskMessages: Hashable, Sendable {
  package private(set) var all: [TaskMessage] = []
  private var bytes = 0

  package static let bytesMax = 1 << 20
  /// What one takes beside its line.
  private static let overhead = 16

  package init() {}

  package var isEmpty: Bool { all.isEmpty }

  /// - Returns: whether there was room.
  package mutating func add(_ message: TaskMessage) -> Bool {
    let size = message.line.count + Self.overhead
    guard bytes + size <= Self.bytesMax else { return false }
    bytes += size
    all.append(message)
    return true
  }
}
