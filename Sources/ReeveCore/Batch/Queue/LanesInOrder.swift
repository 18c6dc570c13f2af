import HeapModule
import ReeveModel

/// The lanes of a queue in the order of their fronts, worked out as far as they are asked for.
struct LanesInOrder {
  private let queues: [UserQueue]
  private let fronts: Tournament
  /// The matches whose players have not been handed out, none within another.
  private var open = Heap<Group>()

  /// The players of one match: users' queues, or the lanes of one.
  private struct Group: Comparable {
    var first: QueuePlace
    var queue: Int?
    var match: Tournament.Match
    static func < (a: Group, b: Group) -> Bool { a.first < b.first }
    static func == (a: Group, b: Group) -> Bool { a.first == b.first }
  }

  init(fronts: Tournament, queues: [UserQueue]) {
    (self.fronts, self.queues) = (fronts, queues)
    if let winner = fronts.winner, let place = fronts[winner] {
      open.insert(Group(first: place, queue: nil, match: Tournament.final))
    }
  }

  mutating func next() -> BatchFramework.LanePlace? {
    while let group = open.popMin() {
      let tournament = group.queue.map { queues[$0].fronts } ?? fronts
      guard let winner = tournament.winner(of: group.match) else { continue }
      let offset = group.queue.map { queues[$0].offset } ?? 0
      tournament.forEachRival(ofWinnerOf: group.match) { match, place in
        open.insert(Group(first: place.moved(by: offset), queue: group.queue, match: match))
      }
      if let queue = group.queue { return BatchFramework.LanePlace(queue: queue, lane: winner) }
      open.insert(Group(first: group.first, queue: winner, match: Tournament.final))
    }
    return nil
  }
}
