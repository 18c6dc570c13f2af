import FoundationEssentials
package import SwiftProtobuf

/// What a framework and its master say to each other: several of one kind may travel as one.
package protocol BatchedMessage: Message {
  /// `nil` where it is a message of another kind.
  var carried: Reeve_V1_Batch? { get }
  init(carrying batch: Reeve_V1_Batch)
}

extension BatchedMessage {
  /// As few messages as may be, for each costs ten times what is in it. None becomes larger than it may be: what is large
  /// goes by itself.
  package static func gather(_ messages: [Self]) throws -> [Self] {
    guard messages.count > 1 else { return messages }
    var gathered: [Self] = []
    var batch = Reeve_V1_Batch()
    var size = 0
    func close() {
      if !batch.messages.isEmpty { gathered.append(Self(carrying: batch)) }
      (batch, size) = (Reeve_V1_Batch(), 0)
    }
    for message in messages {
      let bytes: Data = try message.serializedBytes()
      if size + bytes.count > batchBytesMax { close() }
      guard bytes.count <= batchBytesMax else {
        gathered.append(message)
        continue
      }
      batch.messages.append(bytes)
      size += bytes.count
    }
    close()
    return gathered
  }

  /// The messages that it stands for: mostly itself.
  package func separate() throws(WireError) -> [Self] {
    guard let carried else { return [self] }
    return try parts("batch.messages", carried.messages) { bytes throws(WireError) in
      guard let message = try? Self(serializedBytes: bytes) else {
        throw WireError("", "\(bytes.count) bytes are no message of this kind")
      }
      guard message.carried == nil else { throw WireError("", "a batch is in a batch") }
      return message
    }
  }
}

private let batchBytesMax = 256 << 10

extension Reeve_V1_FrameworkUp: BatchedMessage {
  package var carried: Reeve_V1_Batch? { if case .batch(let batch)? = message { batch } else { nil } }

  package init(carrying batch: Reeve_V1_Batch) {
    self.init()
    self.batch = batch
  }
}

extension Reeve_V1_FrameworkDown: BatchedMessage {
  package var carried: Reeve_V1_Batch? { if case .batch(let batch)? = message { batch } else { nil } }

  package init(carrying batch: Reeve_V1_Batch) {
    self.init()
    self.batch = batch
  }
}
