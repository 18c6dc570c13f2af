package import ReeveModel

/// What packing looks at of a node. All of a rack's lie in one small array.
package struct Room: Sendable {
  package let number: NodeNumber
  /// May be below zero where a node states more than it has.
  package private(set) var free: Resources
  package private(set) var total: Resources
  /// Whether the node takes launches.
  package var isOpen = false
  /// One over `total`, zero where that is zero: multiplying is ten times cheaper than dividing.
  private var scale: (cpu: Double, memory: Double, disk: Double)

  package init(number: NodeNumber, total: Resources) {
    self.number = number
    self.total = total
    free = total
    scale = Self.scale(of: total)
  }

  package mutating func hold(_ amount: Resources) { free -= amount }
  package mutating func release(_ amount: Resources) { free += amount }

  /// The node is larger or smaller than was known; what it holds stays.
  package mutating func resize(to newTotal: Resources) {
    free += newTotal - total
    total = newTotal
    scale = Self.scale(of: newTotal)
  }

  /// The squared length of what is left over after placing `need`, each resource as a share of the node's total.
  package func leftOver(after need: Resources) -> Double {
    let cpu = Double(free.cpuMillis - need.cpuMillis) * scale.cpu
    let memory = Double(free.memory - need.memory) * scale.memory
    let disk = Double(free.disk - need.disk) * scale.disk
    return cpu * cpu + memory * memory + disk * disk
  }

  private static func scale(of total: Resources) -> (cpu: Double, memory: Double, disk: Double) {
    func inverse(_ amount: Int64) -> Double { amount > 0 ? 1 / Double(amount) : 0 }
    return (inverse(total.cpuMillis), inverse(total.memory), inverse(total.disk))
  }
}

/// Packs tightly: cpu, memory and disk count together.
///
/// The norm-based greedy of Panigrahy, Talwar, Uyeda and Wieder, "Heuristics for Vector Bin Packing" (2011): the bin whose
/// left-over vector is shortest, here normalised by the node's total as Tetris does (Grandl et al., SIGCOMM 2014, §3.2).
package enum BestFit {
  /// The place of the open node where `need` fits and leaves the least; the lower node number among equals.
  ///
  /// The answer stays the same for the next task of the same shape as long as it fits there: placing makes the left-over
  /// of the chosen node smaller and no other's. The caller may fill the node without asking again.
  /// - Complexity: O(nodes). A rack has at most about a hundred: 40 take less time than one step in a tree that must be
  ///   kept in order at each placement and end.
  package static func place(for need: Resources, in rooms: [Room]) -> Int? {
    place(for: need, in: rooms) { _ in true }
  }

  /// The same among those that may be taken at all.
  @inline(__always)
  package static func place(for need: Resources, in rooms: [Room], where isMet: (Int) -> Bool) -> Int? {
    var best: Int?
    var least = Double.infinity
    var number = NodeNumber(.max)
    for i in rooms.indices where rooms[i].isOpen && need.fits(in: rooms[i].free) && isMet(i) {
      let left = rooms[i].leftOver(after: need)
      guard left < least || left == least && rooms[i].number < number else { continue }
      (best, least, number) = (i, left, rooms[i].number)
    }
    return best
  }
}
