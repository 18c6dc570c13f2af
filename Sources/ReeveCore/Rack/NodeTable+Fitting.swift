package import ReeveModel

// Where a shape fits.
extension NodeTable {
  /// The node where it fits and leaves the least.
  package func bestFit(for shape: RackShape) -> Int? {
    guard shape.constraints != .none else { return BestFit.place(for: shape.resources, in: rooms) }
    let isMet = constraints.isMet(shape.constraints)
    return BestFit.place(for: shape.resources, in: rooms) { isMet[$0] }
  }

  /// How many of it could start now. What asks for nothing fits without end: the cap keeps sums in range.
  package func fits(_ shape: RackShape) -> Int {
    rooms.indices.reduce(0) { sum, place in
      rooms[place].isOpen ? min(sum + fits(shape, on: place), Self.manyFits) : sum
    }
  }

  func fits(_ shape: RackShape, on place: Int) -> Int {
    guard constraints.isMet(shape.constraints, by: place) else { return 0 }
    return min(shape.resources.count(in: rooms[place].free), Self.manyFits)
  }

  /// Whether room for it may be gathered there.
  func mayBeHeld(_ place: Int, for shape: RackShape) -> Bool {
    self[place].state == .up && constraints.isMet(shape.constraints, by: place)
  }

  private static let manyFits = 1_000_000

  /// Whether a node that is up or suspect would take it if it were empty.
  package func mayFit(_ shape: RackShape) -> Bool {
    guard shape.constraints != .none else { return largest.contains { shape.resources.fits(in: $0) } }
    return places.contains { place in
      [.up, .suspect].contains(self[place].state) && constraints.isMet(shape.constraints, by: place)
        && shape.resources.fits(in: rooms[place].total)
    }
  }

  /// The node that may be sent the most of a shape beyond what it has free, of those that others do not wait for.
  package mutating func aheadPlace(
    for shape: RackShape,
    besides awaited: [ConstraintNumber],
    at now: Instant
  ) -> (node: Int, room: Int)? {
    guard !awaited.contains(.none) else { return nil }
    var best: (node: Int, room: Int)?
    for place in places where constraints.isMet(shape.constraints, by: place) {
      guard !awaited.contains(where: { constraints.isMet($0, by: place) }) else { continue }
      let room = aheadRoom(for: shape.resources, on: place, at: now)
      if room > best?.room ?? 0 { best = (place, room) }
    }
    return best
  }
}
