import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Best fit") struct BestFitTests {
  @Test func `nothing fits in no node, in a closed one, or in one too small in a single resource`() {
    #expect(BestFit.place(for: .cores(1), in: []) == nil)
    #expect(BestFit.place(for: .cores(1), in: [room(1, .cores(4), isOpen: false)]) == nil)
    let need = Resources.cores(1, memory: 1, disk: 1)
    let small: [Resources] = [.cores(0, memory: 1, disk: 1), .cores(1, disk: 1), .cores(1, memory: 1)]
    for total in small { #expect(BestFit.place(for: need, in: [room(1, total)]) == nil) }
    #expect(BestFit.place(for: need, in: [room(1, need)]) == 0)
  }

  @Test func `memory and disk count as much as cpu does`() {
    var (fullOfMemory, fullOfCpu) = (
      room(1, .cores(10, memory: 10, disk: 10)), room(2, .cores(10, memory: 10, disk: 10))
    )
    fullOfMemory.hold(.cores(0, memory: 6, disk: 6))
    fullOfCpu.hold(.cores(7))
    #expect(BestFit.place(for: .cores(1), in: [fullOfCpu, fullOfMemory]) == 1)
  }

  @Test func `shares of the node count, not amounts`() {
    var large = room(1, .cores(100))
    large.hold(.cores(90))
    #expect(BestFit.place(for: .cores(1), in: [large, room(2, .cores(8))]) == 0)
  }

  @Test func `equals go by node number, whatever their place`() {
    #expect(
      BestFit.place(for: .cores(1), in: [room(9, .cores(4)), room(3, .cores(4)), room(5, .cores(4))]) == 1
    )
  }

  @Test func `it is what comparing all nodes gives, in every world of three small nodes`() {
    let sizes = (0...2).flatMap { c in (0...2).map { Resources.cores(c, memory: $0, disk: 1) } }
    for a in sizes {
      for b in sizes {
        for c in sizes {
          for used in sizes {
            let rooms = world([a, b, c], used: used)
            for need in sizes { #expect(BestFit.place(for: need, in: rooms) == naive(need, rooms)) }
          }
        }
      }
    }
  }

  @Test(arguments: 1...20) func `the best node stays the best for more of the shape until it is full`(
    seed: UInt64
  ) {
    var random = SeededRandom(seed)
    for _ in 0..<200 {
      var rooms = world(
        (0..<5).map { _ in some(upTo: 12, &random) },
        used: some(upTo: 4, &random)
      )
      let need = some(upTo: 3, &random)
      guard need != .zero, let first = BestFit.place(for: need, in: rooms) else { continue }
      for _ in 0..<need.count(in: rooms[first].free) {
        #expect(naive(need, rooms) == first)
        rooms[first].hold(need)
      }
    }
  }

  private func room(_ number: NodeNumber, _ total: Resources, isOpen: Bool = true) -> Room {
    var room = Room(number: number, total: total)
    room.isOpen = isOpen
    return room
  }

  /// Nodes of these sizes; the first holds something already, perhaps more than it has.
  private func world(_ totals: [Resources], used: Resources) -> [Room] {
    var rooms = totals.enumerated().map { room(NodeNumber(UInt32(10 - $0.offset)), $0.element) }
    rooms[0].hold(used)
    return rooms
  }

  private func some(upTo n: Int, _ random: inout SeededRandom) -> Resources {
    .cores(.random(in: 0...n, using: &random), memory: .random(in: 0...n, using: &random), disk: 1)
  }

  private func naive(_ need: Resources, _ rooms: [Room]) -> Int? {
    rooms.indices.filter { rooms[$0].isOpen && need.fits(in: rooms[$0].free) }
      .min {
        (rooms[$0].leftOver(after: need), rooms[$0].number) < (
          rooms[$1].leftOver(after: need), rooms[$1].number
        )
      }
  }
}
