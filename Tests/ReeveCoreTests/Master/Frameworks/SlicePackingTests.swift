import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Tasks in slices") struct SlicePackingTests {
  @Test func `small tasks share slices, large ones go first`() {
    var packing = SlicePacking([(.cores(4), 3)])
    #expect(packing.put([(.cores(1), 4), (.cores(3), 2)]) == nil)
    // Two of three beside one of one each, and two of one in a third.
    #expect(packing.used == [3])
  }

  @Test func `as few slices as it takes, and what finds no room is named`() {
    var packing = SlicePacking([(.cores(4), 1_000_000)])
    #expect(packing.put([(.cores(1), 4_000_000)]) == nil)
    #expect(packing.used == [1_000_000])
    #expect(packing.put([(.cores(1), 1)]) == .cores(1))
  }

  @Test func `slices of several sizes`() {
    var packing = SlicePacking([(.cores(2), 2), (.cores(8), 1)])
    #expect(packing.put([(.cores(5), 1), (.cores(3), 1), (.cores(2), 1)]) == nil)
    #expect(packing.used == [1, 1])
    #expect(packing.put([(.cores(4), 1)]) == .cores(4))
  }

  @Test func `never more in a slice than it holds`() {
    for seed in UInt64(0)..<200 {
      var dice = SeededRandom(seed)
      let slices = (0..<Int.random(in: 1...3, using: &dice)).map { _ in
        (
          size: Resources.cores(Int.random(in: 1...8, using: &dice)),
          count: Int.random(in: 1...20, using: &dice)
        )
      }
      let tasks = (0..<Int.random(in: 1...4, using: &dice)).map { _ in
        (
          size: Resources.cores(Int.random(in: 1...4, using: &dice)),
          count: Int.random(in: 1...20, using: &dice)
        )
      }
      var packing = SlicePacking(slices)
      guard packing.put(tasks) == nil else { continue }
      let room = zip(packing.used, slices).reduce(Resources.zero) { $0 + $1.1.size * $1.0 }
      let need = tasks.reduce(Resources.zero) { $0 + $1.size * $1.count }
      #expect(need.fits(in: room))
      #expect(zip(packing.used, slices).allSatisfy { $0 <= $1.count })
    }
  }
}
