package import ReeveModel

/// Room that is set aside for what the master named, or is to be, in the order in which it was asked for. There are few: all
/// are looked at when something has become free.
package struct Holds: Sendable {
  package struct Row: Sendable {
    package let id: HoldID
    package let shape: RackShape
    package let mayGather: Bool
    package fileprivate(set) var takes: [HoldOrder.Take]
    /// A place in `NodeTable`: where it is held, or is being gathered.
    package fileprivate(set) var node: Int?
    package fileprivate(set) var isHeld = false

    package var resources: Resources { shape.resources }
  }

  package private(set) var rows: [Row] = []
  /// Whether something was asked for since somebody cleared this.
  package var hasGrown = false

  package init() {}

  package var isEmpty: Bool { rows.isEmpty }

  package subscript(id: HoldID) -> Row? { rows.first { $0.id == id } }

  package mutating func add(_ order: HoldOrder, _ shape: RackShape) {
    rows.append(Row(id: order.id, shape: shape, mayGather: order.mayGather, takes: order.takes))
    hasGrown = true
  }

  /// - Returns: whether it is known.
  package mutating func update(_ order: HoldOrder) -> Bool {
    guard let i = rows.firstIndex(where: { $0.id == order.id }) else { return false }
    rows[i].takes = order.takes
    hasGrown = true
    return true
  }

  package mutating func hold(_ i: Int, on node: Int) { (rows[i].node, rows[i].isHeld) = (node, true) }

  /// Where it is gathered from now on; `nil` is nowhere for now.
  package mutating func gather(_ i: Int, on node: Int?) {
    rows[i].node = node
    hasGrown = true
  }

  /// So much has been taken: what may still be is less.
  mutating func spend(_ resources: Resources, of role: RoleNumber) {
    for i in rows.indices {
      guard let take = rows[i].takes.firstIndex(where: { $0.role == role }) else { continue }
      rows[i].takes[take].most = (rows[i].takes[take].most - resources).orZero
    }
  }

  package mutating func remove(_ id: HoldID) -> Row? {
    rows.firstIndex { $0.id == id }.map { rows.remove(at: $0) }
  }

  package var areGathering: Bool { rows.contains { $0.node != nil && !$0.isHeld } }
}
