package import ReeveModel

// In a story a number is just a number: `.nodeBeat(2, 7)`.

extension JobNumber: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: UInt32) { self.init(value) }
}
extension TaskNumber: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: UInt64) { self.init(value) }
}
extension TemplateNumber: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: UInt32) { self.init(value) }
}
extension NodeNumber: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: UInt32) { self.init(value) }
}
extension RackNumber: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: UInt32) { self.init(value) }
}
extension ShapeNumber: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: UInt32) { self.init(value) }
}
extension SessionNumber: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: UInt64) { self.init(value) }
}
extension Term: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: UInt32) { self.init(value) }
}
/// The raw value: an attempt of term 0.
extension AttemptID: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: UInt64) { self.init(value) }
}
/// A number of term 1.
extension Generation: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: UInt64) { self.init(term: Term(1), number: value) }
}
extension JobID: ExpressibleByStringLiteral {
  package init(stringLiteral value: String) { self.init(value) }
}

extension HoldID: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: UInt64) { self.init(value) }
}

extension RoleNumber: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: UInt32) { self.init(value) }
}

/// As people write it, in stories that do not mean to be wrong.
extension AttributeConstraint: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) {
    do throws(Refusal) { try self.init(parsing: text, field: "") } catch { preconditionFailure("\(error)") }
  }
}
