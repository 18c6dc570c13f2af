package import ReeveModel

/// Puts tasks into slices, one or several into each: first-fit decreasing, in groups of equal tasks and equal slices, so that
/// thousands of either cost no more than their kinds.
package struct SlicePacking: Sendable {
  /// What is left of slices, and of how many each; those that nothing was put into are apart.
  private var begun: [(left: Resources, count: Int, of: Int)] = []
  private var whole: [(size: Resources, count: Int)]
  private let offered: [Int]
  /// How many tasks of each size are in slices of each size, by the slices' place.
  private(set) package var contents: [[Resources: Int]]

  /// - Parameter slices: how many there are of each size.
  package init(_ slices: [(size: Resources, count: Int)]) {
    whole = slices
    offered = slices.map(\.count)
    contents = slices.map { _ in [:] }
  }

  /// - Parameter tasks: how many there are of each size.
  /// - Returns: the size that finds no room; `nil` where all do.
  package mutating func put(_ tasks: [(size: Resources, count: Int)]) -> Resources? {
    let total = whole.reduce(Resources.zero) { $0 + $1.size * $1.count }
    let largestFirst = tasks.sorted { $0.size.dominantShare(of: total) > $1.size.dominantShare(of: total) }
    for (size, count) in largestFirst {
      var rest = count
      fill(&rest, with: size)
      guard rest == 0 else { return size }
    }
    return nil
  }

  /// Into how many slices of each size something was put.
  package var used: [Int] { zip(offered, whole).map { $0 - $1.count } }

  private mutating func fill(_ rest: inout Int, with size: Resources) {
    // Pieces that come of this round are looked at in the next.
    for i in begun.indices where rest > 0 && begun[i].count > 0 {
      let (left, count, of) = begun[i]
      let used = take(&rest, size, outOf: left, count, of: of)
      begun[i].count -= used
    }
    for i in whole.indices where rest > 0 && whole[i].count > 0 {
      let (slice, count) = whole[i]
      let used = take(&rest, size, outOf: slice, count, of: i)
      whole[i].count -= used
    }
    begun.removeAll { $0.count == 0 }
  }

  /// - Returns: how many of the slices something was put into.
  private mutating func take(
    _ rest: inout Int,
    _ size: Resources,
    outOf slice: Resources,
    _ count: Int,
    of place: Int
  ) -> Int {
    let each = min(rest, size.count(in: slice))
    guard each > 0 else { return 0 }
    let full = min(count, rest / each)
    begun.append((slice - size * each, full, place))
    contents[place][size, default: 0] += full * each
    rest -= full * each
    guard rest > 0, full < count else { return full }
    begun.append((slice - size * rest, 1, place))
    contents[place][size, default: 0] += rest
    rest = 0
    return full + 1
  }
}
