import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Backlog") struct BacklogTests {
  @Test(arguments: 1...40) func `it does what a plain list in order of arrival does`(seed: UInt64) {
    var world = Worlds(seed)
    for _ in 0..<400 { world.step() }
    #expect(world.backlog.violations() == [])
  }

  @Test func `what was cancelled behind one that never fits leaves nothing behind`() {
    var backlog = Backlog()
    backlog.push(0, sequence: 1, shape: RackShape(.cores(1)))
    for i in 2..<10_000 as Range<UInt64> {
      backlog.push(Int(i), sequence: i, shape: RackShape(.cores(1)))
      backlog.remove(sequence: i, shape: RackShape(.cores(1)))
      backlog.remove(sequence: i, shape: RackShape(.cores(1)))
    }
    #expect(backlog.places == [0])
    #expect(backlog.count == 1)
    #expect(backlog.violations() == [])
  }

  @Test func `shapes that nobody waits for any more are forgotten`() {
    var backlog = Backlog()
    for i in 1...500 {
      let shape = RackShape(Resources(cpuMillis: Int64(i)))
      backlog.push(i, sequence: UInt64(i), shape: shape)
      if i > 10 { backlog.remove(sequence: UInt64(i), shape: shape) }
      backlog.beginRound()
    }
    #expect(backlog.places == Array(1...10))
    #expect(
      (1...500).allSatisfy {
        backlog.waiting(of: RackShape(Resources(cpuMillis: Int64($0)))) == ($0 <= 10 ? 1 : 0)
      }
    )
    #expect(backlog.violations() == [])
  }

  /// A backlog beside a list of the same, under random operations.
  private struct Worlds {
    var backlog = Backlog()
    /// Sorted by sequence.
    var list: [(sequence: UInt64, shape: RackShape)] = []
    /// Taken to be placed, and may come back.
    var away: [(sequence: UInt64, shape: RackShape)] = []
    var arrived: UInt64 = 0
    var random: SeededRandom

    init(_ seed: UInt64) { random = SeededRandom(seed) }

    mutating func step() {
      switch Int.random(in: 0..<10, using: &random) {
      case 0...4: push()
      case 5: comeBack()
      case 6: removeOne()
      case 7: takeLast()
      default: round()
      }
      #expect(backlog.places.sorted() == list.map { Int($0.sequence) })
      #expect(backlog.count == list.count)
      #expect(backlog.violations() == [])
    }

    mutating func push() {
      arrived += 1
      let shape = randomShape()
      backlog.push(Int(arrived), sequence: arrived, shape: shape)
      list.append((arrived, shape))
    }

    private mutating func randomShape() -> RackShape { RackShape(.cores(.random(in: 1...4, using: &random))) }

    mutating func comeBack() {
      guard let item = away.popLast() else { return }
      backlog.push(Int(item.sequence), sequence: item.sequence, shape: item.shape)
      list.append(item)
      list.sort { $0.sequence < $1.sequence }
    }

    mutating func removeOne() {
      guard let i = list.indices.randomElement(using: &random) else { return }
      backlog.remove(sequence: list[i].sequence, shape: list[i].shape)
      list.remove(at: i)
    }

    mutating func takeLast() {
      let shape = randomShape()
      let expected = list.reversed().filter { $0.shape == shape }.prefix(2).map(\.sequence)
      let taken = backlog.takeLast(2, of: shape)
      #expect(taken == expected.map { Int($0) })
      list.removeAll { expected.contains($0.sequence) }
    }

    /// Places one after the other while so many cores last, skipping what does not fit.
    mutating func round() {
      var left = Int64.random(in: 0...12, using: &random) * 1_000
      var taken: [UInt64] = []
      var room = left
      backlog.beginRound()
      while let head = backlog.next() {
        guard head.shape.resources.cpuMillis <= room else { continue }
        while head.shape.resources.cpuMillis <= room, let place = backlog.take(head) {
          taken.append(UInt64(place))
          room -= head.shape.resources.cpuMillis
        }
        backlog.keep(head)
      }
      var expected: [UInt64] = []
      for item in list where item.shape.resources.cpuMillis <= left {
        expected.append(item.sequence)
        left -= item.shape.resources.cpuMillis
      }
      #expect(taken == expected)
      away += list.filter { expected.contains($0.sequence) }
      list.removeAll { expected.contains($0.sequence) }
    }
  }
}
