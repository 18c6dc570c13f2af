import ReeveModel
import ReeveWire
import SwiftProtobuf
import Testing

@Suite("Wire: bytes that no version sends")
struct HostileInputTests {
  @Test(arguments: Form.all)
  func `a message that was tampered with is refused or read, and never traps`(_ form: Form) throws {
    for seed in 1...1_000 as ClosedRange<UInt64> {
      var dice = Dice(seed: seed)
      let bytes = dice.mutation(of: try form.bytes(&dice))
      try? form.read(bytes)
    }
  }

  @Test func `a journal group that was tampered with is refused or read`() throws {
    for seed in 1...1_000 as ClosedRange<UInt64> {
      var dice = Dice(seed: seed)
      let facts = Dice.factKinds.map { dice.fact($0) }
      let bytes = dice.mutation(of: try encodeGroup(facts, at: dice.wall()))
      _ = try? decodeGroup(bytes)
    }
  }
}

extension Dice {
  /// The bytes with one to three things wrong with them: values only, or anything.
  mutating func mutation(of bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    let isGentle = bool()
    for _ in 0..<count(1...3) {
      if isGentle { alter(&bytes) } else { mutate(&bytes) }
    }
    return bytes
  }

  /// Keeps the high bit of a byte, and with it where each number of the message ends.
  private mutating func alter(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    let place = count(0...bytes.count - 1)
    bytes[place] = bytes[place] & 0x80 | UInt8(truncatingIfNeeded: next()) & 0x7F
  }

  private mutating func mutate(_ bytes: inout [UInt8]) {
    let place = count(0...bytes.count)
    let length = min(count(0...8), bytes.count - place)
    switch count(0...5) {
    case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(count(0...7))
    case 1 where place < bytes.count: bytes[place] = UInt8(truncatingIfNeeded: next())
    case 2: bytes.removeSubrange(place..<place + length)
    case 3: bytes.insert(contentsOf: bytes[place..<place + length], at: place)
    // The largest number that fits.
    case 4: bytes.insert(contentsOf: [UInt8](repeating: 0xFF, count: 9) + [1], at: place)
    default: bytes.removeSubrange(place...)
    }
  }
}
