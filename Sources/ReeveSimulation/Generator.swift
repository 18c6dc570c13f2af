import ReeveModel

/// Chance, all of it: xoshiro256**, seeded through SplitMix64 (Blackman and Vigna, 2018).
///
/// The standard library's own ways to draw numbers may change between its versions, and with them every seed: so they are
/// not used.
struct Generator: Sendable {
  private var a: UInt64
  private var b: UInt64
  private var c: UInt64
  private var d: UInt64

  init(seed: UInt64) {
    var mix = seed
    func draw() -> UInt64 {
      mix &+= 0x9e37_79b9_7f4a_7c15
      var z = mix
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
    a = draw()
    b = draw()
    c = draw()
    d = draw()
  }

  mutating func next() -> UInt64 {
    let product = b &* 5
    let result = ((product << 7) | (product >> 57)) &* 9
    let shifted = b << 17
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 45) | (d >> 19)
    return result
  }

  /// A number from 0 up to, and without, `n`; 0 where there is none.
  mutating func below(_ n: Int) -> Int {
    n > 0 ? Int(next().multipliedFullWidth(by: UInt64(n)).high) : 0
  }

  mutating func within(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.count)
  }

  mutating func fraction() -> Double { Double(next() >> 11) / Double(1 << 53) }

  mutating func chance(_ probability: Double) -> Bool { fraction() < probability }

  mutating func span(_ least: TimeSpan, _ most: TimeSpan) -> TimeSpan {
    let width = Int(most.microseconds - least.microseconds)
    return .microseconds(least.microseconds + Int64(below(width + 1)))
  }

  /// Mostly short, now and then up to `most`: how long things take when nothing is wrong.
  mutating func skewedSpan(_ least: TimeSpan, _ most: TimeSpan) -> TimeSpan {
    let f = fraction()
    let width = Double(most.microseconds - least.microseconds)
    return .microseconds(least.microseconds + Int64(width * f * f * f))
  }

  /// One of a list that is not empty.
  mutating func pick<T>(_ list: some RandomAccessCollection<T>) -> T {
    list[list.index(list.startIndex, offsetBy: below(list.count))]
  }

  /// A generator of its own, so that what one part of the world draws does not move what another does.
  mutating func branch() -> Generator { Generator(seed: next()) }
}
