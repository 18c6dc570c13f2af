package import ReeveModel

/// A set of constraints inside one rack: what waits is then told apart by plain numbers.
package struct ConstraintNumber: Hashable, Sendable {
  fileprivate var rawValue: Int
  package static let none = ConstraintNumber(rawValue: -1)
}

/// What a launch asks of a node, inside one rack.
package struct RackShape: Hashable, Sendable {
  package var resources: Resources
  package var constraints: ConstraintNumber

  package init(_ resources: Resources, _ constraints: ConstraintNumber = .none) {
    self.resources = resources
    self.constraints = constraints
  }
}

/// Which nodes meet which constraints: worked out once for each set of constraints and each statement of a node, so that
/// placing compares no words.
package struct ConstraintTable: Sendable {
  private var records: [Record] = []
  private var vacant: [Int] = []
  private var numbers: [[AttributeConstraint]: ConstraintNumber] = [:]
  /// By the node's place in `NodeTable`.
  private var nodes: [NodeAttributes] = []
  private var rack = ""

  private struct Record: Sendable {
    var constraints: [AttributeConstraint]
    /// By the node's place.
    var isMet: [Bool]
  }

  package init() {}

  package mutating func number(of constraints: [AttributeConstraint]) -> ConstraintNumber {
    guard !constraints.isEmpty else { return .none }
    if let known = numbers[constraints] { return known }
    let record = Record(constraints: constraints, isMet: nodes.map { constraints.areMet(by: $0) })
    let number = ConstraintNumber(rawValue: vacant.popLast() ?? records.count)
    if number.rawValue < records.count { records[number.rawValue] = record } else { records.append(record) }
    numbers[constraints] = number
    return number
  }

  /// Which nodes meet them, by their places. Of no constraint nothing is kept: all do.
  package func isMet(_ number: ConstraintNumber) -> [Bool] { records[number.rawValue].isMet }

  package func isMet(_ number: ConstraintNumber, by place: Int) -> Bool {
    number == .none || records[number.rawValue].isMet[place]
  }

  /// What the agent of a node told.
  package func attributes(of place: Int) -> [TaskTemplate.Variable] { nodes[place].own }

  /// A node has said what it is, at the next place or at one that is known.
  package mutating func note(_ place: Int, name: String, attributes: [TaskTemplate.Variable]) {
    let node = NodeAttributes(node: name, rack: rack, own: attributes)
    if place == nodes.count {
      nodes.append(node)
      for i in records.indices { records[i].isMet.append(records[i].constraints.areMet(by: node)) }
    } else if nodes[place] != node {
      nodes[place] = node
      for i in records.indices { records[i].isMet[place] = records[i].constraints.areMet(by: node) }
    }
  }

  /// Which rack it is, as far as names go.
  package mutating func rename(rack: String) {
    guard self.rack != rack else { return }
    self.rack = rack
    for place in nodes.indices { nodes[place].rack = rack }
    for i in records.indices { records[i].isMet = nodes.map { records[i].constraints.areMet(by: $0) } }
  }

  /// Forgets the constraints that nothing has any more.
  package mutating func keep(only used: Set<ConstraintNumber>) {
    for (constraints, number) in numbers where !used.contains(number) {
      numbers[constraints] = nil
      records[number.rawValue].constraints = []
      vacant.append(number.rawValue)
    }
    // Which number goes to whom is the same in every run.
    vacant.sort()
  }
}
