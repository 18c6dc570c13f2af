import ReeveModel

/// What nodes there are, for one question: whether a shape could ever fit one of them.
struct KnownNodes: Sendable {
  private let racks: RackTable
  private let roster: Roster
  /// What the nodes that meet some constraints have in total: shapes of a job are often alike.
  private var totals: [[AttributeConstraint]: [Resources]] = [:]

  init(of core: MasterCore) { (racks, roster) = (core.racks, core.durable.roster) }

  /// Why no node could take a shape if it were empty; `nil` where one could, or where too little has been heard to tell.
  mutating func neverFits(_ shape: Shape, field: String) -> Refusal? {
    guard !shape.constraints.isEmpty else {
      return Self.neverFits(shape, racks.links.flatMap { $0.offer?.largest ?? [] }, field: field)
    }
    guard isHeard else { return nil }
    if let refusal = unmet(shape.constraints, field: "\(field).constraints") { return refusal }
    let matching = totals(of: shape.constraints)
    // What was not heard since the rack scheduler began may be large enough.
    return matching.contains(.zero) ? nil : Self.neverFits(shape, matching, field: field)
  }

  private static func neverFits(_ shape: Shape, _ totals: [Resources], field: String) -> Refusal? {
    guard !totals.isEmpty, !totals.contains(where: { shape.resources.fits(in: $0) }) else { return nil }
    return LargestNode(of: totals).refusal(of: shape.resources, on: shape.constraints, field: field)
  }

  /// Whether it is known of each node that is expected what it is, since this master leads; and there is one.
  private lazy var isHeard: Bool = {
    var isOneThere = false
    for (i, node) in roster.nodes.enumerated() where !node.isForgotten && !node.isLostForGood {
      let heard = racks[node.rack].nodes[NodeNumber(UInt32(i) + 1)]
      guard let heard, heard.state != .unknown else { return false }
      isOneThere = true
    }
    return isOneThere
  }()

  private mutating func totals(of constraints: [AttributeConstraint]) -> [Resources] {
    if let known = totals[constraints] { return known }
    var found: Set<Resources> = []
    for (rack, link) in zip(roster.racks, racks.links) {
      for node in link.nodes.values where constraints.areMet(by: node.attributes(in: rack.name)) {
        found.insert(node.total)
      }
    }
    totals[constraints] = Array(found)
    return Array(found)
  }

  /// Why no node meets constraints, lost or not: the first that none meets, and what there is instead; `nil` where one does.
  mutating func unmet(_ constraints: [AttributeConstraint], field: String) -> Refusal? {
    guard totals(of: constraints).isEmpty else { return nil }
    let nodes = zip(roster.racks, racks.links).flatMap { rack, link in
      link.nodes.values.map { $0.attributes(in: rack.name) }
    }
    let listed = "`reeve nodes -o wide` lists what nodes have."
    guard let first = constraints.first(where: { !nodes.contains(where: $0.isMet) }) else {
      return Refusal(
        .noMatchingNode,
        field: field,
        "No node meets all of them at once: \(constraints.words). \(listed)"
      )
    }
    let values = Set(nodes.compactMap { $0[first.attribute] }).sorted()
    let there =
      values.isEmpty
      ? "there are the attributes \(Self.list(Set(nodes.flatMap(\.names)).sorted()))"
      : "there \(values.count == 1 ? "is" : "are") \(Self.list(values))"
    return Refusal(.noMatchingNode, field: field, "No node meets \(first.text.quoted); \(there). \(listed)")
  }

  private static func list(_ words: [String]) -> String {
    let more = words.count > 10 ? " and \(words.count - 10) more" : ""
    return words.prefix(10).map(\.quoted).joined(separator: ", ") + more
  }
}

extension NodeStatus {
  /// What constraints know it by.
  func attributes(in rack: String) -> NodeAttributes {
    NodeAttributes(node: name, rack: rack, own: attributes)
  }
}
