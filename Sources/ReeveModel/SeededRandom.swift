/// Chance that is the same under the same seed: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
package struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  package init(_ seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// True once in `n` times.
  package mutating func one(in n: Int) -> Bool { Int.random(in: 0..<n, using: &self) == 0 }

  /// From 0 up to, and without, 1.
  package mutating func fraction() -> Double { Double(next() >> 11) / Double(1 << 53) }
}
