/// What an attribute of a node must be, written `gpu=a100`, `zone=a,b` or `zone!=c`.
package struct AttributeConstraint: Hashable, Comparable, Sendable {
  package let attribute: String
  /// Sorted, without repeats.
  package let values: [String]
  /// None of the values, instead of one of them: a node without the attribute meets it, too.
  package let isNegated: Bool

  package init(_ attribute: String, in values: [String], isNegated: Bool = false) {
    self.attribute = attribute
    self.values = Set(values).sorted()
    self.isNegated = isNegated
  }

  package static func < (a: AttributeConstraint, b: AttributeConstraint) -> Bool {
    if a.attribute != b.attribute { return a.attribute < b.attribute }
    if a.isNegated != b.isNegated { return b.isNegated }
    return a.values.lexicographicallyPrecedes(b.values)
  }

  package func isMet(by node: NodeAttributes) -> Bool {
    guard let value = node[attribute] else { return isNegated }
    let place = values.partitioningIndex { $0 >= value }
    return (place < values.count && values[place] == value) != isNegated
  }

  /// As people write it.
  package var text: String { "\(attribute)\(isNegated ? "!=" : "=")\(values.joined(separator: ","))" }

  /// Reads `gpu=a100`, `zone=a,b` or `zone!=c`.
  package init(parsing text: String, field: String) throws(Refusal) {
    guard let equals = text.firstIndex(of: "=") else {
      throw Refusal(
        .invalid,
        field: field,
        "\(text.quoted) is no constraint. Write an attribute and its values, such as gpu=a100, zone=a,b or zone!=c."
      )
    }
    let name = text[..<equals]
    let values = text[text.index(after: equals)...].split(separator: ",", omittingEmptySubsequences: false)
    let isNegated = name.last == "!"
    self.init(
      String(isNegated ? name.dropLast() : name),
      in: values.map { String($0) },
      isNegated: isNegated
    )
    try validate(field: field)
  }

  fileprivate func validate(field: String) throws(Refusal) {
    try validateAttributeName(attribute, field: field)
    guard (1...Limits.constraintValues).contains(values.count) else {
      throw Refusal(
        .invalid,
        field: field,
        "constraint on \(attribute.quoted) has \(values.count) values. Use 1 to \(Limits.constraintValues)."
      )
    }
    for value in values { try validateAttributeValue(value, of: attribute, field: field) }
  }
}

extension [AttributeConstraint] {
  /// In the one order in which the same constraints are equal.
  package var normalised: [AttributeConstraint] { count < 2 ? self : Set(self).sorted() }

  /// For a sentence; what is long is cut short.
  package var words: String { map(\.text.quoted).joined(separator: " and ") }

  package func areMet(by node: NodeAttributes) -> Bool { allSatisfy { $0.isMet(by: node) } }

  /// So many bytes they take on the wire at most.
  package var wireBytesMax: Int {
    reduce(0) { sum, constraint in
      constraint.values.reduce(sum + constraint.attribute.utf8.count + 16) { $0 + $1.utf8.count + 6 }
    }
  }

  /// Refuses what no node could be asked for, whatever there is.
  package func validate(field: String) throws(Refusal) {
    if count > Limits.constraints {
      throw Refusal(
        .tooLarge,
        field: field,
        "\(count) constraints are too many; the most is \(Limits.constraints)."
      )
    }
    for constraint in self { try constraint.validate(field: field) }
  }
}

/// What constraints know a node by: its own name, that of its rack, and what its agent was told.
package struct NodeAttributes: Hashable, Sendable {
  package var node: String
  package var rack: String
  /// Sorted by name, without repeats.
  package var own: [TaskTemplate.Variable]

  package init(node: String, rack: String, own: [TaskTemplate.Variable] = []) {
    self.node = node
    self.rack = rack
    self.own = own
  }

  package subscript(name: String) -> String? {
    switch name {
    case "node": node
    case "rack": rack
    default: own.first { $0.name == name }?.value
    }
  }

  package var names: [String] { ["node", "rack"] + own.map(\.name) }

  /// What every node has without being told, and can be told no other way.
  fileprivate static func isImplied(_ name: String) -> Bool { name == "node" || name == "rack" }
}

extension [TaskTemplate.Variable] {
  /// Refuses what no node can have as its attributes.
  package func validateAttributes(field: String) throws(Refusal) {
    if count > Limits.attributes {
      throw Refusal(
        .tooLarge,
        field: field,
        "\(count) attributes are too many; the most is \(Limits.attributes)."
      )
    }
    for attribute in self {
      try validateAttributeName(attribute.name, field: field)
      if NodeAttributes.isImplied(attribute.name) {
        throw Refusal(
          .invalid,
          field: field,
          "every node has the attribute \(attribute.name.quoted) already: the name of its \(attribute.name). Choose another "
            + "name."
        )
      }
      try validateAttributeValue(attribute.value, of: attribute.name, field: field)
    }
    try validateOrder(what: "attribute", field: field)
  }
}

/// Refuses names that could not be told from the rest of a constraint.
private func validateAttributeName(_ name: String, field: String) throws(Refusal) {
  try validateLine(name, field: field)
  if name.isEmpty || name.contains(where: { "=!,".contains($0) }) {
    throw Refusal(
      .invalid,
      field: field,
      "\(name.quoted) is no name of an attribute. Use one such as \"gpu\", without '=', '!' and ','."
    )
  }
}

private func validateAttributeValue(_ value: String, of name: String, field: String) throws(Refusal) {
  try validateLine(value, field: field)
  if value.isEmpty || value.contains(",") {
    throw Refusal(
      .invalid,
      field: field,
      "\(value.quoted) is no value of attribute \(name.quoted). Use one such as \"a100\", without ','."
    )
  }
}
