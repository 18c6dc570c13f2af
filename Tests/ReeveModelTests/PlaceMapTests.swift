import ReeveModel
import Testing

@Suite("Maps of places") struct PlaceMapTests {
  /// Ascending, without overlaps.
  private static func ranges(_ dice: inout SeededRandom, below end: Int) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var place = Int.random(in: 0..<end, using: &dice)
    for _ in 0..<Int.random(in: 1...4, using: &dice) {
      let start = place + Int.random(in: 0...3, using: &dice)
      guard start < end else { break }
      ranges.append(start..<min(end, start + Int.random(in: 1...9, using: &dice)))
      place = ranges[ranges.count - 1].upperBound
    }
    return ranges.isEmpty ? [0..<1] : ranges
  }

  @Test(arguments: 0..<20)
  func `what was set last counts, and runs are whole and in order`(_ seed: UInt64) throws {
    var dice = SeededRandom(seed)
    let end = 60
    var map = PlaceMap<Int>()
    var plain = [Int?](repeating: nil, count: end)
    for _ in 0..<200 {
      let value = Bool.random(using: &dice) ? Int.random(in: 0...2, using: &dice) : nil
      let ranges = Self.ranges(&dice, below: end)
      map.set(ranges, to: value)
      for range in ranges { for place in range { plain[place] = value } }
      #expect((0..<end).map { map[$0] } == plain)
      #expect(PlaceMap(map.runs, end: end) == map)
      for (a, b) in zip(map.runs, map.runs.dropFirst()) {
        #expect(a.places.upperBound < b.places.lowerBound || a.value != b.value)
      }
    }
    var place = 0
    while place < end {
      let run = map.run(in: place..<end)
      #expect(run.places.lowerBound == place && run.places.allSatisfy { plain[$0] == run.value })
      place = run.places.upperBound
    }
  }

  @Test func `runs that no map has are refused`() {
    let run = PlaceMap<Int>.Run(first: 2, count: 3, 7)
    #expect(PlaceMap([run], end: 5) != nil)
    #expect(PlaceMap([run], end: 4) == nil)
    #expect(PlaceMap([run, run], end: 9) == nil)
    #expect(PlaceMap([PlaceMap<Int>.Run(first: 2, count: 0, 7)], end: 9) == nil)
    #expect(PlaceMap([PlaceMap<Int>.Run(first: .max, count: .max, 7)], end: 9) == nil)
  }

  @Test func `a hundred thousand scattered changes take no time to speak of`() {
    var map = PlaceMap<Int>()
    let odd = stride(from: 1, to: 200_000, by: 2).map { $0..<$0 + 1 }
    let time = ContinuousClock().measure {
      map.set(odd, to: 1)
      map.set(odd, to: nil)
      for range in odd { map.set([range], to: 2) }
    }
    #expect(map.runs.count == 100_000 && time < .seconds(5))
  }
}
