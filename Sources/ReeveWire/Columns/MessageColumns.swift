import FoundationEssentials
package import ReeveModel

extension Reeve_V1_MessageColumns {
  package init(_ messages: TaskMessages) {
    self.init()
    attempts = messages.all.map(\.attempt.rawValue)
    lines = messages.all.map { Data($0.line) }
  }
}

extension TaskMessages {
  package init(_ field: String, wire: Reeve_V1_MessageColumns) throws(WireError) {
    self.init()
    try check("\(field).lines", length: wire.lines.count, is: wire.attempts.count)
    for (attempt, line) in zip(wire.attempts, wire.lines) {
      guard add(TaskMessage(to: AttemptID(attempt), [UInt8](line))) else {
        throw WireError(field, "they take more than \(Self.bytesMax) bytes")
      }
    }
  }
}
