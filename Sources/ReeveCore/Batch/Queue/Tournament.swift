import ReeveModel

/// The first of many places that change one at a time: a tournament in which each match knows its winner (Knuth, "The Art of
/// Computer Programming" 3, 5.4.1, selection trees).
///
/// To change a player's place costs the matches on its way up; the first is known, and the others can be visited in order.
struct Tournament: Sendable {
  /// By player; the last of all places is that of who takes no part.
  private var places: [QueuePlace] = []
  /// By match, the player who won it: 1 is the final, and `i` is between the winners of `2i` and `2i + 1`. The matches from
  /// `places.count` on would be of one player each, and are not kept.
  private var winners: [Int32] = []

  /// Where a match is; all players are in the final.
  typealias Match = Int
  static let final: Match = 1

  /// The place of a player; `nil` where it takes no part.
  subscript(player: Int) -> QueuePlace? {
    get { player < places.count && places[player] != .last ? places[player] : nil }
    set {
      if player >= places.count { grow(to: player + 1) }
      places[player] = newValue ?? .last
      var match = (player + places.count) / 2
      while match >= Self.final {
        play(match)
        match /= 2
      }
    }
  }

  /// The first player, if any takes part.
  var winner: Int? { winner(of: Self.final) }

  func winner(of match: Match) -> Int? {
    guard !places.isEmpty else { return nil }
    let player = finalist(of: match)
    return places[player] == .last ? nil : player
  }

  /// Calls `body` with the matches that the winner of one did not take part in, and where their winners stand: together with
  /// the winner they have all players of that match.
  func forEachRival(ofWinnerOf match: Match, _ body: (Match, QueuePlace) -> Void) {
    guard let winner = winner(of: match) else { return }
    var own = winner + places.count
    while own > match {
      let rival = own ^ 1
      let place = places[finalist(of: rival)]
      if place != .last { body(rival, place) }
      own /= 2
    }
  }

  /// Where the player stands who would win if the winner took no part.
  var runnerUp: QueuePlace? {
    var least: QueuePlace?
    forEachRival(ofWinnerOf: Self.final) { least = min(least ?? $1, $1) }
    return least
  }

  private func finalist(of match: Match) -> Int {
    match >= places.count ? match - places.count : Int(winners[match])
  }

  private mutating func play(_ match: Match) {
    let (a, b) = (finalist(of: 2 * match), finalist(of: 2 * match + 1))
    winners[match] = Int32(places[b] < places[a] ? b : a)
  }

  /// Room for so many players, a power of two and at least two.
  private mutating func grow(to count: Int) {
    var room = max(2, places.count)
    while room < count { room *= 2 }
    places += repeatElement(.last, count: room - places.count)
    winners = Array(repeating: 0, count: room)
    for match in (Self.final..<room).reversed() { play(match) }
  }
}
