package import ReeveModel

/// What is to be said to each node at the end of the turn, in one message where it is not too large for one, and which
/// templates its session has carried.
package struct NodeOutbox: Sendable {
  private var orders: [NodeOrders] = []
  /// Whether there is something to be said to a node: looked at for each node in each turn.
  private var hasOrders: [Bool] = []
  /// One bit a template, one list a node.
  private var carried: [[UInt64]] = []
  /// When acknowledgements that gather must leave, one a node.
  private var due: [Instant?] = []
  /// So many acknowledgements are a message of their own.
  private static let acknowledgementsMax = 64

  package init() {}

  /// A node's session is over, or a new one begins: nothing is under way on it.
  package mutating func reset(_ node: Int) {
    while orders.count <= node {
      orders.append(NodeOrders())
      hasOrders.append(false)
      carried.append([])
      due.append(nil)
    }
    orders[node] = NodeOrders()
    hasOrders[node] = false
    carried[node] = []
    due[node] = nil
  }

  package var nextDeadline: Instant? { due.lazy.compactMap(\.self).min() }

  package mutating func kill(_ order: KillOrder, on node: Int) {
    orders[node].kills.append(order)
    hasOrders[node] = true
  }

  package mutating func acknowledge(_ attempt: AttemptID, on node: Int) {
    orders[node].acknowledged.append(attempt)
    hasOrders[node] = true
  }

  /// What is more than travels at one time is dropped.
  package mutating func tell(_ message: TaskMessage, on node: Int) {
    if orders[node].messages.add(message) { hasOrders[node] = true }
  }

  /// Adds one launch, and its template where the node's session has not carried that yet.
  package mutating func launch(
    _ parcel: Placements.Parcel,
    from consignments: Consignments,
    sharing templates: TemplateTable,
    on node: Int
  ) {
    if carry(parcel.template, on: node) {
      orders[node].launches.carry(templates[parcel.template])
    }
    consignments.copy(parcel.line, of: parcel.consignment, into: &orders[node].launches)
    hasOrders[node] = true
  }

  /// Whether what there is to say to a node is to be taken before more is launched there.
  package func isFull(_ node: Int) -> Bool { orders[node].launches.isFull }

  /// A number has got a new meaning, which no session has carried.
  package mutating func redefine(_ template: TemplateNumber) {
    let (word, bit) = (template.index / 64, UInt64(1) << UInt64(template.index % 64))
    for node in carried.indices where word < carried[node].count { carried[node][word] &= ~bit }
  }

  /// What there is to say to a node, which the caller must then send.
  ///
  /// Acknowledgements alone wait for company: nobody waits for them, and a message costs more than what is in it.
  package mutating func take(_ node: Int, at now: Instant, acknowledgeWithin: TimeSpan) -> NodeOrders? {
    guard node < orders.count, hasOrders[node] else { return nil }
    if orders[node].launches.isEmpty, orders[node].kills.isEmpty, orders[node].messages.isEmpty,
      orders[node].acknowledged.count < Self.acknowledgementsMax
    {
      let last = due[node] ?? now + acknowledgeWithin
      due[node] = last
      guard now >= last else { return nil }
    }
    due[node] = nil
    hasOrders[node] = false
    var taken = NodeOrders()
    swap(&taken, &orders[node])
    return taken
  }

  /// - Returns: whether it was not carried before.
  private mutating func carry(_ template: TemplateNumber, on node: Int) -> Bool {
    let (word, bit) = (template.index / 64, UInt64(1) << UInt64(template.index % 64))
    while carried[node].count <= word { carried[node].append(0) }
    guard carried[node][word] & bit == 0 else { return false }
    carried[node][word] |= bit
    return true
  }
}
