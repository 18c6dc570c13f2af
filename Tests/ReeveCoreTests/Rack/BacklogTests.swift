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
    backlog.push(0, sequence: 1, resources: .cores(1))
    for i in 2..<10_000 as Range<UInt64> {
      backlog.push(Int(i), sequence: i, resources: .cores(1))
      backlog.remove(sequence: i, resources: .cores(1))
      backlog.remove(sequence: i, resources: .cores(1))
    }
    #expect(backlog.places == [0])
    #expect(backlog.count == 1)
    #expect(backlog.violations() == [])
  }

  @Test func `shapes that nobody waits for any more are forgotten`() {
    var backlog = Backlog()
    for i in 1...500 {
      let shape = Resources(cpuMillis: Int64(i))
      backlog.push(i, sequence: UInt64(i), resources: shape)
      if i > 10 { backlog.remove(sequence: UInt64(i), resources: shape) }
      backlog.beginRound()
    }
    #expect(backlog.places == Array(1...10))
    #expect(
      (1...500).allSatisfy { backlog.waiting(of: Resources(cpuMillis: Int64($0))) == ($0 <= 10 ? 1 : 0) }
    )
    #expect(backlog.violations() == [])
  }

  /// A backlog beside a list of the same, under random operations.
  private struct Worlds {
    var backlog = Backlog()
    /// Sorted by sequence.
    var list: [(sequence: UInt64, shape: Resources)] = []
    /// Taken to be placed, and may come back.
    var away: [(sequence: UInt64, shape: Resources)] = []
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
      let shape = Resources.cores(.random(in: 1...4, using: &random))
      backlog.push(Int(arrived), sequence: arrived, resources: shape)
      list.append((arrived, shape))
    }

    mutating func comeBack() {
      guard let item = away.popLast() else { return }
      backlog.push(Int(item.sequence), sequence: item.sequence, resources: item.shape)
      list.append(item)
      list.sort { $0.sequence < $1.sequence }
    }

    mutating func removeOne() {
      guard let i = list.indices.randomElement(using: &random) else { return }
      backlog.remove(sequence: list[i].sequence, resources: list[i].shape)
      list.remove(at: i)
    }

    mutating func takeLast() {
      let shape = Resources.cores(.random(in: 1...4, using: &random))
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
        guard head.resources.cpuMillis <= room else { continue }
        while head.resources.cpuMillis <= room, let place = backlog.take(head) {
          taken.append(UInt64(place))
          room -= head.resources.cpuMillis
        }
        backlog.keep(head)
      }
      var expected: [UInt64] = []
      for item in list where item.shape.cpuMillis <= left {
        expected.append(item.sequence)
        left -= item.shape.cpuMillis
      }
      #expect(taken == expected)
      away += list.filter { expected.contains($0.sequence) }
      list.removeAll { expected.contains($0.sequence) }
    }
  }
}
