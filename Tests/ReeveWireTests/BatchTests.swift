import Foundation
import ReeveWire
import SwiftProtobuf
import Testing

@Suite("Wire: several messages as one") struct BatchTests {
  @Test func `one goes as it is, several as one, and come apart in their order`() throws {
    let one = decline([1])
    #expect(try Reeve_V1_FrameworkUp.gather([one]) == [one])
    let several = (1...100).map { decline([$0]) }
    let gathered = try Reeve_V1_FrameworkUp.gather(several)
    #expect(gathered.count == 1)
    #expect(try gathered.flatMap { try $0.separate() } == several)
    #expect(try one.separate() == [one])
  }

  @Test func `none becomes larger than it may be, and what is large by itself stays so`() throws {
    let large = decline(Array(repeating: UInt64.max, count: 40_000))
    let middling = (0..<10).map { _ in decline(Array(repeating: UInt64.max, count: 10_000)) }
    let all = [decline([1])] + middling + [large, decline([2]), decline([3])]
    let gathered = try Reeve_V1_FrameworkUp.gather(all)
    #expect(gathered.contains(large))
    for message in gathered where message != large {
      #expect(try (message.serializedBytes() as [UInt8]).count <= 257 << 10)
    }
    #expect(try gathered.flatMap { try $0.separate() } == all)
  }

  @Test func `what is no message, or a batch again, is named`() throws {
    var batch = Reeve_V1_Batch()
    batch.messages = [try decline([1]).serializedBytes(), Data([0xFF, 0xFF])]
    #expect(throws: WireError("batch.messages[1]", "2 bytes are no message of this kind")) {
      try Reeve_V1_FrameworkUp(carrying: batch).separate()
    }
    batch.messages = [try Reeve_V1_FrameworkUp(carrying: Reeve_V1_Batch()).serializedBytes()]
    #expect(throws: WireError("batch.messages[0]", "a batch is in a batch")) {
      try Reeve_V1_FrameworkUp(carrying: batch).separate()
    }
  }

  private func decline(_ offers: [UInt64]) -> Reeve_V1_FrameworkUp {
    var up = Reeve_V1_FrameworkUp()
    up.decline.offers = offers
    return up
  }
}
