import ReeveReplication
import Testing

/// What every journal must do, whatever it is made of. `open` opens one and the same journal, empty at first; it is called
/// again only when the journal that it returned before is gone.
func checkJournal(seed: UInt64, opening open: () throws -> any Journal) throws {
  try checkEmptyJournal(open)
  var dice = SplitMix(state: seed)
  var kept: [[UInt8]] = []
  for _ in 0..<8 {
    try appendSome(to: open(), kept: &kept, dice: &dice)
    try expectReplay(of: open(), is: kept)
  }
  try checkThatErrorsPass(open, count: kept.count)
}

private func checkEmptyJournal(_ open: () throws -> any Journal) throws {
  for _ in 0..<2 {
    let journal = try open()
    #expect(journal.nextPosition == 1)
    try expectReplay(of: journal, is: [])
  }
}

private func appendSome(to journal: any Journal, kept: inout [[UInt8]], dice: inout SplitMix) throws {
  for _ in 0..<Int.random(in: 0...30, using: &dice) {
    let payload = randomPayload(&dice)
    #expect(journal.nextPosition == UInt64(kept.count) + 1)
    #expect(try journal.append(payload) == UInt64(kept.count) + 1)
    kept.append(payload)
  }
  // Also while it is open, and more than once.
  try expectReplay(of: journal, is: kept)
  try expectReplay(of: journal, is: kept)
}

/// Empty ones, ones around the sizes that are treated differently, random ones and ones that pack well.
private func randomPayload(_ dice: inout SplitMix) -> [UInt8] {
  let sizes = [0, 1, 7, 8, 200, 4095, 4096, 4097, Int.random(in: 0...20_000, using: &dice)]
  let size = sizes[Int.random(in: sizes.indices, using: &dice)]
  guard Bool.random(using: &dice) else { return [UInt8](repeating: UInt8(size & 0xFF), count: size) }
  return (0..<size).map { _ in UInt8.random(in: 0...255, using: &dice) }
}

private func expectReplay(of journal: any Journal, is kept: [[UInt8]]) throws {
  var positions: [UInt64] = []
  var payloads: [[UInt8]] = []
  try journal.replay { position, payload in
    positions.append(position)
    payloads.append(payload)
  }
  #expect(positions == (0..<kept.count).map { UInt64($0) + 1 })
  #expect(payloads == kept)
  #expect(journal.nextPosition == UInt64(kept.count) + 1)
}

private struct Stopped: Error {}

private func checkThatErrorsPass(_ open: () throws -> any Journal, count: Int) throws {
  let journal = try open()
  var seen = 0
  #expect(throws: Stopped.self) {
    try journal.replay { _, _ in
      seen += 1
      if seen == count / 2 { throw Stopped() }
    }
  }
  #expect(seen == count / 2)
}

/// A small generator whose sequence is the same everywhere (Steele, Lea and Flood, 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }
}
