package import ReeveModel
import SwiftProtobuf

/// What one turn of the master decided, as it lies in the journal and goes to followers.
package func encodeGroup(_ facts: [Fact], at time: WallTime) throws -> [UInt8] {
  var group = Reeve_V1_JournalGroup()
  group.wallMicros = time.microseconds
  group.facts = facts.map { Reeve_V1_Fact($0) }
  return try group.serializedBytes()
}

package func decodeGroup(_ bytes: [UInt8]) throws -> (facts: [Fact], at: WallTime) {
  let group = try Reeve_V1_JournalGroup(serializedBytes: bytes)
  return (
    facts: try parts("facts", group.facts, Fact.init(wire:)),
    at: try WallTime("wall_micros", wire: group.wallMicros)
  )
}
